/** A real browser: Debian's Chromium, or whatever `CHROMIUM` names. */

import { type Browser, chromium, type Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const path = [Deno.env.get("CHROMIUM"), ...PLACES].find((place) => {
  try {
    return place !== undefined && Deno.statSync(place).isFile;
  } catch {
    return false;
  }
});

/** Whether the machine has none. Where tests must not be left out (`REQUIRE_CHROMIUM`), they run and fail. */
export const noBrowser: boolean = path === undefined && Deno.env.get("REQUIRE_CHROMIUM") === undefined;

/** Said in the name of tests that are left out. */
export const whyNot: string = noBrowser ? " (no Chromium here: install it, or name it by CHROMIUM)" : "";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page and what went wrong in it. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts, refusals by the content policy, failed requests, dialogs. */
  readonly troubles: string[];
}

/** How a page is opened. */
export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** Opens a page in a browser of its own, with a profile of its own. */
export async function openPage(
  url: string,
  { width = 1440, height = 900, dark = false }: PageOptions = {},
): Promise<OpenPage> {
  const browser: Browser = await chromium.launch({
    args: FLAGS,
    ...path === undefined ? {} : { executablePath: path },
  });
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
  });
  page.on("dialog", (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return { page, troubles, [Symbol.asyncDispose]: () => browser.close() };
}
