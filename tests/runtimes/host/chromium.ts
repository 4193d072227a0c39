/** A page in Chromium. */

import { CHROMIUM_FLAGS } from "../../support/chromium.ts";
import { binaries, BUILT } from "./install.ts";
import { startProgram } from "./program.ts";

/** How long a page may take. */
const PATIENCE_MS = 120_000;

/** Opens a page, and waits for what it has to report. */
export async function browse<T>(url: string, report: Promise<T>): Promise<T> {
  const profile = await Deno.makeTempDir({ dir: BUILT, prefix: "profile_" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await using _browser = startProgram(
      binaries.chromium,
      [...CHROMIUM_FLAGS, "--js-flags=--expose-gc", `--user-data-dir=${profile}`, url],
      { cwd: BUILT, quiet: true },
    );
    return await Promise.race([
      report,
      new Promise<T>((_, reject) => {
        timer = setTimeout(
          () => reject(new Error("The page did not report")),
          PATIENCE_MS,
        );
      }),
    ]);
  } finally {
    clearTimeout(timer);
    await removeFolder(profile);
  }
}

/** Removes a folder in which children of the browser may still be writing. */
async function removeFolder(path: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    try {
      return await Deno.remove(path, { recursive: true });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
