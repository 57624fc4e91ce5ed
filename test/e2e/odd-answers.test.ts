// Answers that are not as they should be but hold what was paid for, or a part of it: saved, kept, or told; never lost, never
// taken for more than they are.

import { readFileSync, statSync } from "node:fs";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator, FaultAction } from "../../src/emulator/index.ts";
import { documentOf, leadingTo, openEmulator, runCommand } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator();
});

beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});

async function runAgainst(action: FaultAction, launcher: readonly string[] = []) {
  emulator.plan([{ times: 9, action }]);
  return await runCommand(["a red fox", "--auth", "api-key", "--json"], {
    launcher,
    environment: { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey },
  });
}

describe("paid for, but not whole", () => {
  const damages: readonly FaultAction[] = [
    { type: "damaged-base64" },
    { type: "damaged-base64", how: "padding" },
    { type: "truncated-picture" },
    { type: "truncated-picture", dropBytes: 1 },
    { type: "not-a-picture", content: "svg" },
    { type: "not-a-picture", content: "html" },
    { type: "not-a-picture", content: "zip" },
  ];
  test.each(damages)("%j: exit 8, and what came is kept at savedAt, for its owner alone", async (action) => {
    // A process whose files are open to all unless it sees to it itself.
    const run = await runAgainst(action, ["sh", "-c", 'umask 000; exec "$@"', "sh"]);
    expect(run.exitCode).toBe(8);
    const { error } = documentOf(run);
    expect(error).toMatchObject({ code: "answer-damaged", billed: "yes" });
    const { savedAt } = error as { savedAt: string };
    expect(readFileSync(savedAt).length).toBeGreaterThan(0);
    expect(statSync(savedAt).mode & 0o077).toBe(0);
    expect(emulator.bill()).toMatchObject({ requests: 1, billed: 1 });
    expect(run.files.filter((name) => !name.endsWith(".json"))).toEqual([]);
  });
});

describe("odd answers that hold a whole picture", () => {
  const oddities: readonly FaultAction[] = [
    { type: "drafts", count: 3 },
    { type: "thought-pictures" },
    { type: "damaged-base64", how: "url-safe" },
    { type: "damaged-base64", how: "newlines" },
    { type: "odd-json", how: "bom" },
    { type: "odd-json", how: "duplicate-keys" },
    { type: "nested", depth: 1_000_000 },
    { type: "extra-bytes" },
    { type: "chunks" },
    { type: "mime-label", mimeType: "image/png" },
    { type: "usage", usage: "missing" },
    { type: "pretty-escapes" },
    { type: "proto" },
    { type: "wrap-array" },
  ];
  test.each(oddities)("%j: the picture is saved under the extension of its bytes", async (action) => {
    const run = await runAgainst(action);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(documentOf(run)).toMatchObject({ status: "ok", images: [{ mimeType: "image/jpeg" }] });
    expect(run.files.filter((name) => name.endsWith(".jpg"))).toHaveLength(1);
  });

  test("drafts are counted in the cost", async () => {
    const run = await runAgainst({ type: "drafts", count: 2 });
    const { cost, usage } = documentOf(run) as { cost: { actualMicroUsd: number }; usage: { imageTokens: number } };
    expect(usage.imageTokens).toBeGreaterThan(1120);
    expect(cost.actualMicroUsd).toBeGreaterThan(250_000);
  });

  test("without usage the list price is reported, and said to be that", async () => {
    const run = await runAgainst({ type: "usage", usage: "missing" });
    expect(documentOf(run)).toMatchObject({ cost: { basis: "list-price", actualMicroUsd: 134_000 }, usage: null });
  });

  const nonsense: readonly object[] = [
    { promptTokenCount: -5 },
    { candidatesTokenCount: 1e308 },
    { candidatesTokenCount: "many" },
    { candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: -1120 }] },
  ];
  test.each(nonsense)("usage that cannot be (%j) makes nothing cheaper", async (usage) => {
    const run = await runAgainst({ type: "usage", usage: JSON.parse(JSON.stringify(usage)) });
    expect(documentOf(run)).toMatchObject({ cost: { basis: "list-price", actualMicroUsd: 134_000 } });
  });

  const brokenOff: readonly FaultAction[] = [
    { type: "odd-json", how: "cut-short" },
    { type: "odd-json", how: "trailing-garbage" },
    { type: "content-length", delta: -100 },
  ];
  test.each(brokenOff)("%j after the picture: it is saved, and the break is told", async (action) => {
    const run = await runAgainst(action);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(documentOf(run)).toMatchObject({ warnings: [expect.stringContaining("broke off after this picture")] });
  });

  test("a small file that would unfold to gigabytes is saved as it came and never unfolded", async () => {
    const run = await runAgainst({ type: "picture-bomb" });
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(documentOf(run)).toMatchObject({ images: [{ width: 50_000, height: 50_000, matchesRequest: false }] });
  });

  test("a picture of another size is saved with a warning", async () => {
    const run = await runAgainst({ type: "wrong-size", width: 512, height: 512 });
    expect(documentOf(run)).toMatchObject({
      images: [{ width: 512, matchesRequest: false }],
      warnings: [expect.stringMatching(/512×512 instead of 1024×1024/)],
    });
  });
});
