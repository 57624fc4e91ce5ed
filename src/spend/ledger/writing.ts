// Writing: the one way to change the ledger. A transaction that first makes sure that this is still the same sound ledger,
// hands out the time that never goes back, and records every change for the mirror. Returns when both are on disk.

import { closeSync } from "node:fs";
import type { Clock } from "../../core/clock.ts";
import type { Database, Row, SqlValue } from "./database.ts";
import { damaged, ledgerFailure } from "./failures.ts";
import { type FileIdentity, identify, isSameFile, type LedgerFiles } from "./ledger-files.ts";
import { type Meta, readMeta, writeMeta } from "./meta.ts";
import { type Change, type MirroredTable, writeLine } from "./mirror-line.ts";
import { checkMirrorLength, flushMirror, mirrorLength, openMirror } from "./mirror.ts";
import { dayOf, laterDay } from "./windows.ts";

export interface LedgerConnection {
  readonly database: Database;
  readonly files: LedgerFiles;
  readonly identity: FileIdentity;
  readonly clock: Clock;
  /** Told of what is wrong but stops nothing: a mirror that lags after the money is spent. */
  readonly onWarning: (message: string) => void;
}

/** What a change may do; alive only within {@link write}. */
export interface Writing {
  readonly database: Database;
  /** The clock as it is, milliseconds. For records. */
  readonly nowMs: number;
  /** The clock as it was at its highest. For budget windows. */
  readonly clockHighMs: number;
  /** Local day of the current budget windows. */
  readonly day: string;
  insert(table: MirroredTable, row: Row): void;
  /** Throws `internal` when no row has the key. */
  update(table: MirroredTable, key: Row, set: Row): void;
  /** Takes the clock as it is for the highest from now on. */
  resetClock(): void;
}

export interface WriteOptions {
  /** `must-follow`: a mirror that cannot be written is a failure, for changes that money follows. `may-lag`: only a warning; the next change catches up. */
  readonly mirror: "must-follow" | "may-lag";
  /** Takes the change back when it is in the ledger and the mirror could not follow. */
  readonly undo?: (writing: Writing) => void;
}

/** Lines that may wait in the outbox before somebody clears those that are safely in the mirror. */
const MOST_WAITING = 8;

/**
 * Runs `body` in one immediate transaction. On return everything is synced to the ledger and, as `options` say, to the mirror.
 * Throws `ledger-…` codes, and whatever `body` throws; then nothing has changed, unless the mirror alone failed.
 */
export function write<Result>(
  connection: LedgerConnection,
  options: WriteOptions,
  body: (writing: Writing) => Result,
): Result {
  const { database } = connection;
  let mirror: number | undefined;
  let result: Result;
  try {
    result = database.immediate(() => {
      assertSameLedger(connection);
      const meta = readMeta(database);
      checkMirrorLength(database, meta, mirrorLength(connection.files));
      const { writing, finish } = begin(database, connection.clock, meta);
      const value = body(writing);
      if (finish()) {
        // Opened while the lock is held, so that a repair that moves the mirror aside cannot be written over.
        mirror = tryOpenMirror(connection, options);
      }
      return value;
    });
  } catch (error) {
    if (mirror !== undefined) closeSync(mirror);
    throw ledgerFailure(error);
  }
  if (mirror !== undefined) follow(connection, options, mirror);
  return result;
}

function tryOpenMirror(connection: LedgerConnection, options: WriteOptions): number | undefined {
  try {
    return openMirror(connection.files);
  } catch (error) {
    if (options.mirror === "must-follow") throw error;
    connection.onWarning(`The ledger's text mirror lags behind: ${ledgerFailure(error).message}`);
    return undefined;
  }
}

function follow(connection: LedgerConnection, options: WriteOptions, mirror: number): void {
  const { database, onWarning } = connection;
  try {
    const last = flushMirror(database, mirror);
    const waiting = database.get<{ count: number }>("SELECT count(*) AS count FROM outbox")?.count ?? 0;
    if (waiting > MOST_WAITING) database.run("DELETE FROM outbox WHERE sequence <= ?", last);
  } catch (error) {
    const failure = ledgerFailure(error);
    if (options.mirror === "must-follow") {
      takeBack(connection, options);
      throw failure;
    }
    onWarning(`The ledger's text mirror lags behind: ${failure.message}`);
  }
}

function takeBack(connection: LedgerConnection, { undo }: WriteOptions): void {
  if (!undo) return;
  try {
    write(connection, { mirror: "may-lag" }, undo);
  } catch (error) {
    // The holds stay until recovery finds that their owner is gone: too much is held, never too little.
    connection.onWarning(`A reservation could not be taken back: ${ledgerFailure(error).message}`);
  }
}

/** Throws `ledger-damaged` when the file was deleted or replaced since it was opened. */
export function assertSameLedger({ files, identity }: LedgerConnection): void {
  if (isSameFile(identify(files.ledger), identity)) return;
  throw damaged("its file was deleted or replaced while it was in use", {
    nextStep:
      "Put the file back, or rebuild it from its text mirror with `image-gen spend repair`; until then nothing is spent.",
  });
}

function begin(database: Database, clock: Clock, meta: Meta): { writing: Writing; finish: () => boolean } {
  const nowMs = Math.floor(clock.now());
  const changes: Change[] = [];
  let clockHighMs = Math.max(nowMs, meta.clockHighMs);
  let dayHigh = laterDay(dayOf(clockHighMs), meta.dayHigh);
  let clockReset = false;
  const writing: Writing = {
    database,
    nowMs,
    clockHighMs,
    day: dayHigh,
    insert(table, row) {
      insertRow(database, table, row);
      changes.push({ insert: table, row });
    },
    update(table, key, set) {
      updateRow(database, table, key, set);
      changes.push({ update: table, key, set });
    },
    resetClock() {
      clockReset = true;
      clockHighMs = nowMs;
      dayHigh = dayOf(nowMs);
    },
  };
  const finish = (): boolean => {
    if (changes.length === 0 && !clockReset) return false;
    const sequence = meta.sequence + 1;
    const at = new Date(nowMs).toISOString();
    const { text, hash } = writeLine({ sequence, previous: meta.chainHash, at, clockHighMs, dayHigh, changes });
    database.run("INSERT INTO outbox (sequence, offset, line) VALUES (?, ?, ?)", sequence, meta.mirrorBytes, text);
    const mirrorBytes = meta.mirrorBytes + Buffer.byteLength(text) + 1;
    writeMeta(database, { ...meta, clockHighMs, dayHigh, sequence, chainHash: hash, mirrorBytes });
    return true;
  };
  return { writing, finish };
}

/** Column names come from our own code, or from a mirror whose columns were checked. */
export function insertRow(database: Database, table: MirroredTable, row: Row): void {
  const names = Object.keys(row);
  database.run(
    `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
    ...Object.values<SqlValue>(row),
  );
}

/** Throws `ledger-damaged` when no row has the key: every caller has just read it. */
export function updateRow(database: Database, table: MirroredTable, key: Row, set: Row): void {
  const changed = database.run(
    `UPDATE ${table} SET ${assignments(set, ", ")} WHERE ${assignments(key, " AND ")}`,
    ...Object.values<SqlValue>(set),
    ...Object.values<SqlValue>(key),
  );
  if (changed !== 1) throw damaged(`a row of ${table} is not where it was`);
}

function assignments(row: Row, separator: string): string {
  return Object.keys(row)
    .map((name) => `${name} = ?`)
    .join(separator);
}
