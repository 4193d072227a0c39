import type { ProviderCount, TraceRow, TurnMark } from "../api.ts";
import { quantile } from "./quantile.ts";
import { known, type Row } from "./row.ts";
import type { Database } from "./sqlite.ts";

/** The table of traces: what the list shows, summed up whenever spans of one come. */
export interface TraceTable {
  /** Sums a trace up anew; forgets it when it has no spans left. */
  refresh(traceId: string): void;
  /** One trace. */
  get(traceId: string): TraceRow | undefined;
  /** Traces of the same conversation, the latest first. */
  ofConversation(conversationId: string): readonly TraceRow[];
}

/** How many turns the strip of a row shows: the latest ones. */
const MAX_MARKS = 48;

/** Opens the table of traces. `updated` numbers the changes, so that the oldest can go first. */
export function openTraceTable(db: Database): TraceTable {
  const totals = db.prepare(`
    SELECT count(*) AS spans, min(start_us) AS start_us, max(start_us + duration_ns / 1000) AS end_us,
      sum(role = 'user_turn') AS user_turns, sum(role = 'agent_turn') AS agent_turns, sum(role = 'attempt') AS attempts,
      sum(role = 'attempt' AND retry > 0) AS retries, sum(role = 'agent_turn' AND interrupted = 1) AS interruptions,
      max(conversation_id) AS conversation_id, max(role = 'session') AS session
    FROM spans WHERE trace_id = ?`);
  // A failure climbs: what failed because of what it called is the same error, told again.
  const errors = db.prepare(`
    SELECT count(*) AS errors FROM spans s WHERE trace_id = ?1 AND failed AND NOT EXISTS (
      SELECT 1 FROM spans c WHERE c.trace_id = ?1 AND c.failed AND c.parent_id = s.span_id)`);
  // The root; else what stands in for it until it comes.
  const root = db.prepare(`
    SELECT name, service, parent_id IS NULL AS complete FROM spans WHERE trace_id = ?
    ORDER BY parent_id IS NOT NULL, role = 'session' DESC, start_us LIMIT 1`);
  const turns = db.prepare(`
    SELECT span_id, e2e, failed, interrupted FROM spans WHERE trace_id = ? AND role = 'agent_turn' ORDER BY start_us`);
  const failedTurns = db.prepare(`
    WITH RECURSIVE up (span_id, parent_id, role) AS (
      SELECT span_id, parent_id, role FROM spans WHERE trace_id = ?1 AND failed
      UNION SELECT s.span_id, s.parent_id, s.role FROM up JOIN spans s ON s.trace_id = ?1 AND s.span_id = up.parent_id)
    SELECT span_id FROM up WHERE role = 'agent_turn'`);
  const providers = db.prepare(`
    SELECT provider AS name, count(*) AS attempts, sum(failed) AS errors FROM spans
    WHERE trace_id = ? AND role = 'attempt' AND provider IS NOT NULL GROUP BY provider ORDER BY attempts DESC, name`);
  const next = db.prepare("SELECT coalesce(max(updated), 0) + 1 AS updated FROM traces");
  const remove = db.prepare("DELETE FROM traces WHERE trace_id = ?");
  const write = db.prepare(`INSERT OR REPLACE INTO traces VALUES (${Array(20).fill("?").join(", ")})`);
  const one = db.prepare("SELECT * FROM traces WHERE trace_id = ?");
  const ofConversation = db.prepare(
    "SELECT * FROM traces WHERE conversation_id = ? ORDER BY start_us DESC LIMIT 50",
  );

  return {
    refresh(traceId) {
      const sums = totals.get(traceId) as Row;
      if (sums.spans === 0) return void remove.run(traceId);
      const top = root.get(traceId) as Row;
      const failed = new Set((failedTurns.all(traceId) as Row[]).map(({ span_id }) => span_id));
      const agentTurns = turns.all(traceId) as Row[];
      const marks = agentTurns.slice(-MAX_MARKS).map((turn): TurnMark => ({
        ...known({ seconds: turn.e2e as number | null }),
        failed: turn.failed === 1 || failed.has(turn.span_id ?? null),
        interrupted: turn.interrupted === 1,
      }));
      const e2e = agentTurns.flatMap(({ e2e }) => typeof e2e === "number" ? [e2e] : []).sort((a, b) => a - b);
      write.run(
        traceId,
        top.name ?? "",
        sums.session ?? 0,
        top.complete ?? 0,
        sums.conversation_id ?? null,
        top.service ?? null,
        sums.start_us ?? 0,
        sums.end_us ?? 0,
        sums.spans ?? 0,
        sums.user_turns ?? 0,
        sums.agent_turns ?? 0,
        sums.attempts ?? 0,
        (errors.get(traceId) as Row).errors ?? 0,
        sums.retries ?? 0,
        sums.interruptions ?? 0,
        e2e.length === 0 ? null : quantile(e2e, 0.5),
        e2e.at(-1) ?? null,
        JSON.stringify(marks),
        JSON.stringify(providers.all(traceId)),
        (next.get() as Row).updated ?? 0,
      );
    },
    get: (traceId) => {
      const row = one.get(traceId) as Row | undefined;
      return row && traceRow(row);
    },
    ofConversation: (id) => (ofConversation.all(id) as Row[]).map(traceRow),
  };
}

/** A trace as the page gets it. */
export function traceRow(row: Row): TraceRow {
  return {
    traceId: String(row.trace_id),
    name: String(row.name),
    isSession: row.session === 1,
    complete: row.complete === 1,
    ...known({
      conversationId: row.conversation_id as string | null,
      service: row.service as string | null,
      e2eP50: row.e2e_p50 as number | null,
      e2eMax: row.e2e_max as number | null,
    }),
    startMs: Number(row.start_us) / 1e3,
    durationSeconds: (Number(row.end_us) - Number(row.start_us)) / 1e6,
    spans: Number(row.spans),
    userTurns: Number(row.user_turns),
    agentTurns: Number(row.agent_turns),
    attempts: Number(row.attempts),
    errors: Number(row.errors),
    retries: Number(row.retries),
    interruptions: Number(row.interruptions),
    turns: JSON.parse(String(row.turns)) as TurnMark[],
    providers: JSON.parse(String(row.providers)) as ProviderCount[],
  };
}
