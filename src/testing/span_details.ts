import type { AttributeValue, ReceivedSpan } from "../otlp_wire/received.ts";
import { heardTurns, interruption, waitParts } from "./turn_details.ts";

/** A duration as people read it: milliseconds under one second, else seconds. */
export function formatDuration(seconds: number): string {
  const milliseconds = seconds * 1000;
  if (Math.abs(milliseconds) < 9.95) return `${Number(milliseconds.toFixed(1))} ms`;
  return Math.abs(milliseconds) < 999.5 ? `${Math.round(milliseconds)} ms` : `${seconds.toFixed(2)} s`;
}

/** The provider's request ids of a span. */
export function requestIds({ attributes }: ReceivedSpan): readonly string[] {
  const ids = attributes["lk.provider_request_ids"];
  return (Array.isArray(ids) ? ids : [ids]).filter((id) => typeof id === "string").map(printable);
}

/** What a reader wants to know about a span beside its status, each fact as a few words. */
export function spanFacts(span: ReceivedSpan): readonly string[] {
  const { attributes, status } = span;
  const facts: string[] = [];
  const add = (fact: string | undefined) => {
    if (fact !== undefined && fact !== "") facts.push(printable(fact));
  };
  const get = (...names: string[]): AttributeValue | undefined =>
    names.map((name) => attributes[name]).find((value) => value !== undefined);

  add(labelled("", get("lk.function_tool.name", "gen_ai.tool.name")));
  add(labelled("for", get("llm.use_case")));
  add(labelled("at", get("llm.call_site")));
  const requested = get("gen_ai.request.model");
  const responded = get("gen_ai.response.model");
  const models = [requested, responded === requested ? undefined : responded].filter((model) =>
    model !== undefined
  );
  add(
    [get("gen_ai.provider.name"), models.join(" → ")].filter((part) => part !== undefined && part !== "")
      .join(" "),
  );
  const httpStatus = get("http.response.status_code");
  add(labelled("HTTP", httpStatus));
  const error = get("error.type");
  if (error !== status.message && error !== String(httpStatus)) add(labelled("", error));
  add(labelled("", get("teespan.error.code")));
  const outcome = get("teespan.outcome");
  if (outcome !== "success" && !(outcome === "error" && status.code === "ERROR")) add(labelled("", outcome));
  const retries = get("lk.retry_count");
  if (retries !== 0) add(labelled("retry", retries));
  add(interruption(attributes));
  const endToEnd = get("lk.e2e_latency");
  add(timed("e2e", endToEnd));
  if (endToEnd === undefined) {
    const heard = get("teespan.stt.time_to_first_transcript");
    const ttft = get("lk.response.ttft", "gen_ai.response.time_to_first_chunk");
    const ttfb = get("lk.response.ttfb");
    add(timed("first transcript", heard));
    // where audio is all the output there is, they are one
    if (ttft !== ttfb && heard === undefined) add(timed("ttft", ttft));
    add(timed("ttfb", ttfb));
    add(timed("transcription", get("lk.transcription_delay")));
    add(timed("end of turn", get("lk.end_of_turn_delay")));
  } else for (const [name, seconds] of waitParts(attributes)) add(timed(name, seconds));
  add(rounded("confidence", get("lk.transcript_confidence")));
  add(rounded("probability", get("lk.eou.probability")));
  add(labelled("clock", get("teespan.turn.clock")));
  const turnOutcome = get("teespan.turn.outcome");
  if (turnOutcome !== "committed") add(labelled("", turnOutcome));
  add(labelled("", get("lk.speech_id")));
  const cached = get("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens");
  const reasoning = get("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_output_tokens");
  add(tokens("in", get("gen_ai.usage.input_tokens"), "cached", cached));
  add(tokens("out", get("gen_ai.usage.output_tokens"), "reasoning", reasoning));
  add(counted(get("teespan.characters"), "character"));
  const audio = get("teespan.audio.duration");
  if (typeof audio === "number") add(`${formatDuration(audio)} of audio`);
  const sent = get("teespan.audio.sent_duration");
  if (typeof sent === "number") add(`${formatDuration(sent)} of audio heard`);
  add(counted(heardTurns(span), "turn"));
  add(timed("socket opened in", get("teespan.connection.acquire_time")));
  if (get("teespan.connection.reused") === true) add("socket reused");
  const reasons = get("gen_ai.response.finish_reasons");
  add(labelled("finish", Array.isArray(reasons) ? reasons.join(", ") || undefined : reasons));
  return facts;
}

/** Text without what would move the cursor of a terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

function labelled(label: string, value: AttributeValue | undefined): string | undefined {
  return value === undefined ? undefined : `${label} ${value}`.trim();
}

function timed(label: string, seconds: AttributeValue | undefined): string | undefined {
  return typeof seconds === "number" ? `${label} ${formatDuration(seconds)}` : undefined;
}

function rounded(label: string, share: AttributeValue | undefined): string | undefined {
  return typeof share === "number" ? `${label} ${Number(share.toFixed(2))}` : undefined;
}

function counted(count: AttributeValue | undefined, what: string): string | undefined {
  return count === undefined ? undefined : `${count} ${what}${count === 1 ? "" : "s"}`;
}

function tokens(
  label: string,
  total: AttributeValue | undefined,
  partLabel: string,
  part: AttributeValue | undefined,
): string | undefined {
  if (total === undefined && part === undefined) return undefined;
  const detail = part === undefined || (part === 0 && total !== undefined) ? "" : ` (${part} ${partLabel})`;
  return `${total ?? "?"} ${label}${detail}`;
}
