// Database: all access to SQLite. Opens a file so that a commit is on disk when it returns, and turns SQLite's errors
// into ours. What is in the tables is schema.ts' business; Node's own node:sqlite has the same interface and can take
// over once Node 20 is gone.

import { pathToFileURL } from "node:url";
import type { DatabaseSync, StatementSyncInstance } from "@photostructure/sqlite";
import { damaged, ledgerFailure, unavailable } from "./failures.ts";

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Database {
  /** Runs one statement and returns how many rows it changed. */
  run(sql: string, ...values: SqlValue[]): number;
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the statement decides the shape, and only its author knows it
  get<Shape>(sql: string, ...values: SqlValue[]): Shape | undefined;
  all<Shape>(sql: string, ...values: SqlValue[]): Shape[];
  each<Shape>(sql: string, ...values: SqlValue[]): IterableIterator<Shape>;
  /** Runs a script of several statements without values. */
  script(sql: string): void;
  /** Everything in `body` or nothing, with the write lock from the start. `body` must not await. */
  immediate<Result>(body: () => Result): Result;
  /** Brings everything from the write-ahead log into the file itself. */
  checkpoint(): void;
  /**
   * Lets go of the database. @photostructure/sqlite 1.2.1 (seen 2026-11-24) does not finalise statements here, so SQLite
   * keeps the file open until they are collected or the process ends: never reuse the inode of a file opened under
   * another name.
   */
  close(): void;
}

export interface DatabaseOptions {
  /** How long to wait for another writer. */
  readonly busyTimeoutMs: number;
  readonly create?: boolean;
}

/** The first SQLite without the WAL-reset bug, which can damage a database that several processes write. Source: sqlite.org, 2026-03-13. */
const FIRST_SAFE_VERSION = [3, 51, 3] as const;

/** Throws `ledger-unavailable` for a SQLite that may damage the ledger. */
export function assertSafeVersion(version: string): void {
  const parts = version.split(".").map(Number);
  for (const [index, wanted] of FIRST_SAFE_VERSION.entries()) {
    const found = parts[index] ?? 0;
    if (found > wanted) return;
    if (found < wanted || !Number.isInteger(found)) {
      throw unavailable(
        `SQLite ${version} can damage a ledger that several processes use; 3.51.3 is the first that cannot.`,
      );
    }
  }
}

/** Opens the file at an absolute path; without `create` the file must exist. Throws `ledger-…` codes. */
export async function openDatabase(path: string, options: DatabaseOptions): Promise<Database> {
  const location = pathToFileURL(path);
  location.searchParams.set("mode", options.create ? "rwc" : "rw");
  const database = await connect(location, options.busyTimeoutMs);
  try {
    // FULL: in WAL mode a commit is synced before it returns. fullfsync matters on macOS only, where fsync does not
    // reach the disk. Source: sqlite.org/pragma.html, 2026-11-22.
    database.script(
      "PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1; PRAGMA cell_size_check = 1; PRAGMA trusted_schema = 0; PRAGMA mmap_size = 0;",
    );
    const ask = options.create ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode";
    const mode = database.get<{ journal_mode: string }>(ask)?.journal_mode;
    if (mode !== "wal" && options.create) throw unavailable("The file system does not allow a write-ahead log.");
    // Never switched here: a database without a log is not one that we have made.
    if (mode !== "wal") throw damaged("the file is not a ledger of image-gen");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A database that lives as long as the process; for comparing and rebuilding. */
export function openMemory(): Promise<Database> {
  return connect(":memory:", 0);
}

async function connect(location: URL | string, busyTimeoutMs: number): Promise<Database> {
  const { DatabaseSync: Native } = await import("@photostructure/sqlite");
  const native = guarded(() => new Native(location, { timeout: busyTimeoutMs }));
  const database = wrap(native);
  const version = database.get<{ version: string }>("SELECT sqlite_version() AS version");
  assertSafeVersion(version?.version ?? "unknown");
  return database;
}

function wrap(native: InstanceType<typeof DatabaseSync>): Database {
  const statements = new Map<string, StatementSyncInstance>();
  const prepared = (sql: string): StatementSyncInstance => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = native.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    run: (sql, ...values) => guarded(() => prepared(sql).run(...values).changes),
    get: (sql, ...values) => guarded(() => prepared(sql).get(...values)),
    all: (sql, ...values) => guarded(() => prepared(sql).all(...values)),
    each: (sql, ...values) => guarded(() => native.prepare(sql).iterate(...values)),
    script: (sql) => guarded(() => native.exec(sql)),
    immediate: (body) =>
      guarded(() => {
        native.exec("BEGIN IMMEDIATE");
        try {
          const result = body();
          native.exec("COMMIT");
          return result;
        } catch (error) {
          // A full disk or a failed sync may already have ended the transaction.
          if (native.isTransaction) native.exec("ROLLBACK");
          throw error;
        }
      }),
    checkpoint: () => guarded(() => native.exec("PRAGMA wal_checkpoint(TRUNCATE)")),
    close() {
      // What stays open until it is collected must not keep a lock.
      if (native.isTransaction) native.exec("ROLLBACK");
      statements.clear();
      native.close();
    },
  };
}

function guarded<Result>(body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    throw ledgerFailure(error);
  }
}
