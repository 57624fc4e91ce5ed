// The next place of one byte in a chunk, remembered, so that many small steps through a chunk cost one search and not many.

export interface ByteFinder {
  /** A new chunk; its length is the answer for "not there". */
  begin(chunk: Buffer): void;
  /** First position at or after `from`. `from` goes forward within a chunk. */
  next(from: number): number;
}

export function createByteFinder(byte: number): ByteFinder {
  let chunk: Buffer = Buffer.alloc(0);
  let found = -1;
  return {
    begin(next) {
      chunk = next;
      found = -1;
    },
    next(from) {
      if (found < from) {
        const index = chunk.indexOf(byte, from);
        found = index < 0 ? chunk.length : index;
      }
      return found;
    },
  };
}
