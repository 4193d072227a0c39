/**
 * What the viewer understands of a span, read from its attributes by the names of `semconv.ts` and those of turns.
 *
 * @module
 */

import type { AttributeValue, ReceivedAttributes, ReceivedSpan } from "../otlp_wire/received.ts";
import { attemptSpanNames, spanName } from "../semconv.ts";
import * as attr from "../semconv_attributes.ts";
import type { AttemptOperation, LatencyPart, SpanFacts, SpanRole } from "./api.ts";

const TEXT = {
  responseId: attr.responseId,
  conversationId: attr.conversationId,
  model: attr.requestModel,
  responseModel: attr.responseModel,
  serviceTier: attr.serviceTier,
  language: attr.language,
  method: attr.httpMethod,
  server: attr.serverAddress,
  errorType: attr.errorType,
  errorCode: attr.errorCode,
  outcome: attr.outcome,
  sessionOutcome: attr.sessionOutcome,
  disconnectReason: attr.disconnectReason,
  tenant: attr.tenantId,
  room: attr.roomName,
  retryReason: attr.retryReason,
  e2eSource: attr.e2eSource,
  turnKind: attr.turnKind,
  turnClock: attr.turnClock,
  turnOutcome: attr.turnOutcome,
  eouSource: attr.eouSource,
  node: attr.node,
  useCase: attr.useCase,
  callSite: attr.callSite,
} as const;

const NUMBERS = {
  httpStatus: attr.httpStatus,
  retryCount: attr.retryCount,
  retryDelaySeconds: attr.retryDelay,
  ttftSeconds: attr.ttft,
  ttfbSeconds: attr.ttfb,
  firstChunkSeconds: attr.timeToFirstChunk,
  firstAudioSeconds: attr.timeToFirstAudio,
  firstTranscriptSeconds: attr.timeToFirstTranscript,
  inputTokens: attr.inputTokens,
  cachedInputTokens: attr.cachedInputTokens,
  outputTokens: attr.outputTokens,
  reasoningOutputTokens: attr.reasoningOutputTokens,
  characters: attr.characters,
  audioSeconds: attr.audioSeconds,
  sentAudioSeconds: attr.sentAudioSeconds,
  billedAudioSeconds: attr.billedSeconds,
  acquireSeconds: attr.acquireTime,
  connectionAgeSeconds: attr.connectionAge,
  closeCode: attr.closeCode,
  reconnects: attr.reconnects,
  e2eSeconds: attr.e2eLatency,
  transcriptionDelaySeconds: attr.transcriptionDelay,
  endOfTurnDelaySeconds: attr.endOfTurnDelay,
  turnCompletedDelaySeconds: attr.userTurnCompletedDelay,
  eouProbability: attr.eouProbability,
} as const;

const BOOLEANS = {
  streamed: attr.requestStream,
  connectionReused: attr.connectionReused,
  interrupted: attr.interrupted,
} as const;

const LISTS = {
  requestIds: attr.requestIds,
  finishReasons: attr.finishReasons,
  toolCalls: attr.toolCalls,
} as const;

const PARTS: readonly LatencyPart[] = [
  "transcription",
  "end_of_turn",
  "reply",
  "llm_ttft",
  "tool_call",
  "tools",
  "llm_follow_up",
  "speech_wait",
  "tts_ttfb",
  "playback",
];

const OPERATIONS = new Map<string, AttemptOperation>(
  Object.entries(attemptSpanNames).map(([operation, name]) => [name, operation as AttemptOperation]),
);

const ROLES: Readonly<Record<string, SpanRole>> = {
  [spanName.session]: "session",
  user_turn: "user_turn",
  agent_turn: "agent_turn",
  eou_detection: "end_of_turn",
  llm_node: "node",
  tts_node: "node",
  function_tool: "node",
};

/** Longer ones are no ids or names, and the page would have to carry them about. */
const MAX_TEXT = 512;

/** What the attributes of a span say. Values of the wrong type are absent, as those not sent. */
export function spanFacts(attributes: ReceivedAttributes): SpanFacts {
  const facts: Record<string, unknown> = {};
  const read = <T>(
    names: Readonly<Record<string, string>>,
    narrow: (value: AttributeValue) => T | undefined,
  ) => {
    for (const [fact, name] of Object.entries(names)) {
      const value = Object.hasOwn(attributes, name) ? narrow(attributes[name] ?? null) : undefined;
      if (value !== undefined) facts[fact] = value;
    }
  };
  read(TEXT, text);
  read(NUMBERS, (value) => typeof value === "number" && Number.isFinite(value) ? value : undefined);
  read(BOOLEANS, (value) => typeof value === "boolean" ? value : undefined);
  read(LISTS, texts);
  // `gen_ai.system` is what the convention called it before
  const provider = text(attributes[attr.providerName] ?? attributes["gen_ai.system"] ?? null);
  if (provider !== undefined) facts.provider = provider;
  const tool = text(attributes["lk.function_tool.name"] ?? attributes["gen_ai.tool.name"] ?? null);
  if (tool !== undefined) facts.toolName = tool;
  const parts = PARTS.flatMap((part) => {
    const seconds = attributes[`teespan.turn.latency.${part}`];
    return typeof seconds === "number" && seconds >= 0 && Number.isFinite(seconds) ? [[part, seconds]] : [];
  });
  if (parts.length > 0) facts.latency = Object.fromEntries(parts);
  return facts;
}

/** What a span is in its conversation, and what kind of provider it asked if it is an attempt. */
export function spanRole(
  span: ReceivedSpan,
  facts: SpanFacts,
): { readonly role: SpanRole; readonly operation?: AttemptOperation } {
  const operation = OPERATIONS.get(span.name);
  if (operation !== undefined) return { role: "attempt", operation };
  const role = Object.hasOwn(ROLES, span.name) ? ROLES[span.name] : undefined;
  if (role !== undefined) return { role };
  // Nodes and sessions may bear the product's names.
  if (facts.node !== undefined) return { role: "node" };
  const ofSession = facts.conversationId !== undefined || "voice.duration_ms" in span.attributes;
  if (span.parentSpanId === undefined && span.kind !== "CLIENT" && ofSession) return { role: "session" };
  if (span.kind === "CLIENT" && facts.provider !== undefined) {
    return { role: "attempt", operation: foreign(span) };
  }
  return { role: "other" };
}

/** Of an attempt that another instrumentation made. */
function foreign({ attributes }: ReceivedSpan): AttemptOperation {
  const output = attributes["gen_ai.output.type"];
  return output === "speech" ? "tts" : "llm";
}

function text(value: AttributeValue): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value.slice(0, MAX_TEXT) : undefined;
}

function texts(value: AttributeValue): readonly string[] | undefined {
  if (typeof value === "string" && value !== "") return [value.slice(0, MAX_TEXT)];
  if (!Array.isArray(value)) return undefined;
  const list = value.filter((item) => typeof item === "string" && item !== "").map((item) =>
    item.slice(0, MAX_TEXT)
  );
  return list.length > 0 ? list.slice(0, 64) : undefined;
}
