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
export type { Fetch } from "./instrument/fetch.ts";
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
export { explainUrl } from "./explain_url.ts";
export type { ExplainedRoute, ExplainOptions, UrlExplanation } from "./explain_url.ts";
export { providers } from "./providers/mod.ts";
export type { Stage } from "./stream/shield.ts";
export type { Clock } from "./telemetry/clock.ts";
export type { Propagator, TraceCarrier } from "./telemetry/propagation.ts";
export type { MetricSet, MetricSets } from "./telemetry/metric_sets.ts";
export type { ContentKind, ContentOptions, Redact } from "./telemetry/content/content_policy.ts";
export type { ScopeOptions, SpanNames } from "./telemetry/scope.ts";
export type {
  Answer,
  CallRequest,
  CallResponse,
  ContentSink,
  EndOfTurn,
  Facts,
  Failure,
  Frame,
  HeaderLookup,
  HttpFormat,
  JsonFormat,
  KnownProviderName,
  MediaPart,
  Message,
  MessagePart,
  Operation,
  OutputKind,
  Prompt,
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
  TextPart,
  ToolCallPart,
  ToolCallPiece,
  ToolCallResponsePart,
  Transcript,
  TurnSink,
  Verification,
} from "./types.ts";
