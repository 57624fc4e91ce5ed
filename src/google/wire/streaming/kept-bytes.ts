// What stays of an answer after the pictures are taken out: a growing buffer with a limit that holds over the whole answer.

import { ToolError } from "../../../core/tool-error.ts";

export interface KeptBytes {
  /** Copies a range. Throws `answer-too-large` when the answer's limit is passed. */
  keep(source: Uint8Array, start: number, end: number): void;
  keepText(ascii: string): void;
  readonly length: number;
  /** The first `length` bytes as text (invalid UTF-8 becomes U+FFFD). */
  text(length: number): string;
  /** Forgets the bytes, not the count towards the limit. */
  clear(): void;
}

/** `limitBytes`: of all that is ever kept, cleared or not. */
export function createKeptBytes(limitBytes: number): KeptBytes {
  let buffer = Buffer.allocUnsafe(Math.min(4_096, limitBytes));
  let length = 0;
  let everKept = 0;

  function makeRoom(bytes: number): void {
    everKept += bytes;
    if (everKept > limitBytes) {
      throw new ToolError("answer-too-large", {
        message: `The answer holds more than ${limitBytes} bytes beside its pictures and was cut off.`,
      });
    }
    if (length + bytes <= buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(length + bytes, buffer.length * 2));
    buffer.copy(grown, 0, 0, length);
    buffer = grown;
  }

  return {
    keep(source, start, end) {
      if (end <= start) return;
      makeRoom(end - start);
      buffer.set(source.subarray(start, end), length);
      length += end - start;
    },
    keepText(ascii) {
      makeRoom(ascii.length);
      length += buffer.write(ascii, length, "latin1");
    },
    get length() {
      return length;
    },
    text: (bytes) => buffer.toString("utf8", 0, bytes),
    clear() {
      length = 0;
    },
  };
}
