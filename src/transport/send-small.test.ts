import { expect, test } from "vitest";
import { isToolError, reportError } from "../core/tool-error.ts";
import { createTransport, type SmallOptions } from "./send.ts";
import { systemClock } from "./system-clock.ts";
import { startRawServer } from "./testing/raw-server.ts";

const transport = createTransport({ clock: systemClock });
const get = (url: string, options?: SmallOptions) =>
  transport.sendSmall({ method: "GET", url, headers: {}, body: null }, options);

test("a small answer comes with status, headers and text, of whatever status", async () => {
  const text = '{"error":"ไม่"}';
  const server = await startRawServer({
    onRequest: (socket) =>
      socket.end(`HTTP/1.1 404 Not Found\r\nX-One: 1\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`),
  });
  expect(await get(server.url)).toMatchObject({ status: 404, headers: { "x-one": "1" }, body: text });
});

test("a character that is cut by a chunk's border is kept whole", async () => {
  const bytes = Buffer.from("ไม่");
  const server = await startRawServer({
    onRequest(socket) {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.write(bytes.subarray(0, 4), () => setTimeout(() => socket.end(bytes.subarray(4)), 10));
    },
  });
  expect((await get(server.url)).body).toBe("ไม่");
});

test("an answer that is not small is refused, and was not billed", async () => {
  const server = await startRawServer({
    onRequest: (socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(2_000)}`),
  });
  const error: unknown = await get(server.url, { maxBytes: 1_000 }).catch((thrown: unknown) => thrown);
  expect(isToolError(error) && reportError(error)).toMatchObject({ code: "answer-too-large", billed: "no" });
});

test("a lost small call is a passing fault unless it is said to be paid", async () => {
  const server = await startRawServer({ onRequest: (socket) => void socket.destroy() });
  const failing = async (options: SmallOptions): Promise<unknown> =>
    get(server.url, options).catch((error: unknown) => isToolError(error) && error.code);
  expect(await failing({})).toBe("connect-failed");
  expect(await failing({ paid: true })).toBe("connection-lost");
});
