// Faults before and around the last byte of the request: here it is decided whether anything can have been bought.

import { once } from "node:events";
import type { LookupFunction, Socket } from "node:net";
import { expect, test } from "vitest";
import { ask, post } from "./testing/ask.ts";
import { closedPort, startRawServer } from "./testing/raw-server.ts";

const failingLookup =
  (code: string): LookupFunction =>
  (_host, _options, callback) =>
    callback(Object.assign(new Error("lookup"), { code }), []);

const bothFamilies: LookupFunction = (_host, _options, callback) =>
  callback(null, [
    { address: "::1", family: 6 },
    { address: "127.0.0.1", family: 4 },
  ]);

test.each(["ENOTFOUND", "EAI_AGAIN"])("a name that cannot be looked up (%s) is no connection", async (code) => {
  const { error, sent } = await ask("http://images.invalid/x?key=hush", { ports: { lookup: failingLookup(code) } });
  expect(error).toMatchObject({ code: "connect-failed", billed: "no", retryable: true, exitCode: 6 });
  expect(error?.message).toContain(code);
  expect(error?.message).toContain("images.invalid");
  expect(error?.message).not.toContain("hush");
  expect(sent).toBe(false);
});

test("a refused connection is no connection", async () => {
  const port = await closedPort();
  const { error } = await ask(`http://127.0.0.1:${port}/x`);
  expect(error).toMatchObject({ code: "connect-failed", billed: "no" });
  expect(error?.message).toContain("ECONNREFUSED");
});

test("when every address of a name refuses, the reason is still named", async () => {
  const port = await closedPort();
  const { error } = await ask(`http://images.invalid:${port}/x`, { ports: { lookup: bothFamilies } });
  expect(error?.code).toBe("connect-failed");
  expect(error?.message).toMatch(/ECONNREFUSED|EADDRNOTAVAIL/);
});

test("a broken IPv6 address does not keep a name with a good IPv4 address from being reached", async () => {
  const server = await startRawServer();
  const seen = await ask(`http://images.invalid:${server.port}/x`, { ports: { lookup: bothFamilies } });
  expect(seen).toMatchObject({ error: null, head: { status: 200 } });
  expect(server.complete).toHaveLength(1);
});

test("a reset in the middle of the upload leaves nothing bought", async () => {
  const server = await startRawServer({
    onBytes(socket, bytes) {
      if (bytes > 1_000_000) socket.resetAndDestroy();
    },
  });
  const { error, sent } = await ask(post(server.url, Buffer.alloc(32_000_000, "x")));
  expect(error).toMatchObject({ code: "upload-interrupted", billed: "no", retryable: true, exitCode: 6 });
  expect(sent).toBe(false);
  expect(server.complete).toHaveLength(0);
});

test("a closed connection in the middle of the upload leaves nothing bought", async () => {
  const server = await startRawServer({
    onBytes(socket, bytes) {
      if (bytes > 1_000_000) socket.destroy();
    },
  });
  const { error, sent } = await ask(post(server.url, Buffer.alloc(32_000_000, "x")));
  expect(error).toMatchObject({ code: "upload-interrupted", billed: "no" });
  expect(sent).toBe(false);
});

test("a refusal that comes while the upload is still running is the answer", async () => {
  const server = await startRawServer({
    onConnection: (socket) =>
      socket.once("data", () => socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")),
    onBytes: (socket) => void socket.pause(),
  });
  const seen = await ask(post(server.url, Buffer.alloc(32_000_000, "x")));
  expect(seen).toMatchObject({ error: null, bytes: 3, head: { status: 413 }, sent: false });
});

test.each([
  ["reset", "resetAndDestroy"],
  ["closed", "destroy"],
] as const)(
  "a connection %s after the whole request leaves it open whether something was bought",
  async (_how, end) => {
    const server = await startRawServer({ onRequest: (socket) => void socket[end]() });
    const { error, sent } = await ask(server.url);
    expect(error).toMatchObject({ code: "connection-lost", billed: "maybe", retryable: false, exitCode: 7 });
    expect(sent).toBe(true);
    expect(server.complete).toHaveLength(1);
  },
);

test("the same loss on a call that buys nothing is a passing fault", async () => {
  const server = await startRawServer({ onRequest: (socket) => void socket.resetAndDestroy() });
  const { error } = await ask(server.url, { paid: false });
  expect(error).toMatchObject({ code: "connect-failed", billed: "no", exitCode: 6 });
  expect(JSON.stringify(error)).not.toMatch(/billed the picture/);
});

test("until onSent has returned the server does not have the whole request", async () => {
  const server = await startRawServer();
  let completeThen = -1;
  await ask(post(server.url, Buffer.alloc(500_000, "x")), {
    onSent() {
      completeThen = server.complete.length;
    },
  });
  expect(completeThen).toBe(0);
  expect(server.complete).toHaveLength(1);
});

test("a connection that breaks while onSent runs has not had the last byte, so it is surely not billed", async () => {
  let accepted: Socket | undefined;
  const server = await startRawServer({
    onConnection(socket) {
      accepted = socket;
    },
  });
  // More than the kernel's buffers hold: when all but the last byte is written, the server has read.
  const { error } = await ask(post(server.url, Buffer.alloc(20_000_000, "x")), {
    onSent: () => void accepted?.resetAndDestroy(),
  });
  expect(error).toMatchObject({ code: "upload-interrupted", billed: "no" });
  expect(server.complete).toHaveLength(0);
});

test("an exception of onSent keeps the last byte from ever leaving", async () => {
  let closed: Promise<unknown> | undefined;
  const server = await startRawServer({
    onConnection(socket) {
      closed = once(socket, "close");
    },
  });
  const mine = new RangeError("the ledger could not be written");
  const seen = await ask(server.url, {
    onSent() {
      throw mine;
    },
  });
  expect(seen.thrown).toBe(mine);
  await closed;
  expect(server.complete).toHaveLength(0);
});
