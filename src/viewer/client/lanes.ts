import type { SpanRow } from "../api.ts";
import { endMs } from "./span_tree.ts";

/** One line of an exchange: tries of the same call, one after the other. */
export interface Lane {
  readonly label: string;
  readonly bars: readonly Bar[];
}

/** One bar of a lane. */
export interface Bar {
  readonly span: SpanRow;
  /** What lies between it and the try before it, where it is another try of the same. */
  readonly wait:
    | { readonly startMs: number; readonly seconds: number; readonly reason: string | undefined }
    | undefined;
}

/** A stretch in which nothing was traced. */
export interface Gap {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Attempts and tools as lanes. Tries of one call share a lane, side by side, with the wait between them; what runs at
 * the same time gets a lane of its own.
 */
export function layOutLanes(spans: readonly SpanRow[]): readonly Lane[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const parents = new Set(spans.map(({ parentId }) => parentId));
  const lanes: { key: string; label: string; bars: Bar[] }[] = [];
  for (const span of spans) {
    // A node around attempts names their lane; one without any is a line itself, such as a tool.
    if (span.role === "end_of_turn" || (span.role === "node" && parents.has(span.spanId))) continue;
    const node = byId.get(span.parentId ?? "");
    const label = laneLabel(span, node);
    const key = `${span.parentId} ${span.operation ?? span.spanId}`;
    const free = lanes.filter((one) => one.key === key && endMs(one.bars.at(-1)!.span) <= span.startMs + 1);
    // Behind a call of the same; else, as what was fallen back on, behind one that failed.
    const lane = free.find(({ bars }) => isSameCall(bars.at(-1)!.span, span)) ??
      free.find(({ bars }) => bars.at(-1)!.span.failed);
    if (lane === undefined) lanes.push({ key, label, bars: [{ span, wait: undefined }] });
    else lane.bars.push({ span, wait: waitBetween(lane.bars.at(-1)!.span, span) });
  }
  return lanes;
}

function isSameCall({ facts: one }: SpanRow, { facts: other }: SpanRow): boolean {
  return one.provider === other.provider && one.model === other.model;
}

/** Where nothing was traced between the beginning and the end of what is looked at. */
export function findGaps(spans: readonly SpanRow[], startMs: number, untilMs: number): readonly Gap[] {
  const least = Math.max(40, (untilMs - startMs) * 0.03);
  const gaps: Gap[] = [];
  let covered = startMs;
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const start = Math.min(span.startMs, untilMs);
    if (start - covered >= least) gaps.push({ startMs: covered, endMs: start });
    covered = Math.max(covered, endMs(span));
  }
  if (untilMs - covered >= least) gaps.push({ startMs: covered, endMs: untilMs });
  return gaps;
}

function laneLabel(span: SpanRow, node: SpanRow | undefined): string {
  if (span.role === "node") return span.facts.toolName ?? span.name;
  const generic = node === undefined || /^(?:llm|tts)_node$/.test(node.name) || node.role !== "node";
  return generic ? (span.operation ?? span.name).toUpperCase() : node.name;
}

function waitBetween(before: SpanRow, after: SpanRow): Bar["wait"] {
  const again = (after.facts.retryCount ?? 0) > 0 || before.failed;
  if (!again) return undefined;
  const startMs = endMs(before);
  const seconds = after.facts.retryDelaySeconds ?? Math.max(0, after.startMs - startMs) / 1000;
  return { startMs, seconds, reason: after.facts.retryReason ?? before.facts.errorType };
}
