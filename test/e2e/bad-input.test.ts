// What is refused before paying: everything at once, nothing sent, nothing left behind.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
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
    [["a fox", "--ar", "1:8"], "ratio-not-offered", /1:8/],
    [["a fox", "--size", "512"], "size-not-offered", /512/],
    [["a fox", "--size", "1000x1000"], "size-not-offered", /1024x1024/],
    [["a fox", "--max-cost", "-1"], "value-not-allowed", /max-cost/],
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

  test("a megabyte is refused with the numbers", async () => {
    const finished = await run(["-", "--json"], { stdin: "fox ".repeat(262_144) });
    expect(finished.exitCode).toBe(2);
    expect(documentOf(finished)).toMatchObject({
      error: { code: "input-too-large", message: expect.stringMatching(/1048576.*65536/) },
    });
    expect(emulator.requests()).toEqual([]);
  });

  test("bytes that are no text do not crash", async () => {
    const finished = await run(["-", "--json"], { stdin: Uint8Array.from([0xff, 0xfe, 0x00, 0x61, 0xed, 0xa0, 0x80]) });
    expect([0, 2]).toContain(finished.exitCode);
    documentOf(finished);
  });
});

describe("a target that is taken is never touched and never paid for", () => {
  const prepare: Record<string, (path: string) => void> = {
    "a file": (path) => writeFileSync(path, "mine"),
    "a symbolic link to nothing": (path) => symlinkSync("/nowhere/at/all", path),
    "a FIFO": (path) => void spawnSync("mkfifo", [path]),
  };
  test.each(Object.keys(prepare))("%s", async (kind) => {
    const folder = newFolder();
    prepare[kind]?.(join(folder, "fox.png"));
    const finished = await run(["a fox", "-o", "fox.png", "--json"], { folder });
    expect(finished.exitCode).toBe(2);
    expect(documentOf(finished)).toMatchObject({
      error: { code: "target-exists", problems: [{ suggestion: join(folder, "fox_1.png") }] },
    });
    expect(emulator.requests()).toEqual([]);
  });

  test("a record of the same name counts too", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "fox.json"), "mine");
    const finished = await run(["a fox", "-o", "fox.png", "--json"], { folder });
    expect(documentOf(finished)).toMatchObject({ error: { code: "target-exists" } });
    expect(readFileSync(join(folder, "fox.json"), "utf8")).toBe("mine");
  });

  test("a file where the folder should be", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "out"), "mine");
    const finished = await run(["a fox", "-o", "out/fox.png", "--json"], { folder });
    expect(finished.exitCode).toBe(2);
    expect(documentOf(finished)).toMatchObject({ error: { code: "target-not-writable" } });
    expect(emulator.requests()).toEqual([]);
  });
});

describe("settings", () => {
  test.each([
    ["no JSON", "{", /JSON|Expected/],
    ["an unknown key", '{"modle": "x"}', /model/],
    ["a wrong type", '{"count": "many", "preview": 3}', /preview/],
  ])("a settings file with %s: exit 3, nothing sent", async (_name, text, said) => {
    const folder = newFolder();
    mkdirSync(join(folder, ".home"), { mode: 0o700 });
    writeFileSync(join(folder, ".home", "config.json"), text, { mode: 0o600 });
    const finished = await run(["a fox", "--json"], { folder });
    expect(finished.exitCode).toBe(3);
    expect(JSON.stringify(documentOf(finished))).toMatch(said);
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
