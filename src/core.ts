/**
 * The instrumentation without SDK, exporter and table of providers, for applications that bring their own tracer
 * provider or count bytes: it depends on `@opentelemetry/api` alone, and what is not imported is not bundled.
 *
 * @example Spans go where the application's provider sends them
 * ```ts
 * import { instrument } from "@teespan/teespan/core";
 * import { openai } from "@teespan/teespan/providers/openai";
 *
 * const { fetch, startSession } = instrument({ providers: [openai] });
 * using session = startSession({ id: "call-1" });
 * console.log(typeof fetch, session.id); // hand fetch, or session.fetch, to SDKs
 * ```
 *
 * @module
 */

export { openaiCompatible } from "./compatible.ts";
export { instrument } from "./instrument.ts";
export { instrumentRequestHandler } from "./instrument/aws_handler.ts";
export { instrumentFetch } from "./instrument/fetch.ts";
export { recordContent } from "./instrument/record_content.ts";
export { observeSocket } from "./instrument/observe_socket.ts";
export { followUpgrade } from "./instrument/upgrade.ts";
export { instrumentWebSocket } from "./instrument/websocket.ts";
export { instrumentWebSocketStream } from "./instrument/websocket_stream.ts";
export { measureAttempts } from "./telemetry/attempt/attempt_metrics.ts";
export type * from "./core_types.ts";
