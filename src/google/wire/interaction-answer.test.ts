import { describe, expect, test } from "vitest";
import { createInteractionDecoder, readInteractionId } from "./interaction-answer.ts";
import type { OperationAnswer } from "./operation-answer.ts";

const clip = Buffer.from("a clip that is longer than one piece of base64, or would be if it were one");
const video = { type: "video", mime_type: "video/mp4", data: clip.toString("base64") };

function decode(document: unknown, step = 7): { answer: OperationAnswer; bytes: Buffer } {
  const text = Buffer.from(typeof document === "string" ? document : JSON.stringify(document, null, 2));
  const pieces: Buffer[] = [];
  const decoder = createInteractionDecoder(() => ({
    write: (piece) => void pieces.push(Buffer.from(piece)),
    end: () => undefined,
  }));
  for (let at = 0; at < text.length; at += step) decoder.write(text.subarray(at, at + step));
  return { answer: decoder.end(), bytes: Buffer.concat(pieces) };
}

const completed = (content: readonly object[], more: object = {}): object => ({
  id: "v1_a",
  status: "completed",
  steps: [
    { type: "thought", signature: "x".repeat(100_000) },
    { type: "model_output", content },
  ],
  ...more,
});

const usage = {
  total_tokens: 17_380,
  total_input_tokens: 4,
  total_output_tokens: 17_376,
  output_tokens_by_modality: [{ modality: "VIDEO", tokens: 17_376 }],
};

describe("an interaction", () => {
  test.each([1, 7, 1_000_000])("gives its clip to the sink, however the answer is cut (%i)", (step) => {
    const { answer, bytes } = decode(completed([{ type: "text", text: "here" }, video]), step);
    expect(answer).toEqual({ kind: "done", clips: [{ kind: "bytes", index: 0, whole: true }], usage: null });
    expect(bytes).toEqual(clip);
  });

  test.each([
    ["is queued", { id: "v1_a", status: "queued" }, { kind: "working" }],
    ["is at work", { id: "v1_a", status: "in_progress" }, { kind: "working" }],
    [
      "has a file to download, and counts its tokens",
      completed([{ type: "video", mime_type: "video/mp4", uri: "https://h.example/f" }], { usage }),
      {
        kind: "done",
        clips: [{ kind: "link", uri: "https://h.example/f" }],
        usage: { promptTokens: 4, textTokens: 0, thoughtTokens: 0, videoTokens: 17_376 },
      },
    ],
    [
      "names its clip beside the steps",
      { id: "v1_a", status: "completed", output_video: { type: "video", uri: "https://h.example/f" } },
      { kind: "done", clips: [{ kind: "link", uri: "https://h.example/f" }] },
    ],
    ["answers with words", completed([{ type: "text", text: "I can't." }]), { kind: "empty", words: "I can't." }],
    ["has nothing in it", { id: "v1_a", status: "completed", steps: [] }, { kind: "empty", words: "" }],
    [
      "failed",
      { id: "v1_a", status: "failed", errors: [{ code: "internal", message: "oh" }] },
      { kind: "failed", error: { error: { message: "oh" } } },
    ],
    [
      "failed in a step",
      { id: "v1_a", status: "failed", steps: [{ type: "model_output", error: { code: 8, message: "full" } }] },
      { kind: "failed", error: { error: { code: 8 } } },
    ],
    ["has no status", { id: "v1_a" }, { kind: "unreadable" }],
  ])("%s", (_what, document, expected) => {
    expect(decode(document).answer).toMatchObject(expected);
  });

  test.each(["cancelled", "incomplete", "budget_exceeded", "requires_action", "requires_continuation", "a_new_word"])(
    "that ends as %s has stopped",
    (status) => {
      expect(decode({ id: "v1_a", status }).answer).toEqual({ kind: "stopped", status, usage: null });
    },
  );

  test("keeps a clip that is there, whatever its status is", () => {
    const { answer } = decode(completed([video], { status: "incomplete" }));
    expect(answer).toMatchObject({ kind: "done", clips: [{ whole: true }] });
  });

  test("takes no picture for a clip", () => {
    const picture = { type: "image", mime_type: "image/png", data: clip.toString("base64") };
    expect(decode(completed([picture])).answer).toMatchObject({ kind: "empty" });
  });

  test("is unreadable when it breaks off, and says when its base64 is damaged", () => {
    const text = JSON.stringify(completed([video]));
    expect(decode(text.slice(0, -30)).answer.kind).toBe("unreadable");
    expect(decode(text.replace(/"data":"..../, '"data":"!!!!')).answer).toMatchObject({ clips: [{ whole: false }] });
  });

  test("that has begun is known by its id", () => {
    expect(readInteractionId('{"id":"v1_a","status":"in_progress"}')).toBe("v1_a");
    expect(readInteractionId('{"id":"v1_a"}')).toBeNull();
    expect(readInteractionId("<html>")).toBeNull();
  });
});
