import type { JSX } from "preact";
import type { SpanRow } from "../api.ts";

/** When the first output came, in seconds from the start of the attempt. */
export function firstOutput({ facts }: SpanRow): number | undefined {
  return facts.ttftSeconds ?? facts.firstChunkSeconds ?? facts.firstAudioSeconds ?? facts.ttfbSeconds;
}

/** The part of an attempt's bar that stands for the time until its first output. */
export function UntilFirst({ span }: { readonly span: SpanRow }): JSX.Element | null {
  const first = firstOutput(span);
  if (first === undefined || span.durationSeconds === 0) return null;
  const share = Math.min(1, first / span.durationSeconds);
  return share > 0 ? <span class="until-first" style={{ width: `${share * 100}%` }} /> : null;
}
