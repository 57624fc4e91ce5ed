// Mirror line: one change of the ledger as one line of JSON that carries the hash of the line before it and its own.
// Every bit of a line is under its hash, and every line is under the next one's.

import { createHash } from "node:crypto";
import type { Row, SqlValue } from "./database.ts";

/** Tables that the mirror repeats. Gates, totals and the outbox can be done without or be computed. */
export const mirroredTables = ["operations", "calls", "attempts", "keys"] as const;
export type MirroredTable = (typeof mirroredTables)[number];

/** A row added, or columns of one row set. */
export type Change =
  | { readonly insert: MirroredTable; readonly row: Row }
  | { readonly update: MirroredTable; readonly key: Row; readonly set: Row };

export interface MirrorEntry {
  readonly sequence: number;
  /** Hash of the line before. */
  readonly previous: string;
  /** ISO 8601, by the clock as it was. */
  readonly at: string;
  /** Highest time seen so far, milliseconds. */
  readonly clockHighMs: number;
  readonly dayHigh: string;
  readonly changes: readonly Change[];
}

export interface MirrorLine {
  readonly entry: MirrorEntry;
  readonly hash: string;
}

const TAIL = ',"hash":"';
const TAIL_BYTES = TAIL.length + 64 + 2;

/** The line without its newline, and its hash. */
export function writeLine(entry: MirrorEntry): { readonly text: string; readonly hash: string } {
  const { sequence, previous, at, clockHighMs, dayHigh, changes } = entry;
  const text = JSON.stringify({ sequence, previous, at, clockHighMs, dayHigh, changes }).slice(0, -1);
  const hash = hashOf(Buffer.from(text));
  return { text: `${text}${TAIL}${hash}"}`, hash };
}

/** Reads one line without its newline; `undefined` when a single bit of it is wrong. Does not look at the line before. */
export function readLine(bytes: Uint8Array): MirrorLine | undefined {
  if (bytes.length <= TAIL_BYTES) return undefined;
  const body = bytes.subarray(0, -TAIL_BYTES);
  const hash = hashOf(body);
  // Compared as bytes: no other spelling of the tail will do.
  if (Buffer.compare(bytes.subarray(-TAIL_BYTES), Buffer.from(`${TAIL}${hash}"}`)) !== 0) return undefined;
  try {
    const entry: MirrorEntry = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return { entry, hash };
  } catch {
    return undefined;
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Values as SQLite gives them back, for comparing rows. */
export function sameRow(one: Row, other: Row): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => valueOf(one, name) === valueOf(other, name));
}

function valueOf(row: Row, name: string): SqlValue {
  return row[name] ?? null;
}
