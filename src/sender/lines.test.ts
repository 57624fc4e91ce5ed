import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readLines, toLine } from "./lines.ts";

test("values come out as they went in, however the stream cuts them", async () => {
  const values = [{ a: 1 }, "สวัสดี 🦊", { long: "x".repeat(300_000) }, null];
  for (const size of [1, 7, 65_536]) {
    const stream = new PassThrough();
    const taken: unknown[] = [];
    readLines(stream, (value) => void taken.push(value));
    const bytes = Buffer.from(values.map(toLine).join(""));
    const part = size === 1 ? bytes.subarray(0, 40) : bytes;
    for (let at = 0; at < part.length; at += size) stream.write(part.subarray(at, at + size));
    stream.end(bytes.subarray(part.length));
    await new Promise((resolve) => stream.on("end", resolve));
    expect(taken).toEqual(values);
  }
});

test("a last line without its end is no line", async () => {
  const stream = new PassThrough();
  const taken: unknown[] = [];
  readLines(stream, (value) => void taken.push(value));
  stream.end('1\n{"half":');
  await new Promise((resolve) => stream.on("end", resolve));
  expect(taken).toEqual([1]);
});
