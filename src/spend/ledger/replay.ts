// Replay: the lines of a mirror become tables again. Used to compare the mirror with the ledger and to rebuild either.

import type { Database, Row } from "./database.ts";
import { damaged } from "./failures.ts";
import { CHAIN_START, type Meta, writeMeta } from "./meta.ts";
import { type Change, type MirrorEntry, type MirroredTable, mirroredTables, writeLine } from "./mirror-line.ts";
import { migrate } from "./migrate.ts";
import { insertRow, updateRow } from "./writing.ts";

export interface Replay {
  /** Throws `ledger-damaged` for a line that does not fit. */
  apply(entry: MirrorEntry): void;
  /** Applies what fits and returns how many changes did not. */
  applyWhatFits(entry: MirrorEntry): number;
  /** Ends the import; `meta` is where the rebuilt ledger stands. */
  finish(meta: Meta): void;
}

/** Makes the tables in an empty database and opens them for the import. */
export function beginReplay(database: Database): Replay {
  migrate(database);
  writeMeta(database, emptyMeta, true);
  const columns = new Map<MirroredTable, Set<string>>();
  for (const table of mirroredTables) {
    const names = database.all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`);
    columns.set(table, new Set(names.map(({ name }) => name)));
  }
  const check = (table: MirroredTable, row: Row): void => {
    const known = columns.get(table);
    // The names go into SQL as they are.
    if (!known || !Object.keys(row).every((name) => known.has(name))) throw damaged("its mirror names unknown columns");
  };
  const applyChange = (change: Change): void => {
    if ("insert" in change) {
      check(change.insert, change.row);
      insertRow(database, change.insert, change.row);
      return;
    }
    check(change.update, change.key);
    check(change.update, change.set);
    updateRow(database, change.update, change.key, change.set);
  };
  return {
    apply(entry) {
      for (const change of entry.changes) applyChange(change);
    },
    applyWhatFits(entry) {
      let lost = 0;
      for (const change of entry.changes) {
        try {
          applyChange(change);
        } catch {
          lost += 1;
        }
      }
      return lost;
    },
    finish: (meta) => writeMeta(database, meta),
  };
}

const emptyMeta: Meta = {
  createdAtMs: 0,
  clockHighMs: 0,
  dayHigh: "",
  sequence: 0,
  chainHash: CHAIN_START,
  mirrorBytes: 0,
};

const order: Readonly<Record<MirroredTable, string>> = {
  operations: "ordinal",
  calls: "ordinal",
  attempts: "call, number",
  keys: "key",
};

/** Rows of a mirrored table without what SQLite computes, in an order that is the same everywhere. */
export function rowsOf(database: Database, table: MirroredTable): IterableIterator<Row> {
  const names = database
    .all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
    .map(({ name }) => name);
  return database.each<Row>(`SELECT ${names.join(", ")} FROM ${table} ORDER BY ${order[table]}`);
}

const ROWS_IN_A_LINE = 100;

/** Lines that say the whole of a sound ledger at once: the beginning of a new mirror. */
export function* snapshotLines(database: Database, meta: Meta, at: string): Generator<{ text: string; hash: string }> {
  let { sequence } = meta;
  let previous = CHAIN_START;
  const line = (changes: readonly Change[]): { text: string; hash: string } => {
    sequence += 1;
    const { clockHighMs, dayHigh } = meta;
    const written = writeLine({ sequence, previous, at, clockHighMs, dayHigh, changes });
    previous = written.hash;
    return written;
  };
  let changes: Change[] = [];
  for (const table of mirroredTables) {
    for (const row of rowsOf(database, table)) {
      changes.push({ insert: table, row: { ...row } });
      if (changes.length < ROWS_IN_A_LINE) continue;
      yield line(changes);
      changes = [];
    }
  }
  yield line(changes);
}
