import process from "node:process";

/** What a query is given. */
export type SqlValue = string | number | null;

/** A query that is ready to run. */
export interface Statement {
  /** Runs it; says how many rows changed. */
  run(...values: readonly SqlValue[]): { readonly changes: number | bigint };
  /** Its first row. */
  get(...values: readonly SqlValue[]): unknown;
  /** All its rows. */
  all(...values: readonly SqlValue[]): unknown[];
}

/** The part of `node:sqlite` that is used here. */
export interface Database {
  /** Runs statements one after the other. */
  exec(sql: string): void;
  /** Makes a statement ready. */
  prepare(sql: string): Statement;
  /** Closes it. */
  close(): void;
}

/**
 * Opens a database with the runtime's own SQLite. It is looked up when it is needed: a runtime without it can load the
 * module all the same.
 *
 * @throws {Error} when the runtime has none
 */
export function openSqlite(path: string): Database {
  const sqlite = process.getBuiltinModule("node:sqlite") as
    | { readonly DatabaseSync: new (path: string) => Database }
    | undefined;
  if (sqlite === undefined) {
    throw new Error("this runtime has no node:sqlite: it needs Deno, Node 22.13 or newer, or Bun");
  }
  return new sqlite.DatabaseSync(path);
}
