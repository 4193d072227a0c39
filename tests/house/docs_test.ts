/** The documentation: complete, with examples, and no public signature speaks of a type that its reader cannot import. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { projectFile, sourceFiles } from "./source.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const all = Object.values<string>(JSON.parse(projectFile("deno.json")).exports);

/** Rows of providers are entry points, too: the type that they have is in the one that has them all. */
const rows = all.filter((path) => path.startsWith("./src/providers/") && !path.endsWith("/mod.ts"));
const entryPoints = all.filter((path) => !rows.includes(path));

/** Types of packages that signatures mention: who writes them out imports that package. */
const FOREIGN = [
  "Attributes", // @opentelemetry/api
  "Context",
  "MeterProvider",
  "Span",
  "TextMapPropagator",
  "Tracer",
  "TracerProvider",
  "Sampler", // @opentelemetry/sdk-trace
  "SpanExporter",
  "PushMetricExporter", // @opentelemetry/sdk-metrics
  "MiddlewareHandler", // hono
];

/** What parts are made of that are handed from one function of ours to another: nobody writes it out. */
const OPAQUE = [
  "AttemptMetrics",
  "Call",
  "ExportSettings",
  "FollowedCall",
  "Instrumentation",
  "MetersBySet",
  "Metering",
  "Resource",
  "exportMetrics",
];

/** What `deno doc --lint` has against an entry point: a line each. */
async function lint(path: string): Promise<string[]> {
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--quiet", "--lint", path],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "null",
  }).output();
  return new TextDecoder().decode(stderr).split("\n").filter((line) => line.startsWith("error["));
}

for (const path of entryPoints) {
  Deno.test(`${path}: documented, and every type of ours in its signatures can be imported from it`, async () => {
    const faults = (await lint(path)).filter((line) => {
      const [, type = ""] = /^error\[private-type-ref\]: .* references private type '(\w+)'$/.exec(line) ??
        [];
      return ![...FOREIGN, ...OPAQUE].includes(type);
    });
    assert.deepEqual(faults, []);
  });

  Deno.test(`${path} begins with what it is for, and an example that is type-checked`, () => {
    const [doc = ""] = /^\/\*\*.*?\*\//s.exec(projectFile(path)) ?? [];
    assert.match(doc, /@module/);
    assert.match(doc, /@example .+\n \* ```ts\n/);
  });
}

Deno.test("deno doc finds what it is asked to find", async () => {
  // a file whose types are not meant for the outside
  assert.ok((await lint("src/telemetry/scope_in.ts")).length > 0);
});

Deno.test("types that are called foreign are none of ours, and are spoken of", () => {
  const files = sourceFiles("src").filter(({ path }) => !path.startsWith("viewer/"));
  for (const name of FOREIGN) {
    const own = new RegExp(`^export (?:interface|class|type) ${name}\\b`, "m");
    assert.deepEqual(files.filter(({ text }) => own.test(text)).map(({ path }) => path), [], name);
    const imported = new RegExp(`import [^;]*\\b${name}\\b[^;]*from "(?:@opentelemetry/|hono")`);
    assert.ok(files.some(({ text }) => imported.test(text)), name);
  }
});
