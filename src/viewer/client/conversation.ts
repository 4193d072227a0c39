import type { LatencyPart, SpanFacts, SpanRow } from "../api.ts";
import { below, childrenOf, extentOf } from "./span_tree.ts";

/** A user's turn and the agent's answer to it; work of the application in between; or what was called outside of both. */
export interface Exchange {
  readonly kind: "turn" | "operation" | "outside";
  /** Its place among the turns, from 1; 0 outside of them. */
  readonly number: number;
  /** The work that it is, or of which its turn is a part, such as the delivery of a greeting. */
  readonly operation: SpanRow | undefined;
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
  const places: Place[] = [];
  for (const turn of turns) {
    const last = places.at(-1);
    if (turn.role === "user_turn") places.push({ user: turn });
    else if (last?.user !== undefined && last.agent === undefined) last.agent = turn;
    else places.push({ agent: turn });
  }
  const within = new Set<SpanRow>();
  for (const place of places) {
    place.own = [place.user, place.agent].flatMap((turn) =>
      turn === undefined ? [] : [...below(turn, children)]
    );
    for (const span of [place.user, place.agent, ...place.own]) if (span !== undefined) within.add(span);
  }
  const answers = new Map(places.map((place) => [place.agent, place]));
  for (const operation of spans) {
    if (operation.facts.node !== "operation" || within.has(operation)) continue;
    const inside = [operation, ...below(operation, children)];
    const own = inside.filter((span) => !within.has(span));
    const place = inside.map((span) => answers.get(span)).find((found) => found !== undefined);
    if (place === undefined) places.push({ operation, own });
    else Object.assign(place, { operation, own: [...own, ...place.own ?? []] });
    for (const span of own) within.add(span);
  }
  const exchanges = inOrder(places);
  const outside = spans.filter((span) => !within.has(span) && isShown(span));
  // What is outside of turns, such as the socket that hears them all, comes after them.
  return outside.length === 0 ? exchanges : [...exchanges, {
    kind: "outside",
    number: 0,
    operation: undefined,
    user: undefined,
    agent: undefined,
    spans: outside,
    ...extentOf(outside),
    quietSeconds: 0,
    bargesIn: false,
  }];
}

/** What an exchange is made of. */
interface Place {
  user?: SpanRow;
  agent?: SpanRow;
  operation?: SpanRow;
  own?: readonly SpanRow[];
}

function inOrder(places: readonly Place[]): readonly Exchange[] {
  let number = 0;
  let spokenUntil: number | undefined;
  let agentBefore: SpanRow | undefined;
  return places
    .map((place) => ({
      ...place,
      extent: extentOf(
        [place.user, place.agent, ...place.own ?? []].filter((span) => span !== undefined),
      ),
    }))
    .sort((a, b) => a.extent.startMs - b.extent.startMs)
    .map(({ user, agent, operation, own = [], extent }): Exchange => {
      const isTurn = user !== undefined || agent !== undefined;
      const bargesIn = user !== undefined && agentBefore?.facts.interrupted === true;
      const quietSeconds = spokenUntil === undefined ? 0 : Math.max(0, extent.startMs - spokenUntil) / 1000;
      spokenUntil = Math.max(spokenUntil ?? extent.endMs, extent.endMs);
      if (isTurn) {
        number++;
        agentBefore = agent;
      }
      return {
        kind: isTurn ? "turn" : "operation",
        number: isTurn ? number : 0,
        operation,
        user,
        agent,
        spans: own.filter(isShown),
        ...extent,
        quietSeconds,
        bargesIn,
      };
    });
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
