import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { ToolError } from "../core/tool-error.ts";
import { ask, post } from "./testing/ask.ts";
import { createManualClock } from "./testing/manual-clock.ts";
import { startRawServer } from "./testing/raw-server.ts";

const head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

test("a call aborted before it began sends nothing", async () => {
  const server = await startRawServer();
  const { error } = await ask(server.url, { signal: AbortSignal.abort() });
  expect(error).toMatchObject({ code: "interrupted", billed: "no", exitCode: 130 });
  expect(server.connections()).toBe(0);
});

test("a call aborted while it is being connected has bought nothing", async () => {
  const controller = new AbortController();
  const { error } = await ask("http://images.invalid/x", {
    signal: controller.signal,
    ports: { lookup: () => setImmediate(() => controller.abort()) },
  });
  expect(error).toMatchObject({ code: "interrupted", billed: "no" });
});

test("a call aborted in the middle of its upload has bought nothing", async () => {
  const controller = new AbortController();
  const server = await startRawServer({
    onBytes(socket) {
      socket.pause();
      setImmediate(() => controller.abort());
    },
  });
  const { error, sent } = await ask(post(server.url, Buffer.alloc(32_000_000)), { signal: controller.signal });
  expect(error).toMatchObject({ code: "interrupted", billed: "no" });
  expect(sent).toBe(false);
});

test("a call aborted immediately before its last byte has bought nothing", async () => {
  const controller = new AbortController();
  const server = await startRawServer();
  const { error } = await ask(server.url, { signal: controller.signal, onSent: () => controller.abort() });
  expect(error).toMatchObject({ code: "interrupted", billed: "no" });
  expect(server.complete).toHaveLength(0);
});

test("a call aborted after it was sent may have bought something", async () => {
  const controller = new AbortController();
  const server = await startRawServer({ onRequest: () => controller.abort() });
  const { error } = await ask(server.url, { signal: controller.signal });
  expect(error).toMatchObject({ code: "interrupted", billed: "maybe", exitCode: 130 });
});

test("a call aborted in the middle of its answer may have bought something and leaves no timer", async () => {
  const controller = new AbortController();
  const clock = createManualClock();
  const server = await startRawServer({ onRequest: (socket) => void socket.write(`${head}01234`) });
  const { error } = await ask(server.url, {
    signal: controller.signal,
    ports: { clock },
    onChunk: () => controller.abort(),
  });
  expect(error).toMatchObject({ code: "interrupted", billed: "maybe" });
  expect(clock.sleeping()).toBe(0);
});

test("a signal aborted with an error of ours keeps its code", async () => {
  const { error } = await ask("http://127.0.0.1:9/x", { signal: AbortSignal.abort(new ToolError("terminated")) });
  expect(error).toMatchObject({ code: "terminated", billed: "no", exitCode: 143 });
});

test("an abort after the answer is complete changes nothing", async () => {
  const controller = new AbortController();
  const server = await startRawServer();
  expect((await ask(server.url, { signal: controller.signal })).error).toBeNull();
  controller.abort();
});

test("a signal that outlives its calls keeps nothing of them", async () => {
  const controller = new AbortController();
  const server = await startRawServer();
  await ask(server.url, { signal: controller.signal });
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
});

test("an aborted call that buys nothing was not billed", async () => {
  const controller = new AbortController();
  const server = await startRawServer({ onRequest: () => controller.abort() });
  const { error } = await ask(server.url, { signal: controller.signal, paid: false });
  expect(error).toMatchObject({ code: "interrupted", billed: "no" });
});
