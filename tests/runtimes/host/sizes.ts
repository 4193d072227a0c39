/** What entry points cost in a bundle. */

import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { binaries, BUILT, FOLDER, run } from "./install.ts";

/** What is bundled. */
export interface Cost {
  /** What it is, in a few words. */
  readonly name: string;
  /** A module that has it, and nothing else. */
  readonly code: string;
  /** Leaves the API package out, as it is the application's. */
  readonly withoutApi?: boolean;
  /** A folder in which the built-in providers are replaced by these, by file name. */
  readonly providers?: readonly string[];
  /** Bytes that it may have at most, minified and compressed. */
  readonly limit: number;
}

/** All that is watched. Limits leave little room above what is measured: who crosses one knows why. */
export const costs: readonly Cost[] = [
  {
    name: "`./core`, `fetch` alone, one provider",
    code: 'export { instrumentFetch } from "@teespan/teespan/core";',
    providers: ["groq"],
    withoutApi: true,
    limit: 28_500,
  },
  {
    name: "`./core`, all providers",
    code: 'export * from "@teespan/teespan/core";',
    withoutApi: true,
    limit: 73_000,
  },
  {
    name: "`.`, SDK, exporters and API, one provider",
    code: 'export { startTelemetry } from "@teespan/teespan";',
    providers: ["groq"],
    limit: 75_000,
  },
  {
    name: "`.`, SDK, exporters and API, all providers",
    code: 'export * from "@teespan/teespan";',
    limit: 112_000,
  },
  { name: "`./hono`, the same", code: 'export * from "@teespan/teespan/hono";', limit: 112_000 },
  { name: "`./providers`", code: 'export * from "@teespan/teespan/providers";', limit: 50_000 },
];

/** The packages that each entry point may load. */
export const loads: Readonly<Record<string, readonly string[]>> = {
  "": [
    "@opentelemetry/api",
    "@opentelemetry/core",
    "@opentelemetry/exporter-metrics-otlp-http",
    "@opentelemetry/exporter-metrics-otlp-proto",
    "@opentelemetry/exporter-trace-otlp-proto",
    "@opentelemetry/otlp-exporter-base",
    "@opentelemetry/otlp-transformer",
    "@opentelemetry/resources",
    "@opentelemetry/sdk-metrics",
    "@opentelemetry/sdk-trace",
    "@opentelemetry/sdk-trace-web",
  ],
  "/core": ["@opentelemetry/api"],
  "/explain": [],
  "/hono": ["the same as the first"],
  "/providers": [],
  "/testing": ["protobufjs", "ws"],
};

/** Bytes of a bundle, minified and compressed. */
export async function measure({ code, providers, withoutApi }: Cost): Promise<number> {
  const library = providers === undefined ? undefined : await withProviders(providers);
  const file = `${BUILT}/cost.js`;
  await Deno.writeTextFile(file, code.replace("@teespan/teespan", library ?? "@teespan/teespan"));
  const bundled = await esbuild([
    file,
    "--minify",
    "--platform=browser",
    ...withoutApi ? ["--external:@opentelemetry/api"] : [],
  ]);
  return gzipSync(bundled, { level: 9 }).length;
}

/** The packages that a module loads, as the packed entry point imports them. */
export async function packagesOf(entry: string): Promise<string[]> {
  const file = `${BUILT}/entry.js`;
  await Deno.writeTextFile(file, `export * from "./${library}/${await pathOf(entry)}";`);
  const meta = `${BUILT}/entry.json`;
  await esbuild([file, "--platform=node", "--packages=external", `--metafile=${meta}`]);
  const { outputs } = JSON.parse(await Deno.readTextFile(meta)) as {
    outputs: Record<string, { imports: { path: string }[] }>;
  };
  const paths = Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const packages = paths.filter((path) => !path.startsWith("node:")).map((path) =>
    path.split("/").slice(0, path.startsWith("@") ? 2 : 1).join("/")
  );
  return [...new Set(packages)].sort();
}

const library = "../node_modules/@teespan/teespan";

/** The file of an entry point, as the packed manifest has it. */
async function pathOf(entry: string): Promise<string> {
  const manifest = JSON.parse(await Deno.readTextFile(`${FOLDER}node_modules/@teespan/teespan/package.json`));
  return manifest.exports[`.${entry}`].default;
}

/** A copy of the library whose list of providers is short; gives what to import it by. */
async function withProviders(names: readonly string[]): Promise<string> {
  const target = `${FOLDER}node_modules/@teespan/short`;
  await Deno.remove(target, { recursive: true }).catch(() => {});
  await run("cp", ["-r", `${FOLDER}node_modules/@teespan/teespan`, target], FOLDER);
  const imports = names.map((name) => `import { ${name} } from "./${name}.js";`).join("\n");
  await Deno.writeTextFile(
    `${target}/src/providers/mod.js`,
    `${imports}\nexport const providers = [${names.join(", ")}];\n`,
  );
  return `@teespan/${basename(target)}`;
}

async function esbuild(args: readonly string[]): Promise<Uint8Array> {
  const out = `${BUILT}/bundled.js`;
  await run(
    binaries.esbuild,
    [...args, "--bundle", "--format=esm", "--log-level=error", `--outfile=${out}`, "--allow-overwrite"],
    FOLDER,
  );
  return await Deno.readFile(out);
}
