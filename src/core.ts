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

export { instrument } from "./instrument.ts";
export type { Instrumented, InstrumentEverythingOptions } from "./instrument.ts";
export type { Instruments } from "./instruments.ts";
export type { AgentTurn, Node, Session, UserTurn } from "./session.ts";
export type { SessionOptions } from "./telemetry/session/session_handle.ts";
export type { HandAttempt, HandAttemptStart } from "./telemetry/attempt/hand_attempt.ts";
export type { ContextView } from "./view.ts";
export { instrumentRequestHandler } from "./instrument/aws_handler.ts";
export type { RequestHandler } from "./instrument/aws_handler.ts";
export { instrumentFetch } from "./instrument/fetch.ts";
export type { Fetch, FetchOptions } from "./instrument/fetch.ts";
export type { FollowUpgrade } from "./instrument/follow.ts";
export { followUpgrade } from "./instrument/upgrade.ts";
export type { ObservedCall } from "./instrument/observe.ts";
export { observeSocket } from "./instrument/observe_socket.ts";
export type { SocketHandover } from "./instrument/observe_socket.ts";
export { instrumentWebSocket } from "./instrument/websocket.ts";
export type { WebSocketClass } from "./instrument/websocket.ts";
export { instrumentWebSocketStream } from "./instrument/websocket_stream.ts";
export type {
  StreamSocket,
  StreamSocketClose,
  StreamSocketConnection,
  StreamSocketOptions,
  WebSocketStreamClass,
} from "./instrument/websocket_stream.ts";
export type { WatchableSocket } from "./instrument/watched_socket.ts";
export type { InstrumentOptions } from "./instrument/options.ts";
export { openaiCompatible } from "./compatible.ts";
export type { ChatQuirks, OpenAICompatible, ResponsesQuirks } from "./compatible.ts";
export type { Stage } from "./stream/shield.ts";
export type { Clock } from "./telemetry/clock.ts";
export type { Propagator, TraceCarrier } from "./telemetry/propagation.ts";
export { measureAttempts } from "./telemetry/attempt/attempt_metrics.ts";
export type { MeasureAttempts } from "./telemetry/attempt/attempt_metrics.ts";
export type { MetricSet, MetricSets } from "./telemetry/metric_sets.ts";
export type { ScopeOptions, SpanNames } from "./telemetry/scope.ts";
export type {
  Answer,
  CallRequest,
  CallResponse,
  EndOfTurn,
  Facts,
  Failure,
  Frame,
  HeaderLookup,
  HttpFormat,
  JsonFormat,
  KnownProviderName,
  Operation,
  OutputKind,
  Provider,
  ProviderName,
  Reader,
  RequestIdKind,
  Route,
  Sink,
  SocketFormat,
  SocketReader,
  SocketRequest,
  SocketRoute,
  SocketSinks,
  SpeechMoment,
  Transcript,
  TurnSink,
  Verification,
} from "./types.ts";
