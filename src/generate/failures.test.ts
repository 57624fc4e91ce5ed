import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ErrorOutcome, Outcome } from "../core/outcome.ts";
import { useEmulator } from "./testing/emulated.ts";

const { emulator, folder, files, open } = useEmulator();

const generate = (count = 1): Promise<Outcome> => open().generate({ prompt: "a fox", output: "fox.jpg", count });

function failure(outcome: Outcome): ErrorOutcome {
  if (outcome.status !== "error") throw new Error("A picture was made.");
  return outcome;
}

describe("an overloaded model", () => {
  test("is asked again after the time that it says, and the picture comes", async () => {
    emulator().plan([{ times: 2, action: { type: "status", status: 503, retryDelay: "3s" } }]);
    const waits: number[] = [];
    const outcome = await open().generate(
      { prompt: "a fox", output: "fox.jpg" },
      { onProgress: (event) => event.type === "waiting" && waits.push(event.waitMs) },
    );
    expect(outcome).toMatchObject({ status: "ok", attempts: 3 });
    expect(waits).toHaveLength(2);
    expect(waits.every((ms) => ms >= 3_000 && ms <= 4_000)).toBe(true);
    expect(emulator().bill()).toMatchObject({ images: 1 });
  });

  test("that stays so is given up after three attempts", async () => {
    emulator().plan([{ times: 9, action: { type: "error", name: "overloaded" } }]);
    expect(await generate()).toMatchObject({ status: "error", error: { code: "overloaded" }, attempts: 3 });
    expect(files()).toEqual([]);
  });
});

test("a wait that is longer than allowed is not begun, and its length is told", async () => {
  emulator().plan([{ action: { type: "status", status: 503, retryDelay: "90s" } }]);
  expect(await generate()).toMatchObject({ attempts: 1, error: { retryAfterSeconds: 90 } });
});

describe("a refusal", () => {
  test("has a record with its cost, and no picture", async () => {
    emulator().plan([{ action: { type: "refusal", finishReason: "IMAGE_SAFETY" } }]);
    const outcome = failure(await generate());
    expect(outcome).toMatchObject({ error: { code: "refused-safety", exitCode: 5 }, cost: { basis: "usage" } });
    expect(files()).toEqual(["fox.json"]);
    expect(JSON.parse(readFileSync(join(folder(), "fox.json"), "utf8"))).toMatchObject({
      status: "error",
      error: { code: "refused-safety" },
      cost: { actualMicroUsd: outcome.cost?.actualMicroUsd },
    });
  });

  test("of one picture lets the others come", async () => {
    emulator().plan([{ skip: 1, action: { type: "refusal", finishReason: "IMAGE_SAFETY" } }]);
    const outcome = await generate(3);
    expect(outcome).toMatchObject({ status: "partial", errors: [{ code: "refused-safety" }] });
    expect(files().filter((name) => name.endsWith(".jpg"))).toHaveLength(2);
    expect(files().filter((name) => name.endsWith(".json"))).toHaveLength(3);
  });
});

test("an answer that is lost on the way is never bought again", async () => {
  emulator().plan([{ action: { type: "cut", afterBytes: 2_000 } }]);
  const outcome = failure(await generate());
  expect([outcome.error.exitCode, outcome.error.billed, outcome.attempts]).toEqual([7, "maybe", 1]);
  expect(outcome.cost).toMatchObject({ basis: "unknown", actualMicroUsd: null });
  expect(
    emulator()
      .requests()
      .filter(({ billed }) => billed),
  ).toHaveLength(1);
  expect(files()).toEqual([]);
});

test("a damaged picture is kept where the error says, and is not published", async () => {
  emulator().plan([{ action: { type: "truncated-picture", dropBytes: 100 } }]);
  const { error } = failure(await generate());
  expect(error).toMatchObject({ code: "answer-damaged", exitCode: 8 });
  expect(existsSync(error.savedAt ?? "")).toBe(true);
  expect(files()).toEqual(["fox.json"]);
});

test("drafts before the picture are not published, and are in the cost", async () => {
  emulator().plan([{ action: { type: "drafts", count: 1 } }]);
  expect(await generate()).toMatchObject({ status: "ok", usage: { imageTokens: 2240 } });
  expect(files()).toEqual(["fox.jpg", "fox.json"]);
});

test("a picture without usage is counted at list price", async () => {
  emulator().plan([{ action: { type: "usage", usage: "missing" } }]);
  expect(await generate()).toMatchObject({ usage: null, cost: { basis: "list-price", actualMicroUsd: 134_000 } });
});

test("another size than asked for is published, and told", async () => {
  emulator().plan([{ action: { type: "wrong-size", width: 640, height: 640 } }]);
  expect(await generate()).toMatchObject({
    status: "ok",
    images: [{ width: 640, matchesRequest: false }],
    warnings: [expect.stringMatching(/640×640 instead of 1024×1024/)],
  });
});

test("a key that the provider repeats is masked everywhere", async () => {
  emulator().plan([{ action: { type: "echo-key", status: 400 } }]);
  const outcome = await generate();
  expect(JSON.stringify(outcome)).not.toContain(emulator().credentials.apiKey);
  expect(failure(outcome).error.providerMessage).not.toBeNull();
});

test("terminal escapes of the provider's do not come through", async () => {
  emulator().plan([{ action: { type: "terminal-escapes", status: 400 } }]);
  // oxlint-disable-next-line no-control-regex
  expect(failure(await generate()).error.providerMessage).not.toMatch(/[\u0000-\u0008\u001b\u007f-\u009f]/);
});

describe("stopping", () => {
  test("before anything is sent is interrupted, and nothing was billed", async () => {
    const outcome = await open().generate({ prompt: "a fox", output: "fox.jpg" }, { signal: AbortSignal.abort() });
    expect(failure(outcome).error).toMatchObject({ code: "interrupted", billed: "no" });
    expect(
      emulator()
        .requests()
        .filter(({ billed }) => billed),
    ).toEqual([]);
  });

  test("starts no further picture and lets those on their way finish", async () => {
    const stop = new AbortController();
    const outcome = await open().generate(
      { prompt: "a fox", output: "fox.jpg", count: 20 },
      { stopStarting: stop.signal, onProgress: ({ type }) => type === "published" && stop.abort() },
    );
    expect(outcome).toMatchObject({ status: "partial", errors: [{ code: "interrupted" }] });
    const pictures = files().filter((name) => name.endsWith(".jpg"));
    expect(pictures).toHaveLength(
      emulator()
        .requests()
        .filter(({ billed }) => billed).length,
    );
  });
});
