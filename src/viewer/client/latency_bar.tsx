import type { JSX } from "preact";
import type { SpanFacts } from "../api.ts";
import { PART_LABELS, type Segment } from "./conversation.ts";
import { formatSeconds } from "./format.ts";

/** The parts of a turn's latency, end to end, as long as `longest` is wide: bars of one conversation compare. */
export function LatencyBar(
  { segments, facts: { e2eSeconds, e2eSource }, longest }: {
    readonly segments: readonly Segment[];
    /** Of the turn. */
    readonly facts: SpanFacts;
    /** By default the latency itself: a bar on its own is as wide as there is room. */
    readonly longest?: number;
  },
): JSX.Element {
  const whole = e2eSeconds ?? segments.reduce((sum, { seconds }) => sum + seconds, 0);
  const width = longest !== undefined && longest > 0 ? whole / longest * 100 : 100;
  const until = e2eSource === "first_audio" ? "until the first audio came" : "until the agent was heard";
  const words = segments.map(({ part, seconds }) => `${PART_LABELS[part]} ${formatSeconds(seconds)}`).join(
    " + ",
  );
  return (
    <figure class="latency" title={`From where the user stopped speaking ${until}`}>
      <div class="latency-track" role="img" aria-label={`${words} = ${formatSeconds(whole)}`}>
        <div class="latency-bar" style={{ width: `${width}%` }}>
          {segments.map(({ part, seconds }) => (
            <span
              key={part}
              class={`part part-${part}`}
              style={{ flexGrow: String(seconds) }}
              title={`${PART_LABELS[part]}: ${formatSeconds(seconds)}`}
            />
          ))}
        </div>
      </div>
      <figcaption>
        {segments.map(({ part, seconds }) => (
          <span key={part} class="term">
            <i class={`swatch part-${part}`} />
            {PART_LABELS[part]} <b>{formatSeconds(seconds)}</b>
          </span>
        ))}
        <span class="term sum">
          = <b>{formatSeconds(whole)}</b>
        </span>
      </figcaption>
    </figure>
  );
}

/** What the colors mean. */
export function Legend({ parts }: { readonly parts: ReadonlySet<Segment["part"]> }): JSX.Element {
  return (
    <p class="legend muted">
      A turn's latency, from where the user stopped speaking:{" "}
      {(Object.keys(PART_LABELS) as Segment["part"][]).filter((part) => parts.has(part)).map((part) => (
        <span key={part} class="term">
          <i class={`swatch part-${part}`} />
          {PART_LABELS[part]}
        </span>
      ))}
    </p>
  );
}
