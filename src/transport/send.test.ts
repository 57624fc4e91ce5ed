import { Socket } from "node:net";
import { expect, test, vi } from "vitest";
import { ask, post } from "./testing/ask.ts";
import { startRawServer } from "./testing/raw-server.ts";

const ok = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

test("the answer's head and body come as the server sent them", async () => {
  const server = await startRawServer({
    onRequest: (socket) => socket.end("HTTP/1.1 429 Nope\r\nX-One: a\r\nX-One: b\r\nContent-Length: 5\r\n\r\nhello"),
  });
  const seen = await ask(server.url);
  expect(seen).toMatchObject({ bytes: 5, error: null, head: { status: 429, headers: { "x-one": "a, b" } } });
  expect(seen.body.toString()).toBe("hello");
});

test("the server gets the whole body with its length, once, and is asked for an answer that is not compressed", async () => {
  const server = await startRawServer();
  const body = Buffer.alloc(300_000, "x");
  await ask(post(server.url, body));
  expect(server.complete).toHaveLength(1);
  expect(server.complete[0]?.body.equals(body)).toBe(true);
  expect(server.complete[0]?.head).toMatch(/^POST \/v1\/models\/m:generateContent HTTP\/1\.1\r\n/);
  expect(server.complete[0]?.head).toMatch(/^content-length: 300000$/m);
  expect(server.complete[0]?.head).toMatch(/^accept-encoding: identity$/m);
});

test.each([0, 1, 2])("a body of %i bytes arrives", async (length) => {
  const server = await startRawServer();
  await ask(post(server.url, Buffer.alloc(length, "x")));
  expect(server.complete[0]?.body).toHaveLength(length);
});

test("a GET goes out without a body and without a server deadline", async () => {
  const server = await startRawServer();
  const seen = await ask({ method: "GET", url: server.url, headers: {}, body: null });
  expect(seen.head?.status).toBe(200);
  expect(server.complete[0]?.head).not.toMatch(/content-length|transfer-encoding|x-server-timeout/i);
});

test("a paid call carries a server deadline below its own, another call none", async () => {
  const server = await startRawServer();
  const deadlines = { connectMs: 10_000, totalMs: 300_000, idleMs: 60_000 };
  await ask(server.url, { deadlines });
  await ask(server.url, { deadlines, paid: false });
  expect(server.complete[0]?.head).toMatch(/^x-server-timeout: 240$/m);
  expect(server.complete[1]?.head).not.toMatch(/x-server-timeout/i);
});

test("every call has a connection of its own, also when the server would keep it open", async () => {
  const server = await startRawServer({ onRequest: (socket) => socket.write(ok("hi")) });
  await ask(server.url);
  await ask(server.url);
  expect(server.connections()).toBe(2);
});

test("a connection is probed every 30 seconds and sends without delay", async () => {
  const probes = vi.spyOn(Socket.prototype, "setKeepAlive");
  const delays = vi.spyOn(Socket.prototype, "setNoDelay");
  const server = await startRawServer();
  await ask(server.url);
  expect(probes).toHaveBeenCalledWith(true, 30_000);
  expect(delays).toHaveBeenCalledWith(true);
  vi.restoreAllMocks();
});

test.each([301, 302, 307, 308])("a redirect with status %i is handed on and not followed", async (status) => {
  const target = await startRawServer();
  const server = await startRawServer({
    onRequest: (socket) =>
      socket.end(`HTTP/1.1 ${status} Elsewhere\r\nLocation: ${target.url}\r\nContent-Length: 0\r\n\r\n`),
  });
  const seen = await ask(server.url);
  expect(seen.head).toMatchObject({ status, headers: { location: target.url } });
  expect(target.connections()).toBe(0);
});

test("interim answers are passed over", async () => {
  const server = await startRawServer({
    onRequest: (socket) => socket.end(`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok("real")}`),
  });
  expect((await ask(server.url)).body.toString()).toBe("real");
});

test("an answer without a length ends when the server closes", async () => {
  const server = await startRawServer({ onRequest: (socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nall of it") });
  expect((await ask(server.url)).body.toString()).toBe("all of it");
});

test("a date header years away changes nothing", async () => {
  const server = await startRawServer({
    onRequest: (socket) =>
      socket.end("HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 2\r\n\r\nok"),
  });
  expect(await ask(server.url)).toMatchObject({ bytes: 2, error: null });
});

test("an exception of the body's callback ends the call and comes out as it is", async () => {
  const server = await startRawServer({ onRequest: (socket) => socket.write(ok("x".repeat(9)).slice(0, -3)) });
  const mine = new RangeError("mine");
  const seen = await ask(server.url, {
    onChunk() {
      throw mine;
    },
  });
  expect(seen.thrown).toBe(mine);
});

test("nothing more is handed on after an exception of the body's callback", async () => {
  const server = await startRawServer({
    onRequest: (socket) =>
      socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"),
  });
  let calls = 0;
  await ask(server.url, {
    onChunk() {
      calls += 1;
      throw new RangeError("mine");
    },
  });
  expect(calls).toBe(1);
});

test("an exception of the head's callback ends the call and comes out as it is", async () => {
  const server = await startRawServer({ onRequest: (socket) => socket.write(ok("x")) });
  const mine = new RangeError("mine");
  const seen = await ask(server.url, {
    onHead() {
      throw mine;
    },
  });
  expect(seen.thrown).toBe(mine);
});

test("an answer beyond the bound is cut off", async () => {
  const server = await startRawServer({
    onRequest(socket) {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      const more = (): void => {
        if (socket.writable) socket.write(`8000\r\n${"x".repeat(0x8000)}\r\n`, () => setImmediate(more));
      };
      more();
    },
  });
  const seen = await ask(server.url, { maxBytes: 1_000_000 });
  expect(seen.error).toMatchObject({ code: "answer-too-large", billed: "maybe", exitCode: 7 });
  expect(seen.body.length).toBeLessThanOrEqual(1_000_000);
});

test.each(["ftp://127.0.0.1/x", "not an address", "https://user:pass@127.0.0.1/x"])(
  "%s is not an address to call",
  async (url) => {
    const { error } = await ask(url);
    expect(error).toMatchObject({ code: "config-invalid", billed: "no" });
    expect(JSON.stringify(error)).not.toContain("pass");
  },
);

test("a key with a line break is refused before anything is sent, without showing it", async () => {
  const server = await startRawServer();
  const { error } = await ask({ ...post(server.url), headers: { "x-goog-api-key": "hush\nhush" } });
  expect(error).toMatchObject({ code: "config-invalid", billed: "no", exitCode: 3 });
  expect(JSON.stringify(error)).not.toContain("hush");
  expect(server.received()).toBe(0);
});
