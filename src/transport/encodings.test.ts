import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ask } from "./testing/ask.ts";
import { startRawServer } from "./testing/raw-server.ts";

const text = JSON.stringify({ candidates: Array.from({ length: 5_000 }, (_, index) => ({ index })) });

const answering = (encoding: string, body: Buffer, declared = body.length) =>
  startRawServer({
    onRequest(socket) {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${declared}\r\n\r\n`);
      socket.end(body);
    },
  });

test.each([
  ["gzip", gzipSync(text)],
  ["X-GZIP", gzipSync(text)],
  ["deflate", deflateSync(text)],
  ["deflate", deflateRawSync(text)],
  ["br", brotliCompressSync(text)],
  ["identity", Buffer.from(text)],
])("an answer in %s, which nobody asked for, is unpacked", async (encoding, body) => {
  const server = await answering(encoding, body);
  const seen = await ask(server.url);
  expect(seen).toMatchObject({ error: null, bytes: text.length });
  expect(seen.body.toString()).toBe(text);
});

test("an empty body is empty in every encoding", async () => {
  const server = await answering("gzip", Buffer.alloc(0));
  expect(await ask(server.url)).toMatchObject({ error: null, bytes: 0 });
});

test.each([
  ["gzip", gzipSync(Buffer.alloc(200_000_000))],
  ["br", brotliCompressSync(Buffer.alloc(200_000_000))],
])("a bomb in %s is cut off at the bound", async (encoding, bomb) => {
  expect(bomb.length).toBeLessThan(1_000_000);
  const server = await answering(encoding, bomb);
  const seen = await ask(server.url, { maxBytes: 1_000_000 });
  expect(seen.error).toMatchObject({ code: "answer-too-large", billed: "maybe" });
  expect(seen.body.length).toBeLessThanOrEqual(1_000_000);
});

test.each(["zstd", "gzip, gzip", "compress\u009b31m"])(
  "an answer in %j is not taken for the provider's",
  async (encoding) => {
    const server = await answering(encoding, Buffer.from("x"));
    const { error, head } = await ask(server.url);
    expect(error).toMatchObject({ code: "foreign-answer", billed: "maybe" });
    expect(error?.message).not.toContain("\u009b");
    expect(head).toBeNull();
  },
);

test("a compressed answer that ends early is incomplete, also when HTTP says it is whole", async () => {
  const server = await answering("gzip", gzipSync(text).subarray(0, -20));
  expect((await ask(server.url)).error).toMatchObject({ code: "answer-incomplete", billed: "maybe" });
});

test("a compressed answer that is garbage is incomplete", async () => {
  const server = await answering("gzip", Buffer.from("this is no gzip"));
  expect((await ask(server.url)).error).toMatchObject({ code: "answer-incomplete", billed: "maybe" });
});

test("a connection that ends inside a compressed answer is lost", async () => {
  const body = gzipSync(text);
  const server = await answering("gzip", body.subarray(0, 500), body.length);
  expect((await ask(server.url)).error).toMatchObject({ code: "connection-lost", billed: "maybe" });
});

test("an exception while a compressed answer is handed on comes out as it is", async () => {
  const server = await answering("gzip", gzipSync(text));
  const mine = new RangeError("mine");
  const seen = await ask(server.url, {
    onChunk() {
      throw mine;
    },
  });
  expect(seen.thrown).toBe(mine);
});
