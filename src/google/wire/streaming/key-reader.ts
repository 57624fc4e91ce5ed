// The name of a JSON key that arrives in pieces and may be written with escapes. Long keys are not read: none of ours is long.

import { parseJson, textOf } from "../json-values.ts";

export interface KeyReader {
  begin(): void;
  add(chunk: Buffer, start: number, end: number): void;
  /** The key's name; `null` when it was too long, empty or malformed. */
  end(): string | null;
}

// `inline_data` with each letter written as \uXXXX takes 66 bytes.
const MOST_BYTES = 80;

export function createKeyReader(): KeyReader {
  const raw = Buffer.allocUnsafe(MOST_BYTES);
  let length = 0;
  return {
    begin() {
      length = 0;
    },
    add(chunk, start, end) {
      const bytes = end - start;
      if (length + bytes <= MOST_BYTES) chunk.copy(raw, length, start, end);
      length += bytes;
    },
    end() {
      if (length > MOST_BYTES) return null;
      return textOf(parseJson(`"${raw.toString("utf8", 0, length)}"`));
    },
  };
}
