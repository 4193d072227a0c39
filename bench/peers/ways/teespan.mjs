/** This library. */
import { cartesia, deepgram, openaiCompatible } from "@teespan/teespan/providers";
import { startTelemetry } from "@teespan/teespan";
import { hear } from "./raw.mjs";

export function start({ origin, collector, memoryFetch }) {
  const { host } = new URL(origin);
  const options = {
    serviceName: "bench",
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector },
    providers: [openaiCompatible({ name: "bench", host, sockets: [...cartesia.sockets, ...deepgram.sockets] })],
  };
  const telemetry = startTelemetry(options);
  const inMemory = startTelemetry({ ...options, fetch: memoryFetch, register: false });
  const tracedOf = (fetch) => fetch === memoryFetch ? inMemory.fetch : telemetry.fetch;
  return {
    fetch: telemetry.fetch,
    openai: (Client, options) => new Client({ ...options, fetch: tracedOf(options.fetch) }),
    hear: (url) => hear(telemetry.WebSocket, url),
    flush: () => Promise.all([telemetry.flush(), inMemory.flush()]),
  };
}
