/** Imports point one way: bytes → facts → telemetry. */

import assert from "node:assert/strict";
import { sourceFiles } from "./source.ts";

const OTEL_API = "@opentelemetry/api";

/** What a room may import: rooms and files of `src`, and packages. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "provider_name.ts": [],
  "facts.ts": [],
  "content.ts": [],
  "sinks.ts": ["content.ts", "facts.ts"],
  "types.ts": ["provider_name.ts", "content.ts", "facts.ts", "sinks.ts"],
  "version.ts": [],
  "semconv.ts": ["types.ts"],
  "semconv_attributes.ts": [],
  "semconv_content.ts": [],
  "semconv_counters.ts": [],
  "semconv_histograms.ts": [],
  wire: ["types.ts", "wire"],
  stream: ["types.ts", "stream"],
  "notes.ts": ["types.ts"],
  "speech.ts": ["types.ts", "wire"],
  "hearing.ts": ["types.ts", "wire"],
  formats: ["types.ts", "wire", "notes.ts", "speech.ts", "hearing.ts"],
  "routes.ts": ["types.ts", "formats"],
  "compatible.ts": ["types.ts", "formats", "routes.ts"],
  "well_known.ts": ["types.ts", "routes.ts"],
  "self_hosted.ts": ["types.ts", "formats"],
  providers: ["types.ts", "formats", "routes.ts", "speech.ts", "hearing.ts", "wire/json.ts"],
  "providers/mod.ts": [
    "types.ts",
    "formats",
    "compatible.ts",
    "self_hosted.ts",
    "well_known.ts",
    "providers",
  ],
  "match.ts": ["types.ts"],
  telemetry: [
    "types.ts",
    "semconv.ts",
    "semconv_attributes.ts",
    "semconv_content.ts",
    "semconv_counters.ts",
    "semconv_histograms.ts",
    "version.ts",
    "telemetry",
    OTEL_API,
  ],
  instrument: ["types.ts", "match.ts", "stream", "telemetry", "instrument"],
  "instrument/record_content.ts": ["wire/prompt.ts", "telemetry/content"],
  otlp: ["types.ts", "semconv.ts", "otlp", "@opentelemetry/*"],
  "otlp/presets": ["otlp/env.ts", "otlp/headers.ts", "otlp/settings.ts", "otlp/presets", "jose"],
  "presets.ts": ["otlp"],
  "core.ts": [
    "compatible.ts",
    "core_types.ts",
    "instrument",
    "instrument.ts",
    "telemetry/attempt/attempt_metrics.ts",
  ],
  "core_types.ts": [
    "types.ts",
    "compatible.ts",
    "stream",
    "telemetry",
    "instrument",
    "instruments.ts",
    "session.ts",
    "view.ts",
    "instrument.ts",
  ],
  "telemetry_types.ts": [
    "core_types.ts",
    "explain_url.ts",
    "flush.ts",
    "lite.ts",
    "otlp",
    "view.ts",
    "request.ts",
    "start.ts",
  ],
  "instrument.ts": ["instrument", "instruments.ts", "session.ts", "telemetry", "view.ts"],
  "explain.ts": ["types.ts", "explain_url.ts"],
  "explain_url.ts": ["types.ts", "match.ts", "well_known.ts", "providers/mod.ts", "telemetry/scrub.ts"],
  "instruments.ts": ["instrument", "telemetry"],
  "session.ts": ["instruments.ts", "instrument", "stream", "telemetry"],
  "flush.ts": ["telemetry"],
  "view.ts": ["instruments.ts", "instrument", "telemetry", "session.ts", "flush.ts"],
  "request.ts": ["stream", "telemetry", "otlp/wait_until.ts", "view.ts"],
  "idle.ts": [
    "instrument",
    "instruments.ts",
    "lite.ts", // its types
    "otlp/globals.ts",
    "request.ts",
    "session.ts",
    "telemetry",
    "view.ts",
  ],
  "metrics.ts": ["otlp"],
  "export.ts": ["instrument", "stream", "otlp", "telemetry", "telemetry_types.ts", "flush.ts"],
  "lite.ts": [
    "telemetry_types.ts",
    "instruments.ts",
    "instrument",
    "stream",
    "otlp",
    "telemetry",
    "session.ts",
    "flush.ts",
    "view.ts",
    "request.ts",
    "idle.ts",
  ],
  "start.ts": [
    "types.ts",
    "instrument",
    "lite.ts",
    "otlp",
    "providers/mod.ts",
    "telemetry/content",
    "well_known.ts",
  ],
  "shared.ts": ["lite.ts", "start.ts"],
  "hono.ts": [
    "lite.ts",
    "otlp/settings.ts",
    "request.ts",
    "start.ts",
    "shared.ts",
    "telemetry_types.ts",
    "hono",
  ],
  otlp_wire: ["otlp_wire", "node:*", "protobufjs/*"],
  testing: ["otlp_wire", "testing", "node:*", "ws"],
  viewer: [
    "otlp_wire",
    "semconv.ts",
    "semconv_attributes.ts",
    "version.ts",
    "viewer",
    "node:*",
    "hono",
    "hono/*",
    "@hono/node-server",
  ],
  // what runs in the browser: the server's code must not get into its bundle
  "viewer/client": ["viewer/api.ts", "viewer/client", "preact", "preact/*", "@preact/*", "uplot"],
};

const files = sourceFiles("src");

/** The innermost one that holds the file. */
function roomOf(path: string): string {
  const holding = Object.keys(rooms).filter((room) => path === room || path.startsWith(`${room}/`));
  return holding.reduce((inner, room) => room.length > inner.length ? room : inner, "");
}

function allows(permitted: readonly string[], target: string): boolean {
  return permitted.some((entry) =>
    entry === target || target.startsWith(`${entry}/`) ||
    (entry.endsWith("*") && target.startsWith(entry.slice(0, -1)))
  );
}

Deno.test("every file of src imports only what its room may", () => {
  const faults: string[] = [];
  for (const { path, imports } of files) {
    const permitted = rooms[roomOf(path)];
    if (permitted === undefined) {
      faults.push(`${path} is in no room`);
      continue;
    }
    for (const target of imports) {
      if (!allows(permitted, target)) faults.push(`${path} imports ${target}`);
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test("every room has files", () => {
  const inhabited = new Set(files.map(({ path }) => roomOf(path)));
  assert.deepEqual(Object.keys(rooms).filter((room) => !inhabited.has(room)), []);
});

Deno.test("what ./core loads is OpenTelemetry's API and nothing else", () => {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const file = files.find((file) => file.path === path);
    if (file === undefined) packages.add(path);
    else file.imports.forEach(visit);
  };
  visit("core.ts");
  assert.deepEqual([...packages], [OTEL_API]);
  assert.equal([...seen].some((path) => path.startsWith("otlp/")), false);
});
