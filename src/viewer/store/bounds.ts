import type { Row } from "./row.ts";
import type { Database } from "./sqlite.ts";

/** How much is kept. */
export interface StoreBounds {
  /** Spans at most. */
  readonly maxSpans: number;
  /** Points of metrics at most. */
  readonly maxPoints: number;
  /** What spans and points may take in all, in bytes. */
  readonly maxBytes: number;
}

/** What is kept, and what had to go. */
export interface StoreFill {
  readonly spans: number;
  readonly points: number;
  readonly bytes: number;
  readonly droppedTraces: number;
  readonly droppedSpans: number;
  readonly droppedPoints: number;
}

/** Keeps the store within its bounds. */
export interface BoundKeeper {
  /** Drops what is too much, the oldest traces first; says which traces are gone or smaller. */
  keep(): readonly string[];
  /** How full it is. */
  fill(): StoreFill;
  /** Forgets what was counted as dropped. */
  reset(): void;
}

/** Makes the keeper. */
export function openBounds(db: Database, bounds: StoreBounds): BoundKeeper {
  const spanSums = db.prepare("SELECT count(*) AS rows, coalesce(sum(bytes), 0) AS bytes FROM spans");
  const pointSums = db.prepare("SELECT count(*) AS rows, coalesce(sum(bytes), 0) AS bytes FROM points");
  const oldest = db.prepare("SELECT trace_id, spans FROM traces ORDER BY updated LIMIT 2");
  const dropTrace = db.prepare("DELETE FROM spans WHERE trace_id = ?");
  const forgetTrace = db.prepare("DELETE FROM traces WHERE trace_id = ?");
  const traceBytes = db.prepare("SELECT sum(bytes) AS bytes FROM spans WHERE trace_id = ?");
  const dropSpans = db.prepare(
    "DELETE FROM spans WHERE row IN (SELECT row FROM spans WHERE trace_id = ? ORDER BY start_us LIMIT ?)",
  );
  const dropPoints = db.prepare(
    "DELETE FROM points WHERE row IN (SELECT row FROM points ORDER BY row LIMIT ?)",
  );
  const count = db.prepare(
    "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
  );
  const counters = db.prepare("SELECT name, value FROM counters");
  const forgetCounters = db.prepare("DELETE FROM counters");

  function keepPoints(): number {
    const { rows, bytes } = pointSums.get() as Row;
    // Points may take a quarter of the room: spans are what one comes for.
    const byBytes = Number(bytes) > bounds.maxBytes / 4 ? Math.ceil(Number(rows) / 4) : 0;
    const excess = Math.max(Number(rows) - bounds.maxPoints, byBytes);
    if (excess <= 0) return Number(bytes);
    dropPoints.run(excess);
    count.run("droppedPoints", excess);
    return Number((pointSums.get() as Row).bytes);
  }

  return {
    keep() {
      const changed: string[] = [];
      const maxBytes = bounds.maxBytes - keepPoints();
      const sums = spanSums.get() as Row;
      let [rows, bytes] = [Number(sums.rows), Number(sums.bytes)];
      while (rows > bounds.maxSpans || (bytes > maxBytes && rows > 1)) {
        const [first, second] = oldest.all() as Row[];
        if (first === undefined) break;
        const traceId = String(first.trace_id);
        changed.push(traceId);
        if (second === undefined) {
          // One trace fills all there is: its own oldest spans go.
          const excess = Math.max(rows - bounds.maxSpans, bytes > maxBytes ? Math.ceil(rows / 4) : 0);
          count.run("droppedSpans", Number(dropSpans.run(traceId, excess).changes));
        } else {
          const freed = Number((traceBytes.get(traceId) as Row).bytes);
          const gone = Number(dropTrace.run(traceId).changes);
          forgetTrace.run(traceId);
          count.run("droppedTraces", 1);
          count.run("droppedSpans", gone);
          rows -= gone;
          bytes -= freed;
          continue;
        }
        const left = spanSums.get() as Row;
        [rows, bytes] = [Number(left.rows), Number(left.bytes)];
      }
      return changed;
    },
    fill() {
      const [spans, points] = [spanSums.get() as Row, pointSums.get() as Row];
      const dropped = new Map((counters.all() as Row[]).map(({ name, value }) => [name, Number(value)]));
      return {
        spans: Number(spans.rows),
        points: Number(points.rows),
        bytes: Number(spans.bytes) + Number(points.bytes),
        droppedTraces: dropped.get("droppedTraces") ?? 0,
        droppedSpans: dropped.get("droppedSpans") ?? 0,
        droppedPoints: dropped.get("droppedPoints") ?? 0,
      };
    },
    reset: () => void forgetCounters.run(),
  };
}
