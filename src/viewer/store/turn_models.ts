import type { Row } from "./row.ts";
import type { Database } from "./sqlite.ts";

/**
 * The model that answered in each agent turn, by `<trace id>.<span id>` of the turn: that of the last attempt below it
 * that asked an LLM or a realtime model and did not fail.
 */
export function turnModels(db: Database, traceIds: ReadonlySet<string>): ReadonlyMap<string, string> {
  const models = new Map<string, string>();
  const statement = db.prepare(`
    SELECT span_id, parent_id, role, operation, model, failed FROM spans WHERE trace_id = ? ORDER BY start_us`);
  for (const traceId of traceIds) {
    const rows = statement.all(traceId) as Row[];
    const byId = new Map(rows.map((row) => [row.span_id, row]));
    for (const row of rows) {
      if (row.model === null || row.failed === 1) continue;
      if (row.operation !== "llm" && row.operation !== "realtime") continue;
      const turn = climb(row, byId);
      if (turn !== undefined) models.set(`${traceId}.${turn.span_id}`, String(row.model));
    }
  }
  return models;
}

/** The agent turn above a span. Parent ids come over the network: a circle of them must end too. */
function climb(from: Row, byId: ReadonlyMap<unknown, Row>): Row | undefined {
  let row: Row | undefined = from;
  for (let steps = 0; row !== undefined && steps < 32; steps++) {
    if (row.role === "agent_turn") return row;
    row = byId.get(row.parent_id);
  }
  return undefined;
}
