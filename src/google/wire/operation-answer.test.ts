import { describe, expect, test } from "vitest";
import { createOperationDecoder, type OperationAnswer, readOperationName } from "./operation-answer.ts";
import { failureOfFiltering, failureOfOperation } from "./failures/operation-failure.ts";

const clip = Buffer.from("a clip that is longer than one piece of base64, or would be if it were one");

function decode(document: unknown, step = 7): { answer: OperationAnswer; bytes: Buffer } {
  const text = Buffer.from(typeof document === "string" ? document : JSON.stringify(document, null, 2));
  const pieces: Buffer[] = [];
  const decoder = createOperationDecoder(() => ({
    write: (piece) => void pieces.push(Buffer.from(piece)),
    end: () => undefined,
  }));
  for (let at = 0; at < text.length; at += step) decoder.write(text.subarray(at, at + step));
  return { answer: decoder.end(), bytes: Buffer.concat(pieces) };
}

const name = "projects/p/locations/global/publishers/google/models/m/operations/1";
const finished = (response: object): object => ({ name, done: true, response });

describe("an operation", () => {
  test.each([1, 7, 100_000])("gives its clip to the sink, however the answer is cut (%i)", (step) => {
    const video = { bytesBase64Encoded: clip.toString("base64"), mimeType: "video/mp4" };
    const { answer, bytes } = decode(finished({ raiMediaFilteredCount: 0, videos: [video] }), step);
    expect(answer).toEqual({ kind: "done", clips: [{ kind: "bytes", index: 0, whole: true }], usage: null });
    expect(bytes).toEqual(clip);
  });

  test.each([
    ["is at work", { name }, { kind: "working" }],
    [
      "has left its clip in a bucket",
      finished({ videos: [{ gcsUri: "gs://b/o.mp4" }] }),
      { kind: "done", clips: [{ kind: "stored", uri: "gs://b/o.mp4" }] },
    ],
    [
      "has a file to download",
      finished({ generateVideoResponse: { generatedSamples: [{ video: { uri: "https://h.example/f" } }] } }),
      { kind: "done", clips: [{ kind: "link", uri: "https://h.example/f" }] },
    ],
    [
      "was filtered",
      finished({ generateVideoResponse: { raiMediaFilteredCount: 1, raiMediaFilteredReasons: ["because"] } }),
      { kind: "filtered", reasons: ["because"] },
    ],
    ["has nothing in it", finished({}), { kind: "empty" }],
    ["is a list", [], { kind: "unreadable", excerpt: "[]" }],
  ])("%s", (_what, document, expected) => {
    expect(decode(document).answer).toMatchObject(expected);
  });

  test("is unreadable when it breaks off or is damaged", () => {
    const video = { bytesBase64Encoded: clip.toString("base64"), mimeType: "video/mp4" };
    const text = JSON.stringify(finished({ videos: [video] }));
    expect(decode(text.slice(0, -30)).answer.kind).toBe("unreadable");
    expect(decode("<html>").answer.kind).toBe("unreadable");
    expect(decode(text.replace(/"bytesBase64Encoded":"..../, '"bytesBase64Encoded":"!!!!')).answer).toMatchObject({
      clips: [{ whole: false }],
    });
  });

  test("that failed or was filtered is not billed", () => {
    expect(failureOfOperation({ error: { code: 8, message: "quota" } })).toMatchObject({
      code: "rate-limited",
      billed: "no",
      providerMessage: "quota",
    });
    expect(failureOfOperation({ error: {} })).toMatchObject({ code: "server-error", billed: "no" });
    expect(failureOfFiltering(["a", "b"])).toMatchObject({ code: "refused-safety", providerMessage: "a b" });
  });

  test("has a name", () => {
    expect(readOperationName(JSON.stringify({ name }))).toBe(name);
    expect(readOperationName("{}")).toBeNull();
    expect(readOperationName("no")).toBeNull();
  });
});
