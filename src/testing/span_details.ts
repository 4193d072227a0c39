import type { AttributeValue, ReceivedSpan } from "../otlp_wire/received.ts";

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

/** What a reader wants to know about an attempt beside its status, each fact as a few words. */
export function spanFacts({ attributes, status }: ReceivedSpan): readonly string[] {
  const facts: string[] = [];
  const add = (fact: string | undefined) => {
    if (fact !== undefined && fact !== "") facts.push(printable(fact));
  };
  const get = (...names: string[]): AttributeValue | undefined =>
    names.map((name) => attributes[name]).find((value) => value !== undefined);

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
  const ttft = get("lk.response.ttft", "gen_ai.response.time_to_first_chunk");
  const ttfb = get("lk.response.ttfb");
  // where audio is all the output there is, they are one
  if (ttft !== ttfb) add(timed("ttft", ttft));
  add(timed("ttfb", ttfb));
  const cached = get("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens");
  const reasoning = get("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_output_tokens");
  add(tokens("in", get("gen_ai.usage.input_tokens"), "cached", cached));
  add(tokens("out", get("gen_ai.usage.output_tokens"), "reasoning", reasoning));
  add(counted(get("teespan.characters"), "character"));
  const audio = get("teespan.audio.duration");
  if (typeof audio === "number") add(`${formatDuration(audio)} of audio`);
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
