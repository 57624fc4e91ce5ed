// The built library as another program has it: imported by the package's name, in a process of its own.

import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { newFolder, openEmulator } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator();
});

beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});

/**
 * Runs statements in a process of its own, in an empty folder that has the package installed. They find `imageGen`, opened
 * with the emulator's key, `seen` (the environment's names that were read), and what they put into `result` comes back.
 */
async function runProgram(statements: string) {
  const folder = newFolder();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(resolve("."), join(folder, "node_modules", "image-gen"), "dir");
  const script = `
    import { writeFileSync } from "node:fs";
    const seen = [];
    process.env = new Proxy({ ...process.env }, {
      get: (variables, name) => {
        if (typeof name === "string") seen.push(name);
        return Reflect.get(variables, name);
      },
      ownKeys: (variables) => {
        seen.push("all of it");
        return Reflect.ownKeys(variables);
      },
    });
    const { createImageGen, Secret } = await import("image-gen");
    const workingDirectory = ${JSON.stringify(join(folder, "out"))};
    const options = {
      auth: "api-key",
      credentials: { apiKey: new Secret(${JSON.stringify(emulator.credentials.apiKey)}, "the test") },
      baseUrls: { generativelanguage: ${JSON.stringify(`${emulator.url}/generativelanguage.googleapis.com`)} },
      workingDirectory,
      stateDirectory: ${JSON.stringify(join(folder, "state"))},
    };
    const imageGen = createImageGen(options);
    const result = {};
    ${statements}
    writeFileSync("result.json", JSON.stringify(result));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-"], {
    cwd: folder,
    env: { PATH: process.env["PATH"], GEMINI_API_KEY: "AIza-not-asked-for", HTTPS_PROXY: "http://127.0.0.1:9" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  child.stdin.end(script);
  const exitCode = await new Promise<number | null>((settle) => {
    child.on("close", settle);
  });
  const files = readdirSync(folder).filter((name) => name !== "node_modules" && name !== "result.json");
  expect([exitCode, output], output).toEqual([0, ""]);
  const result: unknown = JSON.parse(readFileSync(join(folder, "result.json"), "utf8"));
  return { result: result as Record<string, unknown>, files, folder };
}

describe("by itself it does nothing", () => {
  test("importing and opening it writes no file, sends nothing, says nothing and reads no variable of ours", async () => {
    const { result, files } = await runProgram("result.seen = seen;");
    expect(files).toEqual([]);
    expect(emulator.requests()).toEqual([]);
    expect(ours(result["seen"])).toEqual([]);
  });

  test("drawing reads none either, though a key and a proxy stand there", async () => {
    const { result } = await runProgram(`
      result.outcome = await imageGen.generate({ prompt: "a fox" });
      result.seen = seen;
    `);
    expect(result["outcome"]).toMatchObject({ status: "ok" });
    expect(ours(result["seen"])).toEqual([]);
  });
});

/** Names that could lead a call or a key elsewhere. */
function ours(seen: unknown): string[] {
  return (seen as string[]).filter((name) => /KEY|TOKEN|GOOGLE|GEMINI|PROXY|IMAGE_GEN|all of it/i.test(name));
}

describe("what it gives", () => {
  test("is the design's JSON shape, the same that is written beside the picture", async () => {
    const { result } = await runProgram(`
      result.outcome = await imageGen.generate({ prompt: "a fox", aspectRatio: "16:9", size: "2K", output: "fox.jpg" });
      result.record = JSON.parse((await import("node:fs")).readFileSync(workingDirectory + "/fox.json", "utf8"));
    `);
    expect(result["outcome"]).toMatchObject({
      version: 1,
      status: "ok",
      operation: expect.stringMatching(/^[0-9A-Z]{26}$/),
      rehearsal: false,
      route: {
        auth: "api-key",
        endpoint: "generativelanguage",
        model: "gemini-3-pro-image",
        modelVersion: expect.any(String),
      },
      request: { prompt: "a fox", aspectRatio: "16:9", size: "2K", count: 1, references: [] },
      images: [
        {
          path: expect.stringMatching(/\/out\/fox\.jpg$/),
          mimeType: "image/jpeg",
          width: 2752,
          height: 1536,
          bytes: expect.any(Number),
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          matchesRequest: true,
        },
      ],
      cost: {
        currency: "USD",
        estimatedMicroUsd: 134_000,
        actualMicroUsd: emulator.bill().microUsd,
        basis: "usage",
        pricedAsOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        freeTier: false,
      },
      usage: { imageTokens: 1120 },
      attempts: 1,
      durationMs: expect.any(Number),
      responseId: expect.any(String),
      warnings: [],
    });
    const { images, cost } = result["outcome"] as { images: object; cost: object };
    expect(result["record"]).toMatchObject({ status: "ok", images, cost });
  });

  test("for a failure is a value too, with the same fields as the command's", async () => {
    emulator.plan([{ action: { type: "error", name: "quota-per-day" } }]);
    const { result } = await runProgram('result.outcome = await imageGen.generate({ prompt: "a fox" });');
    expect(result["outcome"]).toMatchObject({
      version: 1,
      status: "error",
      error: { code: "quota-exhausted", billed: "no", retryable: false, httpStatus: 429, savedAt: null },
    });
  });

  test("holds no key, however it is looked at", async () => {
    const { result } = await runProgram(`
      const { inspect } = await import("node:util");
      result.text = [options, imageGen].map((value) => inspect(value, { depth: 9, showHidden: true }) + JSON.stringify(value)).join();
    `);
    expect(result["text"]).not.toContain(emulator.credentials.apiKey);
  });

  test("calculateImageCost has the original design's fields", async () => {
    const { result } = await runProgram(`
      const { calculateImageCost } = await import("image-gen");
      result.cost = calculateImageCost("gemini-3-pro-image", 3);
    `);
    expect(result["cost"]).toMatchObject({
      model: "gemini-3-pro-image",
      count: 3,
      pricePerImage: 0.134,
      totalCostUsd: 0.402,
      isFreeTier: false,
    });
  });
});

describe("while it works", () => {
  test("it tells its steps in order, waits included", async () => {
    emulator.plan([{ action: { type: "status", status: 429, retryDelay: "0.1s" } }]);
    const { result } = await runProgram(`
      const events = [];
      await imageGen.generate({ prompt: "a fox" }, { onProgress: (event) => events.push(event) });
      result.types = events.map(({ type }) => type).filter((type) => type !== "receiving");
    `);
    expect(result["types"]).toEqual([
      "planned",
      "sending",
      "answering",
      "waiting",
      "sending",
      "answering",
      "published",
    ]);
  });

  test("an abort before the start sends nothing and is a value", async () => {
    const { result } = await runProgram(`
      const signal = AbortSignal.abort();
      result.outcome = await imageGen.generate({ prompt: "a fox" }, { signal });
    `);
    expect(result["outcome"]).toMatchObject({ status: "error", error: { code: "interrupted", billed: "no" } });
    expect(emulator.requests()).toEqual([]);
  });

  test("an abort in the middle of an answer ends it at once: perhaps billed, no half file", async () => {
    emulator.plan([{ action: { type: "slow", bytesPerSecond: 20_000 } }]);
    const { result } = await runProgram(`
      const { readdirSync } = await import("node:fs");
      const stop = new AbortController();
      const onProgress = ({ type }) => type === "answering" && stop.abort();
      result.outcome = await imageGen.generate({ prompt: "a fox", output: "./" }, { signal: stop.signal, onProgress });
      result.files = readdirSync(workingDirectory);
    `);
    expect(result).toMatchObject({
      outcome: { status: "error", error: { code: "interrupted", billed: "maybe" }, cost: { basis: "unknown" } },
      files: [],
    });
  });

  test("an abort while it waits for the provider's time: nothing billed", async () => {
    emulator.plan([{ action: { type: "status", status: 429, retryDelay: "50s" } }]);
    const { result } = await runProgram(`
      const stop = new AbortController();
      const onProgress = ({ type }) => type === "waiting" && stop.abort("a reason that is no error");
      result.outcome = await imageGen.generate({ prompt: "a fox" }, { signal: stop.signal, onProgress });
    `);
    expect(result["outcome"]).toMatchObject({ error: { code: "interrupted", billed: "no" } });
  });

  test("several requests at once do not meet: each has its own operation and its own file", async () => {
    const { result } = await runProgram(`
      const prompts = ["a fox", "a badger", "an owl"];
      result.outcomes = await Promise.all(prompts.map((prompt) => imageGen.generate({ prompt })));
    `);
    const outcomes = result["outcomes"] as { operation: string; images: { path: string; sha256: string }[] }[];
    for (const part of [
      outcomes.map(({ operation }) => operation),
      outcomes.map(({ images }) => images[0]?.path),
      outcomes.map(({ images }) => images[0]?.sha256),
    ]) {
      expect(new Set(part).size).toBe(3);
    }
  });
});

test("the emulator's door opens by the package's name, and the library rehearses on it", async () => {
  const { result } = await runProgram(`
    const { startEmulator } = await import("image-gen/emulator");
    const own = await startEmulator({ rehearsal: true });
    const { auth, workingDirectory: place, stateDirectory } = options;
    const rehearsing = createImageGen({ auth, workingDirectory: place, stateDirectory, rehearsal: own });
    result.outcome = await rehearsing.generate({ prompt: "a fox" });
    await own.close();
  `);
  expect(result["outcome"]).toMatchObject({
    status: "ok",
    rehearsal: true,
    cost: { basis: "unmetered", actualMicroUsd: 0 },
  });
});

test("the package's emulator makes clips in a program of its own", async () => {
  const { result } = await runProgram(`
    const { startEmulator } = await import("image-gen/emulator");
    const emulator = await startEmulator();
    const interactions = emulator.url + "/generativelanguage.googleapis.com/v1beta/interactions";
    const headers = { "x-goog-api-key": emulator.credentials.apiKey, "content-type": "application/json" };
    const format = { type: "video", duration: "3s", resolution: "360p" };
    const order = { model: "gemini-omni-1.2-flash", input: "a tide", background: true, store: true, response_format: [format] };
    const begun = await (await fetch(interactions, { method: "POST", headers, body: JSON.stringify(order) })).json();
    const answer = await (await fetch(interactions + "/" + begun.id, { headers })).json();
    result.status = answer.status ?? answer;
    await emulator.close();
  `);
  expect(result).toEqual({ status: "completed" });
}, 60_000);
