/** What entry points cost in a bundle. */

import { gzipSync } from "node:zlib";
import { binaries, BUILT, FOLDER, run } from "./install.ts";

/** What is bundled. */
export interface Cost {
  /** What it is, in a few words. */
  readonly name: string;
  /** What is imported, by entry point; nothing else is. */
  readonly imports: Readonly<Record<string, string>>;
  /** Leaves the API package out, as it is the application's. */
  readonly withoutApi?: boolean;
  /** Bytes that it may have at most, minified and compressed. */
  readonly limit: number;
}

/** Providers that many name. */
const ANTHROPIC = { "providers/anthropic": "anthropic" };
const OPENAI = { "providers/openai": "openai" };
const VOICE = {
  ...OPENAI,
  "providers/cartesia": "cartesia",
  "providers/deepgram": "deepgram",
};

/** All that is watched. Limits leave little room above what is measured: who crosses one knows why. */
export const costs: readonly Cost[] = [
  {
    name: "`./core`: `instrumentFetch()` with Anthropic",
    imports: { core: "instrumentFetch", ...ANTHROPIC },
    withoutApi: true,
    limit: 14_300,
  },
  {
    name: "`./core`: `instrumentFetch()` with OpenAI: chat, speech, transcripts, realtime",
    imports: { core: "instrumentFetch", ...OPENAI },
    withoutApi: true,
    limit: 22_700,
  },
  {
    name: "`./core`: `instrumentFetch()` with all providers",
    imports: { core: "instrumentFetch", providers: "providers" },
    withoutApi: true,
    limit: 55_400,
  },
  {
    name: "`./core`: `instrument()` with OpenAI: sockets, sessions, turns, metrics",
    imports: { core: "instrument", ...OPENAI },
    withoutApi: true,
    limit: 44_900,
  },
  {
    name: "`./core`: `instrument()` with all providers",
    imports: { core: "instrument", providers: "providers" },
    withoutApi: true,
    limit: 77_700,
  },
  {
    name: "`./export`, and `instrumentFetch()` with OpenAI",
    imports: { core: "instrumentFetch", export: "startExport", ...OPENAI },
    limit: 44_500,
  },
  {
    name: "`./export`, `./metrics`, and `instrumentFetch()` with OpenAI",
    imports: {
      core: "instrumentFetch, measureAttempts",
      export: "startExport",
      metrics: "exportMetrics",
      ...OPENAI,
    },
    limit: 58_800,
  },
  {
    name: "`./lite` with OpenAI",
    imports: { lite: "startTelemetry", ...OPENAI },
    limit: 68_000,
  },
  {
    name: "`./lite` with OpenAI, Deepgram, Cartesia",
    imports: { lite: "startTelemetry", ...VOICE },
    limit: 70_800,
  },
  {
    name: "`./lite`, `./metrics` with OpenAI, Deepgram, Cartesia",
    imports: { lite: "startTelemetry", metrics: "exportMetrics", ...VOICE },
    limit: 83_600,
  },
  { name: "`.`: all, with all providers and metrics", imports: { "": "startTelemetry" }, limit: 118_200 },
  { name: "`./hono`, the same", imports: { hono: "agentTelemetry" }, limit: 118_500 },
  { name: "`./providers`, all rows and formats", imports: { providers: "providers" }, limit: 46_600 },
];

/** What sends traces. */
const TRACES = [
  "@opentelemetry/api",
  "@opentelemetry/core",
  "@opentelemetry/exporter-trace-otlp-proto",
  "@opentelemetry/otlp-exporter-base",
  "@opentelemetry/otlp-transformer",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace",
  "@opentelemetry/sdk-trace-web",
];

/** What sends metrics besides. */
const METRICS = [
  "@opentelemetry/exporter-metrics-otlp-http",
  "@opentelemetry/exporter-metrics-otlp-proto",
  "@opentelemetry/sdk-metrics",
];

/** The packages that each entry point may load. */
export const loads: Readonly<Record<string, readonly string[]>> = {
  "": [...TRACES, ...METRICS].sort(),
  "/core": ["@opentelemetry/api"],
  "/explain": [],
  "/export": TRACES,
  "/hono": [...TRACES, ...METRICS].sort(),
  "/lite": TRACES,
  "/providers": [],
  "/providers/openai": [],
  "/testing": ["protobufjs", "ws"],
};

/** Bytes of a bundle, minified and compressed. */
export async function measure({ imports, withoutApi }: Cost): Promise<number> {
  const file = `${BUILT}/cost.js`;
  const lines = Object.entries(imports).map(([entry, names]) =>
    `export { ${names} } from "${["@teespan/teespan", entry].filter(Boolean).join("/")}";`
  );
  await Deno.writeTextFile(file, lines.join("\n"));
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

async function esbuild(args: readonly string[]): Promise<Uint8Array> {
  const out = `${BUILT}/bundled.js`;
  await run(
    binaries.esbuild,
    [...args, "--bundle", "--format=esm", "--log-level=error", `--outfile=${out}`, "--allow-overwrite"],
    FOLDER,
  );
  return await Deno.readFile(out);
}
