import type { ReceivedSpan } from "../otlp_wire/received.ts";

type Attributes = ReceivedSpan["attributes"];

/** The parts of what the user waited for, in their order, as their attributes and as people call them. */
const PARTS = [
  ["transcription", "transcription"],
  ["end_of_turn", "end of turn"],
  ["reply", "reply"],
  ["llm_ttft", "llm"],
  ["tool_call", "tool call"],
  ["tools", "tools"],
  ["llm_follow_up", "llm again"],
  ["speech_wait", "speech wait"],
  ["tts_ttfb", "tts"],
  ["playback", "playback"],
] as const;

/** Of those, what comes before the decision that the agent answers, with which its turn begins. */
const BEFORE = new Set<string>(["transcription", "end_of_turn"]);

/** What the user waited for in a turn of the agent, in parts: names with seconds, none that took no time. */
export function waitParts(attributes: Attributes): readonly (readonly [name: string, seconds: number])[] {
  return PARTS.map(([key, name]) => [name, secondsOf(attributes, key)] as const)
    .filter(([, seconds]) => seconds >= 0.0005);
}

/** Start of a turn of the agent → it could be heard; `undefined` where that is not known. */
export function silentSeconds(attributes: Attributes): number | undefined {
  if (typeof attributes["lk.e2e_latency"] !== "number") return undefined;
  return PARTS.reduce((sum, [key]) => BEFORE.has(key) ? sum : sum + secondsOf(attributes, key), 0);
}

/** By whom a turn was interrupted, if it was. */
export function interruption(attributes: Attributes): string | undefined {
  if (attributes["lk.interrupted"] !== true) return undefined;
  return attributes["lk.interruption.source"] === "programmatic" ? "interrupted" : "interrupted by the user";
}

/** How many turns were heard on a recognition. */
export function heardTurns({ events }: ReceivedSpan): number | undefined {
  return events.filter(({ name }) => name === "user_turn").length || undefined;
}

function secondsOf(attributes: Attributes, part: string): number {
  const seconds = attributes[`teespan.turn.latency.${part}`];
  return typeof seconds === "number" ? seconds : 0;
}
