import type { SpanRow } from "../api.ts";

/** A span in its place. */
export interface TreeNode {
  readonly span: SpanRow;
  readonly depth: number;
  /** Spans below it, at any depth. */
  readonly descendants: number;
}

/** All spans of a trace as one list, each parent before its children. Every span comes once, whatever parent ids say. */
export function layOutTree(spans: readonly SpanRow[]): readonly TreeNode[] {
  const children = childrenOf(spans);
  const places: { readonly span: SpanRow; readonly depth: number }[] = [];
  const seen = new Set<SpanRow>();
  const draw = (root: SpanRow): void => {
    // A stack of our own: a trace may be deeper than the call stack.
    const stack = [{ span: root, depth: 0 }];
    seen.add(root);
    for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
      const { span, depth } = place;
      places.push(place);
      for (const child of (children.get(span.spanId) ?? []).toReversed()) {
        if (seen.has(child)) continue;
        seen.add(child);
        stack.push({ span: child, depth: depth + 1 });
      }
    }
  };
  for (const root of children.get(undefined) ?? []) draw(root);
  // What is left are circles.
  for (const span of spans) if (!seen.has(span)) draw(span);
  return countDescendants(places);
}

/** What stands below a place is what follows it, up to the next one that is no deeper. */
function countDescendants(places: readonly { readonly span: SpanRow; readonly depth: number }[]): TreeNode[] {
  const counts = new Array<number>(places.length).fill(0);
  const open: number[] = [];
  const closeFrom = (depth: number, next: number): void => {
    while (open.length > 0 && places[open.at(-1)!]!.depth >= depth) {
      const index = open.pop()!;
      counts[index] = next - index - 1;
    }
  };
  for (const [index, { depth }] of places.entries()) {
    closeFrom(depth, index);
    open.push(index);
  }
  closeFrom(0, places.length);
  return places.map((place, index) => ({ ...place, descendants: counts[index] ?? 0 }));
}

/** Spans by the id of their parent; those whose parent is not here stand under `undefined`. */
export function childrenOf(spans: readonly SpanRow[]): ReadonlyMap<string | undefined, readonly SpanRow[]> {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return Map.groupBy(
    spans,
    ({ parentId, spanId }) =>
      parentId !== undefined && parentId !== spanId && ids.has(parentId) ? parentId : undefined,
  );
}

/** All spans below one, itself left out. */
export function below(
  span: SpanRow,
  children: ReadonlyMap<string | undefined, readonly SpanRow[]>,
): readonly SpanRow[] {
  const found: SpanRow[] = [];
  const seen = new Set([span]);
  const stack = [span];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    for (const child of children.get(next.spanId) ?? []) {
      if (seen.has(child)) continue;
      seen.add(child);
      found.push(child);
      stack.push(child);
    }
  }
  return found.sort((a, b) => a.startMs - b.startMs);
}

/** When the first of some spans began, and when the last of them ended. */
export function extentOf(spans: readonly SpanRow[]): { readonly startMs: number; readonly endMs: number } {
  return spans.reduce(
    (extent, span) => ({
      startMs: Math.min(extent.startMs, span.startMs),
      endMs: Math.max(extent.endMs, endMs(span)),
    }),
    { startMs: Infinity, endMs: -Infinity },
  );
}

/** When a span ended, in milliseconds since 1970. */
export function endMs(span: SpanRow): number {
  return span.startMs + span.durationSeconds * 1000;
}
