// The other rows of the error table that an answer can provoke: code, exit status, attempts, and what is on the disk.

import { readFileSync } from "node:fs";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator, FaultAction } from "../../src/emulator/index.ts";
import { documentOf, everythingWritten, leadingTo, openEmulator, runCommand } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator();
});

beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});

/** Shaped like a key, known to nobody. */
const canary = `AIza${"canary".repeat(6)}`;

async function runAgainst(action: FaultAction | null, words: readonly string[] = [], key = canary) {
  if (action) emulator.plan([{ times: 9, action }]);
  return await runCommand(["a red fox", "--auth", "api-key", "--json", ...words], {
    environment: { ...leadingTo(emulator), GEMINI_API_KEY: key },
  });
}

describe("credentials", () => {
  test.each([
    ["AIza-invalid-key", "key-invalid", 3],
    ["AIza-expired-key", "key-expired", 3],
    ["AIza-api-disabled-key", "api-disabled", 3],
    ["AIza-free-tier-key", "quota-zero", 5],
    ["AIza-suspended-key", "account-blocked", 3],
  ])("%s: %s, exit %i", async (key, code, exitCode) => {
    const run = await runAgainst(null, [], key);
    expect(run.exitCode).toBe(exitCode);
    expect(documentOf(run)).toMatchObject({ error: { code, billed: "no" } });
    expect(everythingWritten(run)).not.toContain(key);
  });

  test("a disabled API is named with the address that switches it on", async () => {
    const run = await runAgainst(null, [], "AIza-api-disabled-key");
    expect(documentOf(run)).toMatchObject({
      error: { nextStep: expect.stringMatching(/https:\/\/console\.(developers|cloud)\.google\.com/) },
    });
  });

  test("a Vertex key on the Gemini API is told from a wrong key", async () => {
    const run = await runAgainst(null, [], emulator.credentials.vertexKey);
    expect(documentOf(run)).toMatchObject({ error: { code: "key-wrong-backend", exitCode: 3 } });
  });
});

describe("faults of the provider", () => {
  const rows: readonly {
    readonly action: FaultAction;
    readonly code: string;
    readonly exitCode: number;
    readonly calls: number;
  }[] = [
    { action: { type: "status", status: 400 }, code: "bad-request", exitCode: 5, calls: 1 },
    { action: { type: "status", status: 402 }, code: "prepay-empty", exitCode: 5, calls: 1 },
    { action: { type: "error", name: "quota-per-day" }, code: "quota-exhausted", exitCode: 5, calls: 1 },
    { action: { type: "error", name: "quota-zero" }, code: "quota-zero", exitCode: 5, calls: 1 },
    { action: { type: "error", name: "deadline" }, code: "server-timeout", exitCode: 6, calls: 2 },
    { action: { type: "status", status: 499 }, code: "server-error", exitCode: 6, calls: 1 },
    { action: { type: "html", page: "captive-portal" }, code: "foreign-answer", exitCode: 7, calls: 1 },
    { action: { type: "html", page: "bad-gateway" }, code: "foreign-answer", exitCode: 7, calls: 1 },
    { action: { type: "drop" }, code: "connection-lost", exitCode: 7, calls: 1 },
    { action: { type: "cut", afterFraction: 0.5 }, code: "connection-lost", exitCode: 7, calls: 1 },
    { action: { type: "garbage" }, code: "foreign-answer", exitCode: 7, calls: 1 },
    { action: { type: "endless" }, code: "answer-too-large", exitCode: 7, calls: 1 },
    { action: { type: "gzip-bomb" }, code: "answer-incomplete", exitCode: 7, calls: 1 },
    { action: { type: "refusal", blockReason: "PROHIBITED_CONTENT" }, code: "prompt-blocked", exitCode: 5, calls: 1 },
    { action: { type: "refusal", finishReason: "IMAGE_SAFETY" }, code: "refused-safety", exitCode: 5, calls: 1 },
    { action: { type: "refusal", finishReason: "RECITATION" }, code: "refused-safety", exitCode: 5, calls: 1 },
    { action: { type: "refusal", finishReason: "NO_IMAGE" }, code: "no-image", exitCode: 5, calls: 1 },
    { action: { type: "refusal", finishReason: "SOMETHING_NEW" }, code: "no-image", exitCode: 5, calls: 1 },
    { action: { type: "text-only" }, code: "no-image", exitCode: 5, calls: 1 },
    { action: { type: "lost-picture" }, code: "no-image", exitCode: 5, calls: 1 },
    { action: { type: "error", name: "location-unsupported" }, code: "location-not-supported", exitCode: 3, calls: 1 },
    { action: { type: "status", status: 404 }, code: "model-not-found", exitCode: 5, calls: 1 },
    { action: { type: "status", status: 413 }, code: "input-too-large", exitCode: 2, calls: 1 },
    { action: { type: "content-encoding", value: "foo" }, code: "foreign-answer", exitCode: 7, calls: 1 },
  ];

  test.each(rows)("$action.type: $code, exit $exitCode, $calls call(s), no picture and no half file", async (row) => {
    const run = await runAgainst(row.action);
    expect(run.exitCode).toBe(row.exitCode);
    expect(documentOf(run)).toMatchObject({ status: "error", error: { code: row.code } });
    expect(emulator.requests()).toHaveLength(row.calls);
    expect(run.files.filter((name) => !name.endsWith(".json"))).toEqual([]);
    expect(everythingWritten(run)).not.toContain(canary);
  });

  test.each([["text-only"], ["refusal"]] as const)("%s: the words of the model are passed on", async (type) => {
    const words = "I would rather not, but a badger is fine.";
    const action: FaultAction =
      type === "refusal" ? { type, finishReason: "IMAGE_SAFETY", message: words } : { type, text: words };
    expect(documentOf(await runAgainst(action))).toMatchObject({ error: { providerMessage: words } });
  });

  test("a redirect is not followed, so the key goes nowhere else", async () => {
    const elsewhere = await openEmulator();
    const run = await runAgainst({ type: "redirect", to: `${elsewhere.url}/v1beta/x` });
    expect(documentOf(run)).toMatchObject({ error: { code: "foreign-answer" } });
    expect(elsewhere.requests()).toEqual([]);
  });

  test("a refusal leaves a record with its reason, and costs what the tokens say", async () => {
    const run = await runAgainst({ type: "refusal", finishReason: "IMAGE_SAFETY" });
    const [record = ""] = run.files;
    expect(JSON.parse(readFileSync(`${run.folder}/${record}`, "utf8"))).toMatchObject({
      status: "error",
      error: { code: "refused-safety" },
      request: { prompt: "a red fox" },
      cost: { basis: "usage" },
    });
  });
});

describe("a 429 that asks for a short wait", () => {
  test("is waited for, told, and followed by exactly one picture", async () => {
    emulator.plan([{ times: 1, action: { type: "status", status: 429, retryDelay: "0.3s" } }]);
    const run = await runCommand(["a red fox", "--auth", "api-key"], {
      environment: { ...leadingTo(emulator), GEMINI_API_KEY: canary },
    });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toMatch(/too many requests/);
    expect(emulator.requests().map(({ status }) => status)).toEqual([429, 200]);
    expect(emulator.requests().filter(({ billed }) => billed)).toHaveLength(1);
  });
});

describe("what the provider says", () => {
  const words: readonly FaultAction[] = [{ type: "echo-key" }, { type: "terminal-escapes" }, { type: "long-message" }];
  test.each(words)("$type: no key, no control character, bounded", async (action) => {
    emulator.plan([{ times: 2, action }]);
    const environment = { ...leadingTo(emulator), GEMINI_API_KEY: canary };
    for (const more of [[], ["--json"]]) {
      const run = await runCommand(["a red fox", "--auth", "api-key", ...more], { environment });
      expect(everythingWritten(run)).not.toContain(canary);
      // oxlint-disable-next-line no-control-regex
      expect(run.stdout + run.stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      expect((run.stdout + run.stderr).length).toBeLessThan(60_000);
    }
  });
});
