/**
 * The whole library against plain `fetch`: from the request to the ended span, its spans dropped where an exporter
 * would send them.
 *
 * @module
 */

import {
  type Fetch,
  instrumentFetch,
  openaiCompatible,
  startTelemetry,
  type TelemetryOptions,
} from "../mod.ts";
import type { Contender, ReadCounts } from "./compare.ts";
import { readChunks } from "./scenarios.ts";
import { measureWork } from "./work.ts";

/** The library, started in several ways. */
export interface EndToEnd {
  /** Plain `fetch`, then the library's, each making `calls` calls of `path` and reading the answers. */
  contend(path: string, calls: number): Contender[];
  /** Ends telemetry. */
  stop(): Promise<void>;
}

type Exporter = NonNullable<TelemetryOptions["exporter"]>;

const REQUEST: RequestInit = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    model: "gpt-bench",
    stream: true,
    messages: [{ role: "user", content: "Talk at length" }],
  }),
};

/** Starts telemetry for the server at `origin`. */
export function startEndToEnd(origin: string): EndToEnd {
  const providers = [openaiCompatible({ name: "bench", host: new URL(origin).host })];
  const shared = { exporter: createDroppingExporter(), register: false, env: {}, onError: rethrowLater };
  const telemetry = startTelemetry({ ...shared, providers });
  const elsewhere = startTelemetry(shared);
  const fetches: readonly (readonly [name: string, fetch: Fetch])[] = [
    ["fetch", fetch],
    ["fetch, once more", fetch],
    ["startTelemetry().fetch, a host it does not know", elsewhere.fetch],
    ["instrumentFetch() without an SDK", instrumentFetch(fetch, { providers, onError: rethrowLater })],
    ["startTelemetry().fetch", telemetry.fetch],
  ];
  let calls = 0;
  return {
    contend: (path, times) =>
      fetches.map(([name, fetch]) => ({
        name,
        run() {
          if (fetch === telemetry.fetch) calls += times;
          return measureWork(() => callRepeatedly(fetch, origin + path, times));
        },
      })),
    async stop() {
      await telemetry.shutdown();
      await elsewhere.shutdown();
      const { exportedSpans } = telemetry.stats();
      if (exportedSpans === calls) return;
      throw new Error(`Cannot trust the comparison as ${calls} calls left ${exportedSpans} spans`);
    },
  };
}

async function callRepeatedly(fetch: Fetch, url: string, times: number): Promise<ReadCounts> {
  let reads = 0;
  let bytes = 0;
  for (let call = 0; call < times; call++) {
    const response = await fetch(url, REQUEST);
    const counts = await readChunks(response.body!);
    reads += counts.reads;
    bytes += counts.bytes;
  }
  return { reads, bytes };
}

function createDroppingExporter(): Exporter {
  return {
    export: (_spans, resultCallback) => resultCallback({ code: 0 }),
    shutdown: () => Promise.resolve(),
  };
}

/** A figure that hides trouble is worse than none. */
function rethrowLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
