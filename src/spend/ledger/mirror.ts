// Mirror: brings the text file up to what the ledger has committed. Lines wait in the outbox with the place in the file
// that is theirs, so that writing one twice, or by two processes at once, changes nothing, and a torn line is mended by
// writing it again. The mirror is never ahead of the ledger: longer than it should be means that the ledger lost something.

import { closeSync, constants, fsyncSync, openSync, statSync, writeSync } from "node:fs";
import type { Database } from "./database.ts";
import { damaged, unavailable } from "./failures.ts";
import { type LedgerFiles, syncFolder } from "./ledger-files.ts";
import { type Meta, readMeta } from "./meta.ts";
import { readLine } from "./mirror-line.ts";

interface OutboxRow {
  readonly sequence: number;
  readonly offset: number;
  readonly line: string;
}

/** Length of the mirror in bytes; 0 when there is none. Throws `ledger-unavailable` for a folder. */
export function mirrorLength(files: LedgerFiles): number {
  const stats = statSync(files.mirror, { throwIfNoEntry: false });
  if (stats?.isDirectory()) throw unavailable("There is a folder in the place of the ledger's text mirror.");
  return stats?.size ?? 0;
}

/**
 * Compares lengths only, so that it may run before every payment. Call it within a transaction.
 * Throws `ledger-damaged` when the ledger is behind its mirror or the mirror was cut.
 */
export function checkMirrorLength(database: Database, meta: Meta, length: number): void {
  if (length > meta.mirrorBytes) {
    throw damaged("its mirror knows of more than it does, so it has lost its last changes or is an old copy");
  }
  if (length === meta.mirrorBytes) return;
  const waiting = database.get<{ offset: number | null }>("SELECT min(offset) AS offset FROM outbox");
  if (length < (waiting?.offset ?? meta.mirrorBytes)) throw damaged("its text mirror was shortened or removed");
}

/**
 * The same while others may write: ledger and mirror are then looked at in two different moments. What does not fit is damage
 * only if it still does not fit when nobody else can write.
 */
export function checkMirrorMeanwhile(database: Database, measure: () => number): void {
  const look = (): void => checkMirrorLength(database, readMeta(database), measure());
  try {
    look();
  } catch {
    database.immediate(look);
  }
}

/** Opens the mirror for writing in place, making it if there is none. */
export function openMirror(files: LedgerFiles): number {
  const isNew = statSync(files.mirror, { throwIfNoEntry: false }) === undefined;
  const descriptor = openSync(files.mirror, constants.O_WRONLY | constants.O_CREAT, 0o600);
  if (isNew) syncFolder(files.directory);
  return descriptor;
}

/** Writes every waiting line to its place and syncs. Returns the number of the last one. Closes the descriptor. */
export function flushMirror(database: Database, descriptor: number): number {
  try {
    const rows = database.all<OutboxRow>("SELECT sequence, offset, line FROM outbox ORDER BY sequence");
    for (const row of rows) {
      // A line that rotted while it waited must not spoil the one that is in the file already.
      if (!readLine(Buffer.from(row.line))) throw damaged("a line that waits for the mirror was changed");
      writeWhole(descriptor, Buffer.from(`${row.line}\n`), row.offset);
    }
    if (rows.length > 0) fsyncSync(descriptor);
    return rows.at(-1)?.sequence ?? 0;
  } finally {
    closeSync(descriptor);
  }
}

/** A full disk may take only part of a write without calling it an error. */
export function writeWhole(descriptor: number, bytes: Buffer, offset: number): void {
  let written = 0;
  while (written < bytes.length) {
    const count = writeSync(descriptor, bytes, written, bytes.length - written, offset + written);
    if (count === 0) throw Object.assign(new Error("no space left on the device"), { code: "ENOSPC" });
    written += count;
  }
}
