import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { sendableRequest } from "./sendable-request.ts";

test("a request survives being written as JSON, its bytes included", () => {
  const request = {
    prompt: "a fox",
    references: ["fox.png", new URL("https://a.example/x"), new Uint8Array([0, 255])],
    documents: ["notes.md"],
  };
  expect(JSON.parse(JSON.stringify(sendableRequest(request)))).toEqual({
    prompt: "a fox",
    references: ["fox.png", "https://a.example/x", "data:application/octet-stream;base64,AP8="],
    documents: ["notes.md"],
  });
});

test("one without references is left as it is", () => {
  expect(sendableRequest({ prompt: "a fox" })).toEqual({ prompt: "a fox" });
});

test("a stream is refused and not sent as nothing", () => {
  expect(() => sendableRequest({ prompt: "a fox", references: [Readable.from(["x"])] })).toThrow("stream");
});
