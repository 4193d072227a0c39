import type { JSX } from "preact";
import { formatSeconds } from "./format.ts";

const STEPS = [
  0.001,
  0.002,
  0.005,
  0.01,
  0.02,
  0.05,
  0.1,
  0.2,
  0.5,
  1,
  2,
  5,
  10,
  15,
  30,
  60,
  120,
  300,
  600,
  1800,
  3600,
];

/** Marks of time below a track, from where the trace began. */
export function Ruler(
  { startMs, endMs, originMs }: {
    readonly startMs: number;
    readonly endMs: number;
    readonly originMs: number;
  },
): JSX.Element {
  const seconds = (endMs - startMs) / 1000;
  const most = matchMedia("(max-width: 760px)").matches ? 4 : 8;
  const step = STEPS.find((one) => seconds / one <= most) ?? 7200;
  const first = Math.ceil((startMs - originMs) / 1000 / step - 1e-9) * step;
  const ticks = Array.from({ length: 10 }, (_, index) => first + index * step)
    .map((at) => ({ at, share: (at - (startMs - originMs) / 1000) / seconds }))
    .filter(({ share }) => share >= -1e-9 && share <= 0.97);
  return (
    <div class="ruler" aria-hidden="true">
      {ticks.map(({ at, share }) => (
        <span key={at} style={{ left: `${share * 100}%` }}>{label(at, step)}</span>
      ))}
    </div>
  );
}

function label(seconds: number, step: number): string {
  if (step >= 60) return seconds === 0 ? "0" : formatSeconds(seconds);
  if (seconds >= 60) {
    const rest = (seconds % 60).toFixed(step < 1 ? 1 : 0).padStart(step < 1 ? 4 : 2, "0");
    return `${Math.floor(seconds / 60)}:${rest}`;
  }
  if (step >= 1) return `${Math.round(seconds)} s`;
  return step >= 0.1 ? `${seconds.toFixed(1)} s` : `${Number((seconds * 1000).toFixed(1))} ms`;
}
