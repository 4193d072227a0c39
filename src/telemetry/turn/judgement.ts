/**
 * The span of a judgement on whether the user has finished.
 *
 * @module
 */

import { type Context, SpanKind, type Tracer } from "@opentelemetry/api";
import { spanName } from "../../semconv.ts";
import * as attr from "../../semconv_attributes.ts";
import type { EndOfTurn } from "../../types.ts";
import { knownAttributes } from "../instruments.ts";

/** What was judged, by whom and when: milliseconds since the Unix epoch. */
export interface Judgement extends EndOfTurn {
  /** Who judged. */
  readonly source: string;
  /** When speech stopped, or thought about it began. */
  readonly from: number;
  /** When the judgement was there. */
  readonly to: number;
}

/** Leaves the span, below that of the turn, which began at `turnBeganAt`. */
export function recordJudgement(
  tracer: Tracer,
  turn: Context,
  { probability, source, eager, from, to }: Judgement,
  turnBeganAt: number,
): void {
  tracer.startSpan(spanName.eouDetection, {
    kind: SpanKind.INTERNAL,
    startTime: Math.max(from, turnBeganAt),
    attributes: knownAttributes({
      [attr.eouProbability]: probability,
      [attr.eouSource]: source,
      [attr.eouEager]: eager || undefined,
      [attr.eouDetectionDelay]: to > from ? (to - from) / 1000 : undefined,
    }),
  }, turn).end(to);
}
