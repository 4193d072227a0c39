/**
 * The instrumentation without SDK and exporter, for applications that bring their own tracer provider: it depends
 * on `@opentelemetry/api` alone.
 *
 * @example Spans go where the application's provider sends them
 * ```ts
 * import { instrument } from "@teespan/teespan/core";
 *
 * const { fetch, startSession } = instrument({ onError: console.error });
 * using session = startSession({ id: "call-1" });
 * console.log(typeof fetch, session.id); // hand fetch, or session.fetch, to SDKs
 * ```
 *
 * @module
 */

export { openaiCompatible } from "./compatible.ts";
export { explainUrl } from "./explain_url.ts";
export { instrument } from "./instrument.ts";
export { instrumentRequestHandler } from "./instrument/aws_handler.ts";
export { instrumentFetch } from "./instrument/fetch.ts";
export { observeSocket } from "./instrument/observe_socket.ts";
export { instrumentWebSocket } from "./instrument/websocket.ts";
export { instrumentWebSocketStream } from "./instrument/websocket_stream.ts";
export { providers } from "./providers/mod.ts";
export type * from "./core_types.ts";
