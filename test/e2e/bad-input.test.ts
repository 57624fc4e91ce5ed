// What is refused before paying: everything at once, nothing sent, nothing left behind.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { documentOf, leadingTo, newFolder, openEmulator, type RunOptions, runCommand } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator();
});

beforeEach(() => {
  emulator.clearRequests();
});

async function run(words: readonly string[], options: RunOptions = {}) {
  return await runCommand([...words], {
    ...options,
    environment: {
      ...leadingTo(emulator),
      IMAGE_GEN_AUTH: "api-key",
      GEMINI_API_KEY: emulator.credentials.apiKey,
      ...options.environment,
    },
  });
}

describe("mistakes in the request", () => {
  test("all of them are told at once, with what is allowed and the nearest right value", async () => {
    const words = ["a fox", "--ar", "17:9", "--size", "3K", "-n", "0", "--tier", "gold", "-o", "fox.gif", "--json"];
    const finished = await run(words);
    expect(finished.exitCode).toBe(2);
    const { error } = documentOf(finished);
    expect(error).toMatchObject({ code: "invalid-request", billed: "no" });
    const { problems } = error as { problems: { field: string; suggestion?: string; allowed?: string[] }[] };
    expect(problems.map(({ field }) => field).toSorted()).toEqual(["--ar", "--count", "--output", "--size", "--tier"]);
    expect(problems.find(({ field }) => field === "--ar")).toMatchObject({ suggestion: "16:9" });
    expect(problems.find(({ field }) => field === "--output")).toMatchObject({ allowed: [".png", ".jpg", ".webp"] });
    expect([finished.files, emulator.requests()]).toEqual([[], []]);
  });

  test.each([
    [["a fox", "--aspect-ration", "1:1"], "usage", /--aspect-ratio/],
    [["modles"], "usage", /models/],
    [[""], "prompt-empty", /empty/],
    [["   "], "prompt-empty", /empty/],
    [["a fox", "-m", "gemini-3-pro-imag"], "model-unknown", /gemini-3-pro-image/],
    [["a fox", "-m", "gemini-2.5-flash-image"], "model-retired", /2026-10-02.*gemini-nano-banana-2\.1/],
    [["a fox", "-m", "imagen-4.0-generate-001"], "model-retired", /2026-08-17/],
    [["a fox", "-m", "gemini-omni-1.2-flash"], "model-not-runnable", /video/],
    [
      ["a fox", "-m", "gemini-nano-banana-2.1", "--auth", "oauth", "--endpoint", "cloudcode-pa"],
      "model-not-on-route",
      /not served by cloudcode-pa/,
    ],
    [["a fox", "--ar", "1:8"], "ratio-not-offered", /1:8/],
    [["a fox", "--size", "512"], "size-not-offered", /512/],
    [["a fox", "--size", "1000x1000"], "size-not-offered", /1024x1024/],
    [["a fox", "--max-cost", "-1"], "value-not-allowed", /max-cost/],
    [["a fox", "--max-cost", "1e3x"], "value-not-allowed", /max-cost/],
    [["a fox", "--timeout", "0"], "value-not-allowed", /from 1 to 3600/],
    [["a fox", "--temperature", "9"], "value-not-allowed", /0 to 2/],
    [["a fox", "--seed", "-1"], "value-not-allowed", /2147483647/],
    [["a fox", "-n", "1000"], "value-not-allowed", /count/],
    [["a fox", "--auth", "magic"], "value-not-allowed", /api-key/],
    [["a fox", "--thinking", "hard"], "value-not-allowed", /minimal/],
    [["a fox", "--location", "../evil", "--auth", "oauth", "--project-id", "p-1"], "value-not-allowed", /location/],
    [["a fox", "--seed", "1.5"], "value-not-allowed", /seed/],
    [["a fox", "--person-generation", "allow-none"], "option-not-offered", /Gemini API/],
  ])("%j: %s", async (words, code, said) => {
    const finished = await run([...words, "--json"]);
    expect(finished.exitCode).toBe(2);
    const document = documentOf(finished);
    expect(document).toMatchObject({ status: "error", error: { code, billed: "no", exitCode: 2 } });
    expect(JSON.stringify(document)).toMatch(said);
    expect(emulator.requests()).toEqual([]);
  });

  test("an old name of a model still works and says what it has become", async () => {
    const finished = await run(["a fox", "-m", "gemini-3-pro-image-preview", "--json"]);
    expect(documentOf(finished)).toMatchObject({
      route: { model: "gemini-3-pro-image" },
      warnings: [expect.stringMatching(/gemini-3-pro-image-preview is an old name.*2026-06-25/)],
    });
  });
});

describe("prompts", () => {
  test.each([
    ["a dash in front", ["--", "-40 degrees"], "-40 degrees"],
    ["several words", ["a", "red", "fox"], "a red fox"],
    ["line breaks and tabs", ["a fox\nin\tsnow"], "a fox\nin\tsnow"],
    ["Thai, CJK, Arabic, emoji", ["แมวน้ำ 海 قطة 🦭👨‍👩‍👧"], "แมวน้ำ 海 قطة 🦭👨‍👩‍👧"],
    ["shell words", ['$(id) `id` "; id; #'], '$(id) `id` "; id; #'],
    ["template words", ["__proto__ constructor ${x} {{y}} %s"], "__proto__ constructor ${x} {{y}} %s"],
  ])("%s arrive unchanged", async (_name, words, prompt) => {
    const finished = await run(["--json", ...words]);
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    expect(documentOf(finished)).toMatchObject({ request: { prompt } });
  });

  test("a prompt comes from standard input with -", async () => {
    const finished = await run(["-", "--json"], { stdin: "a fox from a pipe\n" });
    expect(documentOf(finished)).toMatchObject({
      request: { prompt: expect.stringMatching(/^a fox from a pipe\n?$/) },
    });
  });

  test("the largest that is taken arrives whole, byte for byte", async () => {
    const listening = await openEmulator({ keepBodies: true });
    const prompt = `${"fox แมว 🦊\n".repeat(2_000)}end`;
    const finished = await run(["-", "--quiet"], { stdin: prompt, environment: leadingTo(listening) });
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    const body = JSON.parse(listening.requests()[0]?.body ?? "{}");
    expect(body.contents[0].parts[0].text).toBe(prompt);
  });

  test("a megabyte is refused with the numbers", async () => {
    const finished = await run(["-", "--json"], { stdin: "fox ".repeat(262_144) });
    expect(finished.exitCode).toBe(2);
    expect(documentOf(finished)).toMatchObject({
      error: { code: "input-too-large", message: expect.stringMatching(/1048576.*65536/) },
    });
    expect(emulator.requests()).toEqual([]);
  });

  test("bytes that are no text become the sign for that, lone surrogates too; a NUL is let be", async () => {
    const finished = await run(["-", "--json"], { stdin: Uint8Array.from([0xff, 0xfe, 0x00, 0x61, 0xed, 0xa0, 0x80]) });
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    expect(documentOf(finished)).toMatchObject({ request: { prompt: "\ufffd\ufffd\u0000a\ufffd\ufffd\ufffd" } });
  });

  test("a prompt that begins with a dash is told where it goes, and its words are not called missing", async () => {
    const finished = await run(["-40 degrees", "--json"]);
    expect(finished.exitCode).toBe(2);
    expect(documentOf(finished)).toMatchObject({
      error: { code: "usage", problems: [{ message: expect.stringContaining("goes after --") }] },
    });
    expect(emulator.requests()).toEqual([]);
  });

  test("an option without its value is the only thing told of", async () => {
    const finished = await run(["a fox", "--json", "-n"]);
    expect(finished.exitCode).toBe(2);
    expect(documentOf(finished)).toMatchObject({ error: { code: "usage", message: "-n needs a value." } });
    expect((documentOf(finished) as { error: { problems: unknown[] } }).error.problems).toHaveLength(1);
  });

  test("standard input that is empty is an empty prompt", async () => {
    const finished = await run(["-", "--json"], { stdin: "" });
    expect([finished.exitCode, documentOf(finished)]).toMatchObject([2, { error: { code: "prompt-empty" } }]);
  });
});

/** A folder whose run finds this file among its settings. */
function folderWithHome(name: string, text: string): string {
  const folder = newFolder();
  mkdirSync(join(folder, ".home"), { mode: 0o700 });
  writeFileSync(join(folder, ".home", name), text, { mode: 0o600 });
  return folder;
}

describe("settings", () => {
  test.each([
    ["no JSON", "{", /JSON|Expected/],
    ["an unknown key", '{"modle": "x"}', /model/],
    ["a wrong type", '{"count": "many", "preview": 3}', /preview/],
  ])("a settings file with %s: exit 3, nothing sent", async (_name, text, said) => {
    const finished = await run(["a fox", "--json"], { folder: folderWithHome("config.json", text) });
    expect(finished.exitCode).toBe(3);
    expect(JSON.stringify(documentOf(finished))).toMatch(said);
    expect([emulator.requests(), finished.files]).toEqual([[], []]);
  });

  test.each([
    ["no JSON", "[", /models\.json/],
    ["a model without a price", '{"models":[{"id":"mine"}]}', /models/],
  ])("a models file with %s: exit 3, nothing sent", async (_name, text, said) => {
    const finished = await run(["a fox", "--json"], { folder: folderWithHome("models.json", text) });
    expect(finished.exitCode).toBe(3);
    expect(JSON.stringify(documentOf(finished))).toMatch(said);
    expect(emulator.requests()).toEqual([]);
  });

  test.each([
    ["IMAGE_GEN_AUTH", "magic"],
    ["CLIPROXYAPI_URL", "not a url"],
    ["GOOGLE_GEMINI_BASE_URL", "ftp://files.example"],
  ])("a wrong %s: exit 3, and the variable is named", async (name, value) => {
    const finished = await run(["a fox", "--json"], { environment: { [name]: value } });
    expect(finished.exitCode).toBe(3);
    expect(JSON.stringify(documentOf(finished))).toContain(name);
    expect(emulator.requests()).toEqual([]);
  });

  test("what config set has written is used, and a flag is stronger", async () => {
    const folder = newFolder();
    expect((await run(["config", "set", "size", "2K"], { folder })).exitCode).toBe(0);
    expect(documentOf(await run(["a fox", "--dry-run", "--json"], { folder }))).toMatchObject({
      plan: { request: { size: "2K" } },
    });
    expect(documentOf(await run(["a fox", "-s", "4K", "--dry-run", "--json"], { folder }))).toMatchObject({
      plan: { request: { size: "4K" } },
    });
  });

  test("a base URL over plain http to another machine is refused, so that no key travels in clear", async () => {
    const finished = await run(["a fox", "--json"], {
      environment: { GOOGLE_GEMINI_BASE_URL: "http://gateway.example" },
    });
    expect(finished.exitCode).toBe(3);
    expect(documentOf(finished)).toMatchObject({ error: { code: "config-invalid" } });
  });

  test("a file of the project's own cannot lead the key elsewhere", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, ".env"), "GOOGLE_GEMINI_BASE_URL=https://attacker.example\n");
    writeFileSync(join(folder, "config.json"), '{"geminiUrl": "https://attacker.example"}');
    expect((await run(["a fox"], { folder })).exitCode).toBe(0);
    expect(emulator.requests()).toHaveLength(1);
  });
});
