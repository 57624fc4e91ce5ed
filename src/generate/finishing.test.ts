// The library's own view of format, background, record inside, strictness and style, from request to files.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { GenerateRequest } from "../core/request.ts";
import { inspectPicture } from "../outputs/inspect.ts";
import { useEmulator } from "./testing/emulated.ts";

const { emulator, folder, open } = useEmulator({ keepBodies: true });

const generate = (request: Partial<GenerateRequest>) => open().generate({ prompt: "a red fox", ...request });
const spool = (): string[] =>
  readdirSync(`${folder()}-state`, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(?:jpg|png|part)$/.test(name),
  );
const sent = (): string => emulator().requests().at(-1)?.body ?? "";

describe("a picture without its background", () => {
  test("is a PNG with transparent parts, for the price of one call", async () => {
    const outcome = await generate({ transparent: true });
    expect(outcome).toMatchObject({
      status: "ok",
      attempts: 1,
      request: {
        prompt: "a red fox",
        finishing: { transparent: "green" },
        sentPrompt: expect.stringContaining("#00FF00"),
      },
      images: [{ mimeType: "image/png", width: 1024, height: 1024, matchesRequest: true }],
      warnings: [expect.stringMatching(/% of the picture is transparent/)],
    });
    const [image] = outcome.status === "error" ? [] : outcome.images;
    const { channels, isOpaque } = await sharp(readFileSync(image?.path ?? "")).stats();
    expect({ channels: channels.length, isOpaque }).toEqual({ channels: 4, isOpaque: false });
    expect(spool()).toEqual([]);
  });

  test("that was not flat is told, and the picture as it came is kept", async () => {
    const outcome = await generate({
      prompt: "a scene #123456, flat as a lake (#808080).",
      transparent: true,
      output: "x.webp",
    });
    expect(outcome).toMatchObject({ status: "ok" });
    const warnings = outcome.warnings ?? [];
    expect(warnings.join("\n")).toMatch(/could not be taken out cleanly/);
    const kept = warnings.find((warning) => warning.includes("is kept"))?.split(": ")[1] ?? "";
    expect(await sharp(readFileSync(kept)).metadata()).toMatchObject({ format: "jpeg" });
  });

  test("that was not flat is a failure with strict: paid, kept, and no file of that name", async () => {
    const outcome = await generate({ prompt: "flat (#808080).", transparent: true, strict: true, output: "x.png" });
    expect(outcome).toMatchObject({
      status: "error",
      error: { code: "background-not-flat", exitCode: 8, billed: "yes" },
    });
    expect(existsSync(join(folder(), "x.png"))).toBe(false);
    const { savedAt } = outcome.status === "error" ? outcome.error : { savedAt: null };
    expect(await sharp(readFileSync(savedAt ?? "")).metadata()).toMatchObject({ format: "jpeg" });
  });
});

describe("a picture of another shape than asked for", () => {
  const wrong = { type: "wrong-size", width: 640, height: 480 } as const;

  test("is told", async () => {
    emulator().plan([{ times: 1, action: wrong }]);
    expect(await generate({})).toMatchObject({
      status: "ok",
      images: [{ matchesRequest: false }],
      warnings: [expect.stringMatching(/640×480 instead of 1024×1024/)],
    });
  });

  test("is a failure with strict: paid, kept under savedAt, counted in the ledger", async () => {
    emulator().plan([{ times: 1, action: wrong }]);
    const outcome = await generate({ strict: true, output: "fox.jpg" });
    expect(outcome).toMatchObject({
      status: "error",
      error: { code: "request-not-matched", exitCode: 8, billed: "yes", retryable: false },
      cost: { actualMicroUsd: expect.any(Number) },
    });
    expect(existsSync(join(folder(), "fox.jpg"))).toBe(false);
    const { savedAt } = outcome.status === "error" ? outcome.error : { savedAt: null };
    expect(await sharp(readFileSync(savedAt ?? "")).metadata()).toMatchObject({ width: 640, height: 480 });
  });

  test("among others costs only itself its place", async () => {
    emulator().plan([{ times: 1, action: wrong }]);
    const outcome = await generate({ strict: true, count: 3 });
    expect(outcome).toMatchObject({ status: "partial", errors: [{ code: "request-not-matched" }] });
    expect(outcome.status === "error" ? [] : outcome.images).toHaveLength(2);
  });
});

describe("the record inside the picture", () => {
  test.each(["png", "jpeg", "webp"] as const)("is read back from a %s", async (format) => {
    const outcome = await generate({ embedMetadata: true, format });
    const [image] = outcome.status === "error" ? [] : outcome.images;
    expect(inspectPicture(image?.path ?? "", folder())).toMatchObject({
      format,
      records: [
        { source: "sidecar", unchanged: true },
        { source: "embedded", prompt: "a red fox", operation: outcome.operation, record: { status: "ok" } },
      ],
    });
    expect(spool()).toEqual([]);
  });
});

describe("format and quality", () => {
  test("a lower quality is a smaller file", async () => {
    const low = await generate({ format: "webp", quality: 20 });
    const high = await generate({ format: "webp", quality: 90 });
    const bytes = (outcome: typeof low): number => (outcome.status === "error" ? 0 : (outcome.images[0]?.bytes ?? 0));
    expect(bytes(low)).toBeGreaterThan(0);
    expect(bytes(low)).toBeLessThan(bytes(high));
  });

  test("what contradicts itself is refused before anything is sent, all at once", async () => {
    const outcome = await generate({
      format: "jpeg",
      output: "x.png",
      transparent: true,
      quality: 300,
      keyColour: "blue",
      style: "nope",
    });
    expect(outcome).toMatchObject({ status: "error", error: { code: "invalid-request", exitCode: 2 } });
    const problems = outcome.status === "error" ? (outcome.error.problems ?? []) : [];
    expect(problems.map(({ field }) => field).toSorted()).toEqual(["--format", "--quality", "--quality", "--style"]);
    expect(emulator().requests()).toEqual([]);
  });
});

describe("a style", () => {
  test("is what is sent, and the caller's words stay what the record says", async () => {
    const outcome = await generate({ style: "poster", variables: { headline: "FOX" } });
    expect(outcome).toMatchObject({ status: "ok", request: { prompt: "a red fox", style: "poster" } });
    expect(sent()).toContain('reads exactly \\"FOX\\"');
  });

  test("of one's own is found in one's own folder, and by its path", async () => {
    writeFileSync(join(folder(), "mine.md"), "In my manner: {{prompt}}");
    const stylesDirectory = folder();
    const named = await open({ stylesDirectory }).plan({ prompt: "a fox", style: "mine" });
    const byPath = await open().plan({ prompt: "a fox", style: "./mine.md" });
    for (const plan of [named, byPath]) expect(plan.request.sentPrompt).toBe("In my manner: a fox");
  });

  test("still needs words of the caller's where it has a place for them", async () => {
    expect(await generate({ prompt: " ", style: "watercolor" })).toMatchObject({
      status: "error",
      error: { code: "prompt-empty" },
    });
  });

  test("may be whole without words", async () => {
    writeFileSync(join(folder(), "whole.md"), "A fox, {{mood}}.");
    const request = { prompt: "", style: "./whole.md", variables: { mood: "calm" } };
    expect((await open().plan(request)).request.sentPrompt).toBe("A fox, calm.");
  });

  test("whose variables are wrong is refused with all of them", async () => {
    const outcome = await generate({ style: "poster", variables: { headlin: "x" } });
    expect(outcome).toMatchObject({ status: "error", error: { exitCode: 2, code: "invalid-request" } });
    expect(emulator().requests()).toEqual([]);
  });
});
