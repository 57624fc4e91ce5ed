// Lines: values as lines of JSON over a stream.

import type { Readable } from "node:stream";

export function toLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

// oxlint-disable typescript/no-unnecessary-type-parameters -- the type of a line is the reader's to say

/** Calls `take` for each line; a last line without its end is no line. Both ends are ours, so a line is what its type says. */
export function readLines<Value>(stream: Readable, take: (value: Value) => void): void {
  // A line with a picture in it comes in hundreds of pieces: they are put together once, at its end.
  let begun: string[] = [];
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const [first = "", ...others] = text.split("\n");
    begun.push(first);
    for (const next of others) {
      const line = begun.join("");
      begun = [next];
      take(JSON.parse(line));
    }
  });
}
