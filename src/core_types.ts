/**
 * The types that the signatures of `./core` are written in, as far as they are of this library.
 *
 * @module
 */

export type { ChatQuirks, OpenAICompatible, ResponsesQuirks } from "./compatible.ts";
export type { Instrumented, InstrumentEverythingOptions } from "./instrument.ts";
export type { RequestHandler } from "./instrument/aws_handler.ts";
export type { Fetch, FetchOptions } from "./instrument/fetch.ts";
export type { FollowUpgrade } from "./instrument/follow.ts";
export type { ObservedCall } from "./instrument/observe.ts";
export type { SocketHandover } from "./instrument/observe_socket.ts";
export type { InstrumentOptions } from "./instrument/options.ts";
export type { WatchableSocket } from "./instrument/watched_socket.ts";
export type { WebSocketClass } from "./instrument/websocket.ts";
export type {
  StreamSocket,
  StreamSocketClose,
  StreamSocketConnection,
  StreamSocketOptions,
  WebSocketStreamClass,
} from "./instrument/websocket_stream.ts";
export type { Instruments } from "./instruments.ts";
export type { AgentTurn, Node, Session, UserTurn } from "./session.ts";
export type { Stage } from "./stream/shield.ts";
export type { MeasureAttempts } from "./telemetry/attempt/attempt_metrics.ts";
export type { Outcome } from "./telemetry/attempt/attempt_state.ts";
export type { HandAttempt, HandAttemptStart } from "./telemetry/attempt/hand_attempt.ts";
export type { ContentKind, ContentOptions, Redact } from "./telemetry/content/content_policy.ts";
export type {
  AnsweredContent,
  AskedBefore,
  AskedContent,
  AttemptWords,
  ConnectionWords,
  ContentRecorder,
  HeardWords,
  OperationWords,
  RecordContent,
} from "./telemetry/content/content_recorder.ts";
export type { MetricSet, MetricSets } from "./telemetry/metric_sets.ts";
export type { Propagator, TraceCarrier } from "./telemetry/propagation.ts";
export type { ScopeOptions, SpanNames } from "./telemetry/scope.ts";
export type { AttemptRecord } from "./telemetry/session/ledger.ts";
export type { SessionCounters } from "./telemetry/session/session_counters.ts";
export type {
  EquippedAgentTurn,
  EquippedUserTurn,
  SessionEnd,
  SessionEvents,
  SessionHandle,
  SessionOptions,
} from "./telemetry/session/session_handle.ts";
export type { AttemptTally, ErrorTally, SessionSummary, TurnTally } from "./telemetry/session/summary.ts";
export type { Clock, PastMoment } from "./telemetry/clock.ts";
export type { AgentTurnHandle, AgentTurnKind } from "./telemetry/turn/agent_turn_handle.ts";
export type { Brackets, ToolOptions } from "./telemetry/turn/brackets.ts";
export type { AgentTurnOptions } from "./telemetry/turn/conversation.ts";
export type { NodeHandle, NodeOptions } from "./telemetry/turn/node.ts";
export type { ReplyLatency, ReplyPart } from "./telemetry/turn/reply_clock.ts";
export type { Distribution, LatencySummary, TurnLatency } from "./telemetry/turn/turn_latency.ts";
export type { UserTurnHandle } from "./telemetry/turn/user_turn_handle.ts";
export type { TurnDetection } from "./telemetry/turn/user_turns.ts";
export type {
  AttemptMetricsBase,
  ConnectionMetrics,
  EOUMetrics,
  LLMMetrics,
  MetricsBase,
  MetricsEvent,
  RealtimeModelMetrics,
  STTMetrics,
  TokenDetails,
  TokenFields,
  TTSMetrics,
} from "./telemetry/usage/metrics_events.ts";
export type { ModelUsage, UsageSummary, UsageTotals } from "./telemetry/usage/usage.ts";
export type * from "./types.ts";
export type { ContextView } from "./view.ts";
