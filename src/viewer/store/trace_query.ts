import type { TracePage } from "../api.ts";
import type { Row } from "./row.ts";
import { traceRow } from "./trace_table.ts";
import type { Database } from "./sqlite.ts";

/** Which traces the list shows. */
export interface TraceFilter {
  /** Only those that asked this provider. */
  readonly provider?: string | undefined;
  /** Only those that had errors, none, retries, or a user who barged in. */
  readonly status?: TraceStatus | undefined;
  /** Only those with a turn whose end-to-end latency is at least this, in seconds. */
  readonly slowSeconds?: number | undefined;
  /** Only those later than this place in the list: `next` of the page before. */
  readonly cursor?: string | undefined;
  /** How many at most. */
  readonly limit: number;
}

const STATUS = {
  error: "errors > 0",
  ok: "errors = 0",
  retried: "retries > 0",
  interrupted: "interruptions > 0",
} as const;

/** What can be asked of a trace's fate. */
export type TraceStatus = keyof typeof STATUS;

/** The same as a list, to check what comes over the network. */
export const traceStatuses: readonly TraceStatus[] = Object.keys(STATUS) as TraceStatus[];

/** One page of the list, the latest traces first. */
export function queryTraces(db: Database, filter: TraceFilter): TracePage {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  if (filter.status !== undefined) conditions.push(STATUS[filter.status]);
  if (filter.provider !== undefined) {
    conditions.push("trace_id IN (SELECT trace_id FROM spans WHERE provider = ?)");
    values.push(filter.provider);
  }
  if (filter.slowSeconds !== undefined) {
    conditions.push("e2e_max >= ?");
    values.push(filter.slowSeconds);
  }
  const where = (all: readonly string[]): string => all.length > 0 ? `WHERE ${all.join(" AND ")}` : "";
  const { total } = db.prepare(`SELECT count(*) AS total FROM traces ${where(conditions)}`)
    .get(...values) as { total: number };
  const [, time, traceId] = /^(\d+)\.([0-9a-f]*)$/.exec(filter.cursor ?? "") ?? [];
  if (time !== undefined && traceId !== undefined) {
    conditions.push("(start_us, trace_id) < (?, ?)");
    values.push(Number(time), traceId);
  }
  const rows = db.prepare(
    `SELECT * FROM traces ${where(conditions)} ORDER BY start_us DESC, trace_id DESC LIMIT ?`,
  ).all(...values, filter.limit + 1) as Row[];
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  const more = rows.length > page.length && last !== undefined;
  return {
    rows: page.map(traceRow),
    total,
    ...more ? { next: `${last.start_us}.${last.trace_id}` } : {},
  };
}
