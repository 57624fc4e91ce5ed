// Mirror reader: the text mirror line by line, each checked against its own hash and the line before. Reads in pieces, so
// that a mirror of any size needs little memory. What to make of a broken line is the reader's business.

import { closeSync, openSync, readSync } from "node:fs";
import { errorCode } from "../../core/error-code.ts";
import { CHAIN_START } from "./meta.ts";
import { type MirrorEntry, readLine } from "./mirror-line.ts";

/** - `good`: under its hash and following the line before. - `loose`: under its hash, but the line before is not the one it names.
 * - `broken`: not under its hash. - `torn`: the last line, without its end. */
export type LineState = "good" | "loose" | "broken" | "torn";

export interface ReadLine {
  /** Counts from 1. */
  readonly number: number;
  readonly state: LineState;
  readonly entry?: MirrorEntry;
  readonly hash?: string;
  /** The line without its newline. */
  readonly bytes: Buffer;
}

const PIECE_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** All lines up to `length` bytes; nothing when there is no mirror. */
export function* readMirror(path: string, length = Number.POSITIVE_INFINITY): Generator<ReadLine> {
  let previous = CHAIN_START;
  let sequence: number | undefined;
  let number = 0;
  for (const { bytes, ended } of linesOf(path, length)) {
    number += 1;
    const line = readLine(bytes);
    if (!line) {
      yield { number, state: ended ? "broken" : "torn", bytes };
      continue;
    }
    const { entry, hash } = line;
    const follows = entry.previous === previous && (sequence === undefined || entry.sequence === sequence + 1);
    previous = hash;
    sequence = entry.sequence;
    // A whole line without its newline is a torn one too: the newline is part of what was to be written.
    yield { number, state: ended ? (follows ? "good" : "loose") : "torn", entry, hash, bytes };
  }
}

function* linesOf(path: string, length: number): Generator<{ bytes: Buffer; ended: boolean }> {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  try {
    let pending: Buffer[] = [];
    let offset = 0;
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (;;) {
      const count = readSync(descriptor, piece, 0, Math.min(PIECE_BYTES, length - offset), offset);
      if (count === 0) break;
      offset += count;
      let start = 0;
      for (let end = piece.indexOf(NEWLINE); end !== -1 && end < count; end = piece.indexOf(NEWLINE, start)) {
        yield { bytes: Buffer.concat([...pending, piece.subarray(start, end)]), ended: true };
        pending = [];
        start = end + 1;
      }
      if (start < count) pending.push(Buffer.from(piece.subarray(start, count)));
    }
    const rest = Buffer.concat(pending);
    if (rest.length > 0) yield { bytes: rest, ended: false };
  } finally {
    closeSync(descriptor);
  }
}
