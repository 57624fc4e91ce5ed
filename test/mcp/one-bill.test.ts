// One bill, whatever becomes of the host: time-outs, repeats, kills. And the ledger as agents see it.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { leadingTo, newFolder, openEmulator, runCommand, until } from "../e2e/run-command.ts";
import { errorOf, generations, type Host, imagesOf, initialize, openHost, openRawHost, wordsOf } from "./host.ts";

async function emulated(delayMs = 0) {
  const emulator = await openEmulator();
  if (delayMs > 0) emulator.plan([{ action: { type: "delay", ms: delayMs } }]);
  const folder = newFolder();
  const options = {
    folder,
    words: ["--auth", "api-key"],
    environment: { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey },
  };
  return { emulator, folder, options };
}

const fox = { prompt: "a red fox", output: "fox.jpg" };

async function operationsOf(host: Host): Promise<Record<string, unknown>[]> {
  return (await host.call("list_operations")).structuredContent["operations"] as Record<string, unknown>[];
}

describe.each(generations)("a call that outlives the time limit of the client %s", (generation) => {
  test("is attached to when it is repeated, as often as it is", async () => {
    const { emulator, folder, options } = await emulated(800);
    const host = await openHost(generation, options);
    // A client whose time is over sends what a cancelling one sends.
    const stop = new AbortController();
    const given = host.call("generate_image", fox, { signal: stop.signal });
    await until(() => emulator.requests().length > 0);
    stop.abort("timed out");
    await expect(given).rejects.toThrow("timed out");
    const again = await Promise.all([host.call("generate_image", fox), host.call("generate_image", fox)]);
    const operations = again.map(({ structuredContent }) => structuredContent["operation"]);
    expect(emulator.bill().images).toBe(1);
    expect(operations[0]).toBe(operations[1]);
    for (const result of again) {
      expect(imagesOf(result)[0]?.path).toBe(join(folder, "fox.jpg"));
      expect(JSON.stringify(result.structuredContent["warnings"])).toContain("Nothing was bought again");
    }
  });
});

test("the same request after it was delivered is a new wish, and its name is taken", async () => {
  const { emulator, options } = await emulated();
  const host = await openHost("v2", options);
  await host.call("generate_image", { prompt: "a red fox" });
  await host.call("generate_image", { prompt: "a red fox" });
  expect(emulator.bill().images).toBe(2);
  await host.call("generate_image", fox);
  const taken = errorOf(await host.call("generate_image", fox));
  expect(taken).toMatchObject({ exitCode: 2, billed: "no" });
  for (const problem of taken["problems"] as object[]) expect(problem).toMatchObject({ code: "target-exists" });
  expect(emulator.bill().images).toBe(3);
});

test("the same idempotency key never buys twice, and another request cannot have it", async () => {
  const { emulator, options } = await emulated();
  const host = await openHost("v2", options);
  const keyed = { prompt: "a red fox", idempotencyKey: "fox-1" };
  const first = await host.call("generate_image", keyed);
  const second = await host.call("generate_image", keyed);
  expect(second.structuredContent["operation"]).toBe(first.structuredContent["operation"]);
  expect(emulator.bill().images).toBe(1);
  const other = await host.call("generate_image", { prompt: "a grey wolf", idempotencyKey: "fox-1" });
  expect(errorOf(other)).toMatchObject({ code: "idempotency-key-reused", exitCode: 2 });
});

async function begun(delayMs: number, more: readonly string[] = []) {
  const { emulator, folder, options } = await emulated(delayMs);
  const gone = openRawHost({ ...options, words: [...options.words, ...more] });
  gone.send(initialize);
  gone.send({ method: "notifications/initialized" });
  gone.send({ id: 2, method: "tools/call", params: { name: "generate_image", arguments: fox } });
  // Its headers come before the ledger has it as sent; its last byte does not.
  await until(() => emulator.requests().some(({ bodyComplete }) => bodyComplete));
  return { emulator, folder, options, gone };
}

describe("a server that is gone before the picture", () => {
  test.each(["closed", "SIGTERM", "SIGKILL"] as const)("%s: the next one gets it with the same call", async (how) => {
    const { emulator, folder, options, gone } = await begun(500);
    if (how === "closed") gone.process.stdin.end();
    else gone.process.kill(how);
    await gone.ended();
    const host = await openHost("v2", options);
    const result = await host.call("generate_image", fox);
    expect(imagesOf(result)[0]?.path).toBe(join(folder, "fox.jpg"));
    expect(emulator.bill().images).toBe(1);
  });

  test("killed with its sender: recovery names what may have been billed, and buys nothing", async () => {
    const { emulator, options, gone } = await begun(5_000, ["--foreground"]);
    // Before its last byte a call has surely not been billed.
    await until(() => emulator.requests().some(({ bodyComplete }) => bodyComplete));
    gone.process.kill("SIGKILL");
    await gone.ended();
    const host = await openHost("v2", options);
    const recovered = await host.call("recover_operations");
    expect(recovered.structuredContent).toMatchObject({ status: "ok", published: [], unknown: [{ image: 0 }] });
    expect(emulator.requests()).toHaveLength(1);
  });
});

test("what was drawn is listed, told one by one and summed up", async () => {
  const { options } = await emulated();
  const host = await openHost("v2", options);
  const long = `a red fox ${"very ".repeat(500)}`;
  const drawn = await host.call("generate_image", { prompt: long });
  const id = drawn.structuredContent["operation"];
  const [listed] = await operationsOf(host);
  expect(listed).toMatchObject({ operation: id, state: "captured", delivered: true });
  expect(String(listed?.["prompt"]).length).toBeLessThanOrEqual(200);
  const one = await host.call("get_operation", { operation: id });
  expect(one.structuredContent).toMatchObject({ operation: id, prompt: long, images: [{ state: "captured" }] });
  const summary = await host.call("spend_summary", { by: "model" });
  expect(summary.structuredContent["totals"]).toMatchObject({ pictures: 1 });
  expect(summary.structuredContent["by"]).toMatchObject([{ pictures: 1 }]);
  expect(summary.structuredContent["open"]).toEqual([]);
});

const setBudget = async (folder: string, ...words: string[]) =>
  await runCommand(["spend", "budget", "set", ...words], { folder });

describe("a budget of the person's", () => {
  test("stops the agent before anything is sent, and what is left of it can be seen", async () => {
    const { emulator, folder, options } = await emulated();
    await setBudget(folder, "--day", "0.10");
    const host = await openHost("v2", options);
    const refused = await host.call("generate_image", { prompt: "a red fox" });
    expect(errorOf(refused)).toMatchObject({ code: "over-budget", exitCode: 4, billed: "no" });
    expect(wordsOf(refused)).toMatch(/for your person/);
    expect(emulator.requests()).toEqual([]);
    const summary = await host.call("spend_summary");
    expect(summary.structuredContent["budgets"]).toMatchObject([
      { window: "day", limitMicroUsd: 100_000, leftMicroUsd: 100_000 },
    ]);
  });

  test("holds from the next call when it is set while the server runs, and in no call when it cannot be read", async () => {
    const { emulator, folder, options } = await emulated();
    const host = await openHost("v2", options);
    expect((await host.call("generate_image", { prompt: "a red fox" })).isError ?? false).toBe(false);
    await setBudget(folder, "--day", "0.01");
    expect(errorOf(await host.call("generate_image", { prompt: "a wolf" }))["code"]).toBe("over-budget");
    writeFileSync(join(folder, ".home/config.json"), '{ "budgets": [{ "window": "day", "usd": "much" }] }');
    expect(errorOf(await host.call("generate_image", { prompt: "a bear" }))).toMatchObject({ exitCode: 3 });
    expect(emulator.bill().images).toBe(1);
  });

  test("for a run is one for all calls of a server", async () => {
    const { emulator, folder, options } = await emulated();
    await setBudget(folder, "--run", "0.25");
    const host = await openHost("v2", options);
    expect((await host.call("generate_image", { prompt: "a red fox" })).isError ?? false).toBe(false);
    expect(errorOf(await host.call("generate_image", { prompt: "a wolf" }))["code"]).toBe("over-budget");
    const next = await openHost("v2", options);
    expect((await next.call("generate_image", { prompt: "a wolf" })).isError ?? false).toBe(false);
    expect(emulator.bill().images).toBe(2);
  });
});
