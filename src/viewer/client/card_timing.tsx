import type { JSX } from "preact";
import type { SpanDetail } from "../api.ts";
import { latencySegments } from "./conversation.ts";
import { formatSeconds } from "./format.ts";
import { firstOutput } from "./first_output.tsx";
import { LatencyBar } from "./latency_bar.tsx";

/** An attempt's time as one bar: until the first output, and from there; a turn's latency by its parts. */
export function CardTiming({ span }: { readonly span: SpanDetail }): JSX.Element | null {
  const { facts, durationSeconds } = span;
  const segments = latencySegments(facts);
  if (span.role === "agent_turn" && segments.length > 0) {
    return (
      <section>
        <h3>End-to-end latency</h3>
        <LatencyBar segments={segments} facts={facts} />
      </section>
    );
  }
  if (span.role !== "attempt" || durationSeconds <= 0) return null;
  const first = firstOutput(span);
  const rows = [
    ["Waited before it", facts.retryDelaySeconds],
    ["Connection opened in", facts.connectionReused === true ? undefined : facts.acquireSeconds],
    ["First chunk", facts.firstChunkSeconds === facts.ttftSeconds ? undefined : facts.firstChunkSeconds],
    ["Time to first token", span.operation === "tts" ? undefined : facts.ttftSeconds],
    ["Time to first byte of audio", facts.ttfbSeconds],
    ["Time to first audio", facts.firstAudioSeconds],
    ["Time to first transcript", facts.firstTranscriptSeconds],
    ["Whole attempt", durationSeconds],
  ] as const;
  return (
    <section>
      <h3>Timing</h3>
      {first !== undefined && first <= durationSeconds && (
        <div
          class={`timing op-${span.operation}`}
          role="img"
          aria-label={`First output after ${formatSeconds(first)} of ${formatSeconds(durationSeconds)}`}
        >
          <span class="until-first" style={{ width: `${first / durationSeconds * 100}%` }} />
        </div>
      )}
      <dl class="facts">
        {rows.map(([name, seconds]) =>
          seconds !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{formatSeconds(seconds)}</dd>
            </div>
          )
        )}
      </dl>
    </section>
  );
}
