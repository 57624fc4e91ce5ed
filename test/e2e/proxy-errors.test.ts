// CLIProxyAPI's own ways to fail, translated.

import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { documentOf, leadingTo, openEmulator, runCommand } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator();
});

beforeEach(() => {
  emulator.clearFaults();
});

async function runThroughProxy(environment: Record<string, string> = {}, words: readonly string[] = []) {
  return await runCommand(["a red fox", "--json", ...words], {
    environment: { ...leadingTo(emulator), CLIPROXYAPI_KEY: emulator.credentials.proxyKey, ...environment },
  });
}

test.each([
  ["proxy-model-cooldown", "proxy-cooling-down", 6],
  ["proxy-upstream-refused", "proxy-upstream-failed", 6],
  ["tos-violation", "terms-violation", 5],
  ["unsupported-client", "client-not-supported", 3],
  ["proxy-empty", "foreign-answer", 7],
])("%s becomes %s, exit %i", async (name, code, exitCode) => {
  emulator.plan([{ action: { type: "error", name } }]);
  const run = await runThroughProxy();
  expect(run.exitCode).toBe(exitCode);
  expect(documentOf(run)).toMatchObject({ error: { code } });
});

test("a rest of the proxy's is told in seconds instead of hammering it", async () => {
  emulator.plan([{ action: { type: "error", name: "proxy-model-cooldown" } }]);
  expect(documentOf(await runThroughProxy())).toMatchObject({ error: { retryAfterSeconds: 98 }, attempts: 1 });
});

test("a wrong key is the proxy's business, not Google's", async () => {
  const run = await runThroughProxy({ CLIPROXYAPI_KEY: "invalid-proxy-key" });
  expect(run.exitCode).toBe(3);
  expect(documentOf(run)).toMatchObject({
    error: { code: "proxy-key-refused", nextStep: expect.stringContaining("CLIPROXYAPI_KEY") },
  });
});

test("a proxy with nobody logged in says which login it needs", async () => {
  const empty = await openEmulator({ proxyModels: [] });
  const run = await runThroughProxy({ ...leadingTo(empty), CLIPROXYAPI_KEY: empty.credentials.proxyKey });
  expect(run.exitCode).toBe(3);
  expect(documentOf(run)).toMatchObject({
    error: {
      code: expect.stringMatching(/^proxy-(not-logged-in|without-image-model)$/),
      nextStep: expect.stringContaining("--antigravity-login"),
    },
  });
});

test("without --model the proxy's best image model is taken where it lacks the default, and said so", async () => {
  const run = await runThroughProxy();
  expect(documentOf(run)).toMatchObject({
    route: { model: "gemini-3.1-flash-image" },
    warnings: [expect.stringMatching(/does not have gemini-3-pro-image.*gemini-3\.1-flash-image/)],
    cost: { basis: "unmetered", actualMicroUsd: 0, estimatedMicroUsd: 67_000 },
  });
});

test("a model that the proxy lacks is refused before anything is sent, with what it has", async () => {
  const run = await runThroughProxy({}, ["-m", "gemini-3-pro-image"]);
  expect(run.exitCode).toBe(2);
  expect(documentOf(run)).toMatchObject({ error: { problems: [{ allowed: ["gemini-3.1-flash-image"] }] } });
});
