import { once } from "node:events";
import { connect } from "node:net";
import { expect, test, vi } from "vitest";
import { ask, pictureRequest, useEmulator } from "./testing/asking.ts";

const emulator = useEmulator({ keepBodies: true });
const path = "/generativelanguage.googleapis.com/v1beta/models/gemini-3-pro-image:generateContent";
const key = { "x-goog-api-key": "AIza-long-secret-key" };

test("a picture is billed with its tokens, and the log knows no key", async () => {
  await ask(emulator().url + path, pictureRequest("A cat", { imageConfig: { imageSize: "2K" } }), key);
  const [entry, ...others] = emulator().requests();
  expect(others).toEqual([]);
  expect(entry).toMatchObject({
    service: "generativelanguage",
    rpc: "generateContent",
    model: "gemini-3-pro-image",
    credential: { kind: "x-goog-api-key", last4: "-key" },
    bodyComplete: true,
    answerComplete: true,
    status: 200,
    imageCount: 1,
    imageSize: "2K",
    billed: true,
    metered: true,
  });
  expect(entry?.microUsd).toBeGreaterThan(134_400);
  expect(JSON.stringify(entry)).not.toContain("secret");
  expect(emulator().bill()).toMatchObject({
    requests: 1,
    complete: 1,
    billed: 1,
    images: 1,
    microUsd: entry?.microUsd,
  });
});

test("an error is not billed", async () => {
  await ask(emulator().url + path, { contents: [] }, key);
  expect(emulator().bill()).toMatchObject({ requests: 1, complete: 1, billed: 0, microUsd: 0 });
});

test("a body that never came whole is neither complete nor billed", async () => {
  const { port } = new URL(emulator().url);
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nx-goog-api-key: AIza-any\r\nContent-Length: 1000\r\n\r\n{"contents":`,
  );
  await vi.waitFor(() => expect(emulator().requests()).toHaveLength(1));
  socket.destroy();
  await vi.waitFor(() => expect(emulator().requests()[0]?.bodyBytes).toBe(12));
  expect(emulator().requests()[0]).toMatchObject({ bodyComplete: false, billed: false, status: null });
});

test("with keepBodies the log holds the body and the headers without credentials", async () => {
  await ask(emulator().url + path, pictureRequest("A cat"), { ...key, "x-server-timeout": "290" });
  const [entry] = emulator().requests();
  expect(JSON.parse(entry?.body ?? "")).toEqual(pictureRequest("A cat"));
  expect(entry?.headers).toMatchObject({ "x-server-timeout": "290" });
  expect(entry?.headers).not.toHaveProperty("x-goog-api-key");
});

test("the same body has the same hash", async () => {
  await ask(emulator().url + path, pictureRequest("A cat"), key);
  await ask(emulator().url + path, pictureRequest("A cat"), key);
  const [first, second] = emulator().requests();
  expect(first?.bodySha256).toBe(second?.bodySha256);
});
