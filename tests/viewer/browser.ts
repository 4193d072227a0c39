/** A real browser. */

import { type Browser, chromium, type Page } from "playwright-core";
import { CHROMIUM_FLAGS, chromiumPath } from "../support/chromium.ts";

/** Whether the machine has none. Where tests must not be left out (`REQUIRE_CHROMIUM`), they run and fail. */
const noBrowser: boolean = chromiumPath === undefined &&
  Deno.env.get("REQUIRE_CHROMIUM") === undefined;

/** Said in the name of tests that are left out. */
const whyNot: string = noBrowser ? " (no Chromium here: install it, or name it by CHROMIUM)" : "";

/** A test that needs a browser. */
export function browserTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: name + whyNot, ignore: noBrowser, fn });
}

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
    args: [...CHROMIUM_FLAGS],
    ...chromiumPath === undefined ? {} : { executablePath: chromiumPath },
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
