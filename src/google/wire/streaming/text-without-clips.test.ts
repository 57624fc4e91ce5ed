import { expect, test } from "vitest";
import { readInteractionId } from "../interaction-answer.ts";
import { createTextWithoutClips } from "./text-without-clips.ts";

function textOf(body: string): string {
  const collector = createTextWithoutClips();
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += 65_536) collector.write(bytes.subarray(at, at + 65_536));
  return collector.text();
}

test("an answer with a whole clip in it still tells the name of what was begun", () => {
  const data = Buffer.alloc(9_000_000, 7).toString("base64");
  const steps = [{ type: "model_output", content: [{ type: "video", data }] }];
  const text = textOf(JSON.stringify({ status: "completed", steps, id: "v1_a" }));
  expect(text.length).toBeLessThan(200);
  expect(readInteractionId(text)).toBe("v1_a");
});

test("what is no answer stays as it is", () => {
  expect(textOf("<!doctype html><title>Sign in</title>")).toContain("<title>Sign in</title>");
  expect(textOf("")).toBe("");
});
