/** Programs of the suite, bundled as each runtime's own tools do. */

import { binaries, BUILT, FOLDER, run } from "./install.ts";

/** How a program is bundled. */
export interface BundleOptions {
  /** The entry, below `entries/`. */
  readonly entry: string;
  /** Export conditions, the way that the runtime's bundler resolves packages. */
  readonly conditions?: readonly string[];
  /** How its modules are written. */
  readonly format?: "esm" | "iife";
  /** Leaves packages to the runtime. */
  readonly external?: boolean;
}

/** Bundles a program; gives the file's path. */
export async function bundle(
  { entry, conditions, format = "esm", external }: BundleOptions,
): Promise<string> {
  const name = `${BUILT}/${entry.replace(/\.ts$/, "")}.${format === "esm" ? "mjs" : "js"}`;
  await run(binaries.esbuild, [
    `entries/${entry}`,
    "--bundle",
    "--log-level=warning",
    "--target=es2022",
    `--format=${format}`,
    `--outfile=${name}`,
    `--platform=${external ? "node" : "browser"}`,
    ...conditions ? [`--conditions=${conditions.join(",")}`] : [],
    "--external:cloudflare:*",
    ...external ? ["--packages=external"] : [],
  ], FOLDER);
  return name;
}
