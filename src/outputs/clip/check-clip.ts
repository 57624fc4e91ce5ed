// Is a clip on the disk whole? Its boxes (ISO/IEC 14496-12) must fill the file to the last byte, index and media among them, and
// its index must be readable. Hashed as it is on the disk.

import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { ClipHeader } from "../../core/clip.ts";
import { type ClipBytes, readClipHeader } from "./read-clip-header.ts";

export interface CheckedClip {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly header: ClipHeader | null;
  /** What is wrong with it, half a sentence; `null`: nothing. */
  readonly damage: string | null;
}

const HEAD_BYTES = 16;
const MOST_BOXES = 100_000;
const PIECE_BYTES = 1 << 20;

/** Throws the system's error when the file cannot be read. */
export async function checkClip(path: string): Promise<CheckedClip> {
  const descriptor = openSync(path, "r");
  let bytes: number;
  let sha256: string;
  let damage: string | null;
  try {
    bytes = fstatSync(descriptor).size;
    damage = await findDamage({
      sizeBytes: bytes,
      async read(offset, length) {
        const piece = Buffer.alloc(length);
        return piece.subarray(0, readSync(descriptor, piece, 0, length, offset));
      },
    });
    sha256 = hashOf(descriptor);
  } finally {
    closeSync(descriptor);
  }
  const header = damage === null ? await readClipHeader(path) : null;
  return { path, bytes, sha256, header, damage: damage ?? (header === null ? "its index cannot be read" : null) };
}

/** What is wrong with the structure of a clip, half a sentence; `null`: nothing. Reads a few bytes of each box. */
export async function findDamage({ sizeBytes: length, read }: ClipBytes): Promise<string | null> {
  const seen = new Set<string>();
  let at = 0;
  for (let boxes = 0; at < length; boxes += 1) {
    const head = Buffer.from(await read(at, Math.min(HEAD_BYTES, length - at)));
    const count = head.byteLength;
    const type = head.toString("latin1", 4, 8);
    if (boxes === 0 && (count < 8 || type !== "ftyp")) return "it is no MP4";
    const size = count < 8 ? 0 : sizeOf(head, count, length - at);
    if (size < 8 || boxes > MOST_BOXES) return "its structure is broken";
    if (at + size > length) return "it ends too early";
    seen.add(type);
    at += size;
  }
  if (length === 0) return "it is empty";
  return ["moov", "mdat"].every((type) => seen.has(type)) ? null : "it ends too early";
}

/** 0: until the end of the file; 1: the size follows in 64 bits. */
function sizeOf(head: Buffer, count: number, left: number): number {
  const size = head.readUInt32BE(0);
  if (size === 0) return left;
  if (size !== 1) return size;
  return count < HEAD_BYTES ? 0 : Number(head.readBigUInt64BE(8));
}

function hashOf(descriptor: number): string {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let at = 0;
  for (let count = 1; count > 0; at += count) {
    count = readSync(descriptor, piece, 0, PIECE_BYTES, at);
    hash.update(piece.subarray(0, count));
  }
  return hash.digest("hex");
}
