/** Programs of the suite, bundled as each runtime's own tools do. */

import { binaries, BUILT, FOLDER, run } from "./install.ts";

/** How a program is bundled. */
export interface BundleOptions {
  /** The entry, below `entries/`, or below the project's `examples/`. */
  readonly entry: string;
  /** Export conditions, the way that the runtime's bundler resolves packages. */
  readonly conditions?: readonly string[];
  /** How its modules are written. */
  readonly format?: "esm" | "iife";
  /** Leaves packages to the runtime. */
  readonly external?: boolean;
  /** @default "node" where packages are left to the runtime, else "browser" */
  readonly platform?: "node" | "browser";
}

/** Bundles a program; gives the file's path. */
export async function bundle(options: BundleOptions): Promise<string> {
  const { entry, conditions, format = "esm", external, platform = external ? "node" : "browser" } = options;
  const path = entry.startsWith("examples/") ? `../../${entry}` : `entries/${entry}`;
  const name = entry.replaceAll("/", "_").replace(/\.ts$/, "");
  const file = `${BUILT}/${name}.${format === "esm" ? "mjs" : "js"}`;
  await run(
    binaries.esbuild,
    [
      path,
      "--bundle",
      "--log-level=warning",
      "--target=es2022",
      `--format=${format}`,
      `--outfile=${file}`,
      `--platform=${platform}`,
      "--external:cloudflare:*",
      ...conditions ? [`--conditions=${conditions.join(",")}`] : [],
      ...external ? ["--packages=external"] : [],
      // the examples lie where there is no folder of packages
    ],
    FOLDER,
    { NODE_PATH: `${FOLDER}node_modules` },
  );
  return file;
}
