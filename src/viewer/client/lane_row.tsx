import { Fragment, type JSX } from "preact";
import type { SpanRow } from "../api.ts";
import type { Choosing } from "./conversation_view.tsx";
import { UntilFirst } from "./first_output.tsx";
import { formatSeconds, visible } from "./format.ts";
import { Icon } from "./icons.tsx";
import type { Bar, Lane } from "./lanes.ts";
import { percentAt, percentOf, type Scale } from "./scale.ts";
import { endMs } from "./span_tree.ts";
import { TryFlow } from "./try_flow.tsx";

/** A lane: tries of one call, side by side. */
export function LaneRow(
  { lane, scale, chosen, choose }: Choosing & {
    readonly lane: Lane;
    readonly scale: Scale;
  },
): JSX.Element {
  const last = lane.bars.at(-1)!.span;
  const providers = [...new Set(lane.bars.flatMap(({ span }) => span.facts.provider ?? []))];
  const percent = (ms: number): number => percentAt(scale, ms);
  // Between two tries there is none: what became of the first is said below.
  const hasRoom = (index: number): boolean => {
    const next = lane.bars[index + 1]?.span;
    return next === undefined || percent(next.startMs) - percent(endMs(lane.bars[index]!.span)) > 18;
  };
  return (
    <>
      <div
        class="lane-label"
        title={[lane.label, ...providers, last.facts.model].filter(Boolean).join(" · ")}
      >
        <span>{visible(lane.label)}</span>
        <span class="muted">{visible(providers.join(" → "))}</span>
      </div>
      <div class="track">
        {lane.bars.map(({ span, wait }, index) => (
          <Fragment key={span.spanId}>
            {wait !== undefined && (
              <Wait
                wait={wait}
                left={percent(wait.startMs)}
                right={percent(span.startMs)}
              />
            )}
            <AttemptBar
              span={span}
              left={percent(span.startMs)}
              width={percentOf(scale, span.durationSeconds)}
              words={hasRoom(index) ? barWords(span) : []}
              pressed={chosen === span.spanId}
              choose={() => choose(span)}
            />
          </Fragment>
        ))}
      </div>
      {lane.bars.some(({ wait }) => wait !== undefined) && (
        <TryFlow lane={lane} chosen={chosen} choose={choose} />
      )}
    </>
  );
}

function Wait(
  { wait, left, right }: {
    readonly wait: NonNullable<Bar["wait"]>;
    readonly left: number;
    readonly right: number;
  },
): JSX.Element {
  const reason = wait.reason === undefined ? "" : ` after ${visible(wait.reason)}`;
  return (
    <span
      class="wait"
      style={{ left: `${left}%`, width: `${Math.max(0.4, right - left)}%` }}
      title={`Waited ${formatSeconds(wait.seconds)}${reason}`}
    />
  );
}

function AttemptBar(
  { span, left, width, words, pressed, choose }: {
    readonly span: SpanRow;
    readonly left: number;
    readonly width: number;
    readonly words: readonly string[];
    readonly pressed: boolean;
    readonly choose: () => void;
  },
): JSX.Element {
  const { facts, operation = "tool" } = span;
  return (
    <button
      type="button"
      class={`try op-${operation} ${span.failed ? "failed" : ""} ${wordsPlace(left, width)}`}
      style={{ left: `${left}%`, width: `${width}%` }}
      aria-pressed={pressed}
      aria-label={[span.name, facts.provider, ...barWords(span)].filter(Boolean).join(", ")}
      data-span={span.spanId}
      onClick={choose}
    >
      <UntilFirst span={span} />
      {words.length > 0 && (
        <span class="try-words">
          {facts.connectionReused === true && <Icon name="reuse" size={11} />}
          {facts.acquireSeconds !== undefined && facts.connectionReused !== true && (
            <Icon name="plug" size={11} />
          )}
          {words.join(" · ")}
        </span>
      )}
    </button>
  );
}

/** Where there is room for words, in percent of the track: after the bar, before it, in it, or nowhere. */
function wordsPlace(left: number, width: number): string {
  const needed = matchMedia("(max-width: 760px)").matches ? 60 : 32;
  if (left + width <= 100 - needed) return "";
  if (left >= needed) return "before";
  return width >= needed ? "inside" : "wordless";
}

/** What stands beside a bar: its fate if it is not plain, else its first output. */
function barWords(span: SpanRow): readonly string[] {
  const { facts } = span;
  const words: string[] = [];
  if (span.failed) {
    words.push(facts.errorType ?? (facts.httpStatus === undefined ? "failed" : String(facts.httpStatus)));
  } else if (facts.outcome !== undefined && facts.outcome !== "success") words.push(facts.outcome);
  if ((facts.retryCount ?? 0) > 0) {
    const wait = facts.retryDelaySeconds;
    words.push(`retry ${facts.retryCount}${wait === undefined ? "" : ` after ${formatSeconds(wait)}`}`);
  }
  const first = span.operation === "tts"
    ? ["ttfb", facts.ttfbSeconds] as const
    : span.operation === "stt"
    ? ["first transcript", facts.firstTranscriptSeconds] as const
    : ["ttft", facts.ttftSeconds] as const;
  if (first[1] !== undefined) words.push(`${first[0]} ${formatSeconds(first[1])}`);
  if (facts.acquireSeconds !== undefined && facts.connectionReused !== true) {
    words.push(`opened in ${formatSeconds(facts.acquireSeconds)}`);
  }
  if (facts.connectionReused === true) words.push("reused");
  if (words.length === 0) words.push(formatSeconds(span.durationSeconds));
  return words.map(visible);
}
