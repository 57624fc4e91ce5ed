// CLIProxyAPI's own ways to fail, translated.

import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator, FaultAction } from "../../src/emulator/index.ts";
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
  ["proxy-token-refresh", "proxy-upstream-failed", 6],
  ["proxy-upstream-html", "foreign-answer", 7],
  ["proxy-unknown-provider", "model-not-found", 5],
  ["proxy-unknown-provider-old", "model-not-found", 5],
  ["proxy-example-key", "proxy-setup", 3],
  ["proxy-no-project", "proxy-not-logged-in", 3],
  ["quota-code-assist", "quota-exhausted", 5],
  ["tos-violation", "terms-violation", 5],
  ["unsupported-client", "client-not-supported", 3],
  ["proxy-empty", "foreign-answer", 7],
])("%s becomes %s, exit %i", async (name, code, exitCode) => {
  emulator.plan([{ action: { type: "error", name } }]);
  const run = await runThroughProxy();
  expect(run.exitCode).toBe(exitCode);
  expect(documentOf(run)).toMatchObject({ error: { code }, attempts: 1 });
  expect(run.files).toEqual([]);
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

test("the keys of the template are told from wrong ones, with what to change", async () => {
  const run = await runThroughProxy({ CLIPROXYAPI_KEY: "your-api-key-1" });
  expect(run.exitCode).toBe(3);
  expect(documentOf(run)).toMatchObject({
    error: { code: "proxy-setup", nextStep: expect.stringContaining("config.yaml") },
  });
});

test("no key where one is wanted says which variable takes it", async () => {
  const run = await runThroughProxy({ CLIPROXYAPI_KEY: "" });
  expect(run.exitCode).toBe(3);
  expect(documentOf(run)).toMatchObject({
    error: { code: "proxy-key-refused", nextStep: expect.stringContaining("CLIPROXYAPI_KEY") },
  });
});

test("something else at the proxy's address is not taken for the proxy, and gets no prompt", async () => {
  const other = await openEmulator();
  const run = await runThroughProxy({
    CLIPROXYAPI_URL: `${other.url}/generativelanguage.googleapis.com`,
    CLIPROXYAPI_KEY: "",
  });
  expect(run.exitCode).toBe(3);
  expect(documentOf(run)).toMatchObject({
    error: { code: "proxy-not-running", message: expect.stringContaining("not CLIProxyAPI") },
  });
  expect(other.requests()).toMatchObject([{ httpMethod: "GET" }]);
});

test("the default model is used where the proxy has it, without a word", async () => {
  const full = await openEmulator({ proxyModels: ["gemini-3.1-flash-image", "gemini-3-pro-image"] });
  const run = await runThroughProxy({ CLIPROXYAPI_URL: full.url });
  expect(documentOf(run)).toMatchObject({ route: { model: "gemini-3-pro-image" }, warnings: [] });
});

test("a name that only the proxy's owner knows is drawn with, its price assumed, and refused under a cap", async () => {
  const own = await openEmulator({ proxyModels: ["my-image-model"] });
  const environment = { CLIPROXYAPI_URL: own.url };
  const drawn = await runThroughProxy(environment, ["-m", "my-image-model"]);
  expect(drawn, drawn.stderr).toMatchObject({ exitCode: 0 });
  expect(documentOf(drawn)).toMatchObject({ warnings: [expect.stringMatching(/my-image-model.*price/)] });
  own.clearRequests();
  const capped = await runThroughProxy(environment, ["-m", "my-image-model", "--max-cost", "1"]);
  expect(capped.exitCode).toBe(4);
  expect(documentOf(capped)).toMatchObject({ error: { code: "price-unknown", billed: "no" } });
  expect(own.bill().billed).toBe(0);
});

describe("its stream", () => {
  test.each<FaultAction>([
    { type: "two-final-chunks" },
    { type: "separators", value: "\r\n\r\n" },
    { type: "separators", value: "\r\r" },
    { type: "chunks" },
    { type: "drafts", count: 2 },
  ])("%j: the picture is whole", async (action) => {
    emulator.plan([{ action }]);
    const run = await runThroughProxy();
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(documentOf(run)).toMatchObject({ images: [{ width: 1024, height: 1024, matchesRequest: true }] });
  });

  test("without its end still gives the picture that came whole, and says so", async () => {
    emulator.plan([{ action: { type: "no-final-chunk" } }]);
    const run = await runThroughProxy();
    expect(run.exitCode).toBe(0);
    expect(documentOf(run)["warnings"]).toContainEqual(expect.stringContaining("broke off after this picture"));
  });

  test.each<readonly [FaultAction, string]>([
    [{ type: "stream-error" }, "answer-incomplete"],
    [{ type: "cut", afterFraction: 0.5 }, "connection-lost"],
  ])("%j: exit 7, perhaps used up, no half file", async (action, code) => {
    emulator.plan([{ action }]);
    const run = await runThroughProxy();
    expect([run.exitCode, run.files]).toEqual([7, []]);
    expect(documentOf(run)).toMatchObject({ error: { code, billed: "maybe" }, attempts: 1 });
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
