// A picture that is on the disk already, looked at as if it had just arrived: hash, structure, size.

import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { createPictureCheck } from "./check/picture-check.ts";
import type { FinishedPart } from "./part-file.ts";

const PIECE_BYTES = 1 << 20;

/** Throws the system's error when the file cannot be read. */
export function readPart(path: string): FinishedPart {
  const hash = createHash("sha256");
  const check = createPictureCheck();
  const descriptor = openSync(path, "r");
  let bytes = 0;
  try {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (let count = readSync(descriptor, piece); count > 0; count = readSync(descriptor, piece)) {
      const read = piece.subarray(0, count);
      hash.update(read);
      check.write(read);
      bytes += count;
    }
  } finally {
    closeSync(descriptor);
  }
  return { path, bytes, sha256: hash.digest("hex"), finding: check.end() };
}
