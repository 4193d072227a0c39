import type { JSX } from "preact";
import type { TurnMark } from "../api.ts";
import { formatSeconds } from "./format.ts";

const HEIGHT = 26;
/** A bar as high as this is a turn that nobody waits for gladly. */
const FULL_SECONDS = 3;

/** The turns of a conversation, one bar each, as high as its end-to-end latency. */
export function TurnStrip({ turns }: { readonly turns: readonly TurnMark[] }): JSX.Element | null {
  if (turns.length === 0) return null;
  const step = Math.min(9, 150 / turns.length);
  const text = turns.map(({ seconds }) => seconds === undefined ? "unknown" : formatSeconds(seconds)).join(
    ", ",
  );
  return (
    <svg
      class="strip"
      width={step * turns.length}
      height={HEIGHT}
      role="img"
      aria-label={`Latency by turn: ${text}`}
    >
      <title>{`End-to-end latency by turn: ${text}`}</title>
      {turns.map(({ seconds, failed, interrupted }, index) => {
        const height = seconds === undefined
          ? 2
          : Math.max(3, Math.min(1, seconds / FULL_SECONDS) * (HEIGHT - 2));
        const kind = failed ? "failed" : interrupted ? "interrupted" : seconds === undefined ? "unknown" : "";
        return (
          <rect
            key={index}
            class={`mark ${kind}`}
            x={index * step}
            y={HEIGHT - height}
            width={Math.max(1.5, step - 2.5)}
            height={height}
            rx={Math.min(1.5, step / 3)}
          />
        );
      })}
    </svg>
  );
}
