// Small answers as text: an error body, a list of models, a token. Never a picture.

import { ToolError } from "../core/tool-error.ts";

/** 1 MiB: Google's longest error bodies are some kB; a company proxy's pages some hundred. */
const DEFAULT_TEXT_BYTES = 1_048_576;

export interface TextCollector {
  /** Takes a chunk; throws `answer-too-large` when there is more than the bound, which ends the call. */
  write(chunk: Buffer): void;
  /** What came so far, as UTF-8; bytes that are none become U+FFFD. */
  text(): string;
}

/** Collects at most `maxBytes` (default 1 MiB). */
export function createTextCollector(maxBytes: number = DEFAULT_TEXT_BYTES): TextCollector {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    write(chunk) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw new ToolError("answer-too-large", {
          message: `The answer is longer than the ${maxBytes} bytes that such an answer may have.`,
        });
      }
      chunks.push(chunk);
    },
    text: () => Buffer.concat(chunks).toString("utf8"),
  };
}
