import { closeSync, openSync } from "node:fs";
import { SPAN_COLUMNS } from "./span_columns.ts";
import { type Database, openSqlite } from "./sqlite.ts";

/** Raised when the tables change: a file of another layout is refused, not guessed at. */
const LAYOUT = 1;

const TABLES = `
CREATE TABLE spans (
  row INTEGER PRIMARY KEY, ${SPAN_COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ")},
  UNIQUE (trace_id, span_id)
);
CREATE INDEX spans_provider ON spans (provider, trace_id) WHERE provider IS NOT NULL;
CREATE INDEX spans_attempts ON spans (start_us) WHERE role = 'attempt';
CREATE INDEX spans_turns ON spans (start_us) WHERE role = 'agent_turn';
CREATE INDEX spans_failed ON spans (trace_id) WHERE failed;
CREATE INDEX spans_bytes ON spans (bytes);
CREATE INDEX spans_id ON spans (span_id COLLATE NOCASE);
CREATE TABLE ids (
  value TEXT NOT NULL COLLATE NOCASE, row INTEGER NOT NULL REFERENCES spans (row) ON DELETE CASCADE,
  PRIMARY KEY (value, row)
) WITHOUT ROWID;
CREATE INDEX ids_row ON ids (row);
CREATE TABLE traces (
  trace_id TEXT PRIMARY KEY COLLATE NOCASE, name TEXT NOT NULL, session INTEGER NOT NULL, complete INTEGER NOT NULL,
  conversation_id TEXT COLLATE NOCASE, service TEXT, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL,
  spans INTEGER NOT NULL, user_turns INTEGER NOT NULL, agent_turns INTEGER NOT NULL, attempts INTEGER NOT NULL,
  errors INTEGER NOT NULL, retries INTEGER NOT NULL, interruptions INTEGER NOT NULL, e2e_p50 REAL, e2e_max REAL,
  turns TEXT NOT NULL, providers TEXT NOT NULL, updated INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX traces_start ON traces (start_us, trace_id);
CREATE INDEX traces_updated ON traces (updated);
CREATE INDEX traces_conversation ON traces (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE TABLE points (
  row INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, type TEXT NOT NULL, description TEXT NOT NULL,
  cumulative INTEGER NOT NULL, service TEXT, attributes TEXT NOT NULL, start_us INTEGER NOT NULL, time_us INTEGER NOT NULL,
  value REAL, count INTEGER, sum REAL, min REAL, max REAL, bounds TEXT, buckets TEXT, bytes INTEGER NOT NULL
);
CREATE INDEX points_name ON points (name, time_us);
CREATE INDEX points_bytes ON points (bytes);
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;

/**
 * Opens the database, and makes its tables where it is new.
 *
 * @param file its path; `undefined` keeps it in memory
 * @throws {Error} when the file is something else, or cannot be opened
 */
export function openDatabase(file: string | undefined): Database {
  if (file !== undefined) createPrivately(file);
  let db: Database | undefined;
  try {
    db = openSqlite(file ?? ":memory:");
    db.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536",
    );
    const { user_version: layout } = db.prepare("PRAGMA user_version").get() as { user_version: number };
    const { tables } = db.prepare("SELECT count(*) AS tables FROM sqlite_master").get() as { tables: number };
    if (layout === 0 && tables === 0) db.exec(`BEGIN; ${TABLES} PRAGMA user_version = ${LAYOUT}; COMMIT`);
    else if (layout !== LAYOUT) {
      throw new Error(`it is no database of this version of the viewer (layout ${layout}, want ${LAYOUT})`);
    }
    return db;
  } catch (error) {
    db?.close();
    throw new Error(`Cannot open ${file ?? "the database"} as ${(error as Error).message}`, { cause: error });
  }
}

/** Telemetry is nobody else's business: a new file is readable by its owner alone. */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, "a", 0o600));
  } catch (error) {
    throw new Error(`Cannot open ${file} as ${(error as Error).message}`, { cause: error });
  }
}
