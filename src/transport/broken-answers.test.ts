// Answers that are cut, wrong or no HTTP at all, after the whole request was sent.

import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { ask } from "./testing/ask.ts";
import { startRawServer } from "./testing/raw-server.ts";

const answering = (bytes: string, end: (socket: Socket) => void = (socket) => void socket.end()) =>
  startRawServer({ onRequest: (socket) => void socket.write(bytes, () => end(socket)) });

const body = "0123456789".repeat(100);
const head = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`;

describe("a connection that ends inside the answer is lost, and what came was handed on", () => {
  test.each([
    ["after the head", 0],
    ["after 10 %", 100],
    ["after 50 %", 500],
    ["before the last byte", 999],
  ])("%s", async (_where, length) => {
    const server = await answering(head + body.slice(0, length));
    const seen = await ask(server.url);
    expect(seen.error).toMatchObject({ code: "connection-lost", billed: "maybe", exitCode: 7 });
    expect(seen.head?.status).toBe(200);
    expect(seen.body.toString()).toBe(body.slice(0, length));
    expect(server.complete).toHaveLength(1);
  });

  test("by a reset", async () => {
    // The reset waits for the reader, because it would throw away what is still in the kernel.
    let reset: (() => void) | undefined;
    const server = await answering(head + body.slice(0, 500), (socket) => {
      reset = () => void socket.resetAndDestroy();
    });
    const seen = await ask(server.url, { onChunk: () => void setImmediate(() => reset?.()) });
    expect(seen.error).toMatchObject({ code: "connection-lost", billed: "maybe" });
    expect(seen.error?.message).toContain("in the middle of the answer");
  });

  test("in the middle of the head", async () => {
    const server = await answering("HTTP/1.1 200 OK\r\nContent-Le");
    expect((await ask(server.url)).error).toMatchObject({ code: "connection-lost", billed: "maybe" });
  });

  test("in the middle of a chunked body", async () => {
    const server = await answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    expect((await ask(server.url)).error).toMatchObject({ code: "connection-lost", billed: "maybe" });
  });
});

describe("what is not HTTP is a lost connection", () => {
  test.each([
    ["garbage", "\u0000\u0001\u0002 this is not a web server\r\n\r\n"],
    ["an answer of HTTP 0.9", "<html>hello</html>"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"],
    [
      "a length beside chunks",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ],
    ["a bad chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"],
    [
      "a chunk that is longer than it says",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
    ],
    ["a head without end", `HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(100_000)}\r\n\r\n`],
    ["another protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"],
  ])("%s", async (_what, bytes) => {
    const server = await answering(bytes, () => undefined);
    const { error } = await ask(server.url);
    expect(error).toMatchObject({ code: "connection-lost", billed: "maybe", exitCode: 7 });
    expect(server.complete).toHaveLength(1);
  });
});

describe("bytes after a complete answer are ignored", () => {
  test.each([
    ["a second answer", "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops"],
    ["garbage", "\u0000\u0001\u0002\u0003"],
    ["an answer longer than its length", "more of it"],
  ])("%s", async (_what, extra) => {
    const server = await answering(head + body + extra, () => undefined);
    const seen = await ask(server.url);
    expect(seen).toMatchObject({ error: null, head: { status: 200 }, bytes: body.length });
    expect(seen.body.toString()).toBe(body);
  });
});
