import type { SearchHit } from "../api.ts";
import type { Row } from "./row.ts";
import type { Database } from "./sqlite.ts";

const MAX_HITS = 30;
/** Shorter pieces of an id are in too many of them. */
const MIN_PIECE = 4;

const SPAN = "s.trace_id, s.span_id, s.name, s.provider, s.model, s.start_us, s.failed";

/**
 * Finds what an id belongs to: whole, by its beginning, or by a piece of it. What is pasted may be a sentence of a
 * support desk: then its words are tried.
 */
export function search(db: Database, query: string): readonly SearchHit[] {
  const whole = query.trim().slice(0, 512);
  if (whole === "") return [];
  const hits = find(db, whole);
  if (hits.length > 0) return hits;
  const words = whole.split(/[\s"'`<>()[\]{},;=]+/).map((word) => word.replace(/^[\w-]+:|[.:]+$/g, ""));
  for (const word of new Set(words.toSorted((a, b) => b.length - a.length).slice(0, 12))) {
    if (word.length < 6 || word === whole) continue;
    const found = find(db, word, true);
    if (found.length > 0) return found;
  }
  return [];
}

function find(db: Database, text: string, idsOnly = false): readonly SearchHit[] {
  const hits: SearchHit[] = [];
  const seen = new Set<string>();
  const add = (what: SearchHit["what"], rows: readonly unknown[]) => {
    for (const row of rows as Row[]) {
      const key = `${row.trace_id}.${row.span_id ?? ""}`;
      if (seen.has(key) || hits.length >= MAX_HITS) continue;
      seen.add(key);
      hits.push(hit(what, row, text));
    }
  };
  const prefix = `${escapeLike(text)}%`;
  const piece = `%${escapeLike(text)}%`;
  const byId = (condition: string): string =>
    `SELECT ${SPAN}, i.value AS matched FROM ids i JOIN spans s ON s.row = i.row WHERE i.value ${condition}
     ORDER BY s.start_us DESC LIMIT ${MAX_HITS}`;
  add("request id", db.prepare(byId("= ?")).all(text));
  const traces = "SELECT trace_id, name, start_us, errors > 0 AS failed";
  if (/^[0-9a-f]{4,32}$/i.test(text)) {
    add(
      "trace id",
      db.prepare(`${traces}, trace_id AS matched FROM traces WHERE trace_id LIKE ? LIMIT 10`).all(prefix),
    );
    add(
      "span id",
      db.prepare(`SELECT ${SPAN}, s.span_id AS matched FROM spans s WHERE s.span_id = ? LIMIT 10`).all(text),
    );
  }
  add(
    "conversation id",
    db.prepare(
      `${traces}, conversation_id AS matched FROM traces WHERE conversation_id LIKE ? ESCAPE '\\'
       ORDER BY start_us DESC LIMIT 10`,
    ).all(prefix),
  );
  if (idsOnly && hits.length > 0) return hits;
  if (text.length >= MIN_PIECE) {
    add("request id", db.prepare(byId("LIKE ? ESCAPE '\\'")).all(prefix));
    if (hits.length === 0) add("request id", db.prepare(byId("LIKE ? ESCAPE '\\'")).all(piece));
  }
  if (!idsOnly && text.length >= 2) {
    add(
      "name",
      db.prepare(
        `${traces}, name AS matched FROM traces WHERE name LIKE ?1 ESCAPE '\\' OR service LIKE ?1 ESCAPE '\\'
         ORDER BY start_us DESC LIMIT 10`,
      ).all(piece),
    );
  }
  return hits;
}

function hit(what: SearchHit["what"], row: Row, text: string): SearchHit {
  const matched = String(row.matched);
  const detail = [row.provider, row.model].filter((part) => part !== null && part !== undefined).join(" ");
  return {
    traceId: String(row.trace_id),
    ...row.span_id === undefined ? {} : { spanId: String(row.span_id) },
    matched,
    what,
    exact: matched.toLowerCase() === text.toLowerCase(),
    title: detail === "" ? String(row.name) : `${row.name} · ${detail}`,
    startMs: Number(row.start_us) / 1e3,
    failed: row.failed === 1,
  };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
