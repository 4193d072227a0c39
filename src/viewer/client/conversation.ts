import type { LatencyPart, SpanFacts, SpanRow } from "../api.ts";
import { below, childrenOf, extentOf } from "./span_tree.ts";

/** A user's turn and the agent's answer to it; or what was called outside of turns. */
export interface Exchange {
  readonly kind: "turn" | "outside";
  /** Its place among the turns, from 1; 0 outside of them. */
  readonly number: number;
  readonly user: SpanRow | undefined;
  readonly agent: SpanRow | undefined;
  /** What happened within it: attempts, tools, the end of the user's turn. */
  readonly spans: readonly SpanRow[];
  readonly startMs: number;
  readonly endMs: number;
  /** Nobody spoke for so long before it, in seconds; 0 when someone did. */
  readonly quietSeconds: number;
  /** The user began before the agent had ended. */
  readonly bargesIn: boolean;
}

/** One part of a turn's latency. */
export interface Segment {
  /** `rest` is what the parts that are known leave of the whole. */
  readonly part: LatencyPart | "rest";
  readonly seconds: number;
}

/** The parts in their order, with the words for them. */
export const PART_LABELS: Readonly<Record<Segment["part"], string>> = {
  transcription: "transcription",
  end_of_turn: "end of turn",
  reply: "reply",
  llm_ttft: "LLM ttft",
  tool_call: "tool call",
  tools: "tools",
  llm_follow_up: "LLM again",
  speech_wait: "first sentence",
  tts_ttfb: "TTS ttfb",
  playback: "playback",
  rest: "not broken down",
};

/** A trace as a conversation: exchanges in the order of their start. */
export function readConversation(spans: readonly SpanRow[]): readonly Exchange[] {
  const children = childrenOf(spans);
  const turns = spans.filter(({ role }) => role === "user_turn" || role === "agent_turn");
  const pairs: { user: SpanRow | undefined; agent: SpanRow | undefined }[] = [];
  for (const turn of turns) {
    const last = pairs.at(-1);
    if (turn.role === "user_turn") pairs.push({ user: turn, agent: undefined });
    else if (last !== undefined && last.agent === undefined) last.agent = turn;
    else pairs.push({ user: undefined, agent: turn });
  }
  const within = new Set<SpanRow>(turns);
  let spokenUntil: number | undefined;
  const exchanges = pairs.map(({ user, agent }, index): Exchange => {
    const own = [user, agent].flatMap((turn) => turn === undefined ? [] : [...below(turn, children)]);
    for (const span of own) within.add(span);
    const all = [user, agent, ...own].filter((span) => span !== undefined);
    const extent = extentOf(all);
    const agentBefore = pairs[index - 1]?.agent;
    const bargesIn = user !== undefined && agentBefore?.facts.interrupted === true;
    const quietSeconds = spokenUntil === undefined ? 0 : Math.max(0, extent.startMs - spokenUntil) / 1000;
    spokenUntil = Math.max(spokenUntil ?? extent.endMs, extent.endMs);
    return {
      kind: "turn",
      number: index + 1,
      user,
      agent,
      spans: own.filter(isShown),
      ...extent,
      quietSeconds,
      bargesIn,
    };
  });
  const outside = spans.filter((span) => !within.has(span) && isShown(span));
  if (outside.length > 0) {
    exchanges.push({
      kind: "outside",
      number: 0,
      user: undefined,
      agent: undefined,
      spans: outside,
      ...extentOf(outside),
      quietSeconds: 0,
      bargesIn: false,
    });
  }
  // What is outside of turns, such as the socket that hears them all, comes after them.
  return exchanges;
}

/** The parts of a turn's latency. They add up to the whole where the whole is known; without any there is nothing. */
export function latencySegments(facts: SpanFacts): readonly Segment[] {
  const { latency, e2eSeconds } = facts;
  const segments: Segment[] = (Object.keys(PART_LABELS) as Segment["part"][]).flatMap((part) => {
    const seconds = part === "rest" ? undefined : latency?.[part];
    return seconds === undefined ? [] : [{ part, seconds }];
  });
  if (segments.length === 0 && e2eSeconds !== undefined) segments.push(...partsByDelays(facts));
  const sum = segments.reduce((all, { seconds }) => all + seconds, 0);
  // half a millisecond is rounding
  if (e2eSeconds !== undefined && e2eSeconds - sum > 0.0005) {
    segments.push({ part: "rest", seconds: e2eSeconds - sum });
  }
  return segments;
}

/** What can be said of a turn that has only LiveKit's own figures. */
function partsByDelays(facts: SpanFacts): readonly Segment[] {
  const { endOfTurnDelaySeconds, ttftSeconds, ttfbSeconds, e2eSeconds = 0 } = facts;
  const known: readonly (readonly [LatencyPart, number | undefined])[] = [
    ["end_of_turn", endOfTurnDelaySeconds],
    ["llm_ttft", ttftSeconds],
    ["tts_ttfb", ttfbSeconds],
  ];
  const parts = known.flatMap(([part, seconds]) => seconds === undefined ? [] : [{ part, seconds }]);
  // They need not be contiguous: more than the whole says that they overlap, and then they are no parts of it.
  return parts.reduce((all, { seconds }) => all + seconds, 0) <= e2eSeconds ? parts : [];
}

/** When the agent could be heard: the end of its end-to-end latency, which begins where the user stopped speaking. */
export function audibleMs({ agent }: Exchange): number | undefined {
  const { e2eSeconds, latency } = agent?.facts ?? {};
  if (agent === undefined || e2eSeconds === undefined) return undefined;
  // The agent's turn begins when the user's is committed; what came before that is part of the latency too.
  const before = (latency?.transcription ?? 0) + (latency?.end_of_turn ?? 0);
  const known = latency?.transcription !== undefined || latency?.end_of_turn !== undefined;
  return known ? agent.startMs + (e2eSeconds - before) * 1000 : undefined;
}

function isShown({ role }: SpanRow): boolean {
  return role === "attempt" || role === "node" || role === "end_of_turn";
}
