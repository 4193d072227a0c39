import { Fragment, type JSX } from "preact";
import type { SpanRow } from "../api.ts";
import type { Choosing } from "./conversation_view.tsx";
import { formatSeconds, visible } from "./format.ts";
import type { Bar, Lane } from "./lanes.ts";

/** Tries of one call in words, side by side: how each ended, and how long it took until the next and why. */
export function TryFlow({ lane, chosen, choose }: Choosing & { readonly lane: Lane }): JSX.Element {
  return (
    <>
      <div />
      <p class="flow">
        {triesOf(lane).map(({ span, wait }) => (
          <Fragment key={span.spanId}>
            {wait !== undefined && (
              <span class="flow-wait">
                waited {formatSeconds(wait.seconds)}
                {wait.reason !== undefined && ` after ${visible(wait.reason)}`}
              </span>
            )}
            <button
              type="button"
              class={`flow-try ${span.failed ? "bad" : ""}`}
              aria-pressed={chosen === span.spanId}
              onClick={() => choose(span)}
            >
              {fateOf(span)}
            </button>
          </Fragment>
        ))}
      </p>
    </>
  );
}

/** The bars of a lane that are tries of one another; calls of their own are said enough by their bars. */
function triesOf({ bars }: Lane): readonly Bar[] {
  return bars.filter(({ wait }, index) => wait !== undefined || bars[index + 1]?.wait !== undefined);
}

function fateOf({ facts, failed, durationSeconds }: SpanRow): string {
  const fate = facts.httpStatus ?? (failed ? facts.errorType ?? "failed" : facts.outcome ?? "ok");
  return visible(`${facts.provider ?? "try"} ${fate}, ${formatSeconds(durationSeconds)}`);
}
