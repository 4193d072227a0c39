/** The library as it is packed, among the packages that its runtimes come from. */

import { fileURLToPath } from "node:url";
import { chromiumPath } from "../../support/chromium.ts";

/** The folder of the runtimes. */
export const FOLDER = fileURLToPath(new URL("../", import.meta.url));

/** The project. */
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Where bundles go. */
export const BUILT = `${FOLDER}.built`;

/** The executables that packages hold. Their install scripts, which would fetch others, are not run. */
export const binaries = {
  bun: `${FOLDER}node_modules/@oven/bun-linux-x64/bin/bun`,
  chromium: chromiumPath ?? "chromium",
  deno: Deno.execPath(),
  esbuild: `${FOLDER}node_modules/@esbuild/linux-x64/bin/esbuild`,
  "node 20": `${FOLDER}node_modules/node-20/bin/node`,
  "node 22": `${FOLDER}node_modules/node-22/bin/node`,
  "node 24": `${FOLDER}node_modules/node-24/bin/node`,
  workerd: `${FOLDER}node_modules/@cloudflare/workerd-linux-64/bin/workerd`,
} as const;

/**
 * Installs packages as a folder's lock file has them, unless told otherwise the runtimes; packs the library and
 * installs that beside them.
 */
export async function installPacked(folder: string = FOLDER): Promise<void> {
  await Deno.mkdir(BUILT, { recursive: true });
  const tarball = `${BUILT}/teespan.tgz`;
  // the folder is there after an earlier run; a clean clone has none
  if (!await isInstalled(folder)) {
    await run(
      "npm",
      ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
      folder,
    );
  }
  await run(
    Deno.execPath(),
    ["pack", "--allow-dirty", "--output", tarball],
    ROOT,
  );
  const flags = [
    "--no-save",
    "--no-package-lock",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
  ];
  await run("npm", ["install", ...flags, tarball], folder);
}

/** Runs a program to its end. */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd, env }).output();
  const text = new TextDecoder().decode(stdout);
  if (code === 0) return text;
  throw new Error(
    `${program} ${args.join(" ")} ended with ${code}:\n${new TextDecoder().decode(stderr)}${text}`,
  );
}

async function isInstalled(folder: string): Promise<boolean> {
  try {
    const [installed, wanted] = await Promise.all(
      [`${folder}node_modules/.package-lock.json`, `${folder}package-lock.json`]
        .map((path) => Deno.stat(path)),
    );
    return installed!.mtime! >= wanted!.mtime!;
  } catch {
    return false;
  }
}
