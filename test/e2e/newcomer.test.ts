// The two commands of the README, the launcher without a build, the built library, and the emulator as a command.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { newFolder, openEmulator, runCommand } from "./run-command.ts";

test("npm start draws on the emulator and prints the absolute path, in the folder that it was called from", () => {
  const folder = newFolder();
  const { status, stdout } = spawnSync(
    process.execPath,
    [resolve("scripts/start.mjs"), "A beautiful sunset over mountains"],
    {
      cwd: folder,
      env: { PATH: process.env["PATH"], HOME: folder, INIT_CWD: folder },
      encoding: "utf8",
    },
  );
  expect(status).toBe(0);
  const path = stdout.trim();
  expect(path.startsWith(join(folder, "generated_images"))).toBe(true);
  expect(existsSync(path)).toBe(true);
});

test("a rehearsal is marked in the outcome, on stderr and in the record", async () => {
  const run = await runCommand(["a fox", "--rehearse"]);
  expect(run.stderr).toMatch(/REHEARSAL/);
  const record = run.files.find((name) => name.endsWith(".json")) ?? "";
  expect(JSON.parse(readFileSync(join(run.folder, record), "utf8"))).toMatchObject({
    rehearsal: true,
    cost: { basis: "unmetered", actualMicroUsd: 0, estimatedMicroUsd: 134_000 },
  });
});

describe("the emulator as a command", () => {
  test("prints its address as one JSON line, serves, and ends with SIGTERM", async () => {
    const child = spawn(process.execPath, [resolve("bin/image-gen.cjs"), "emulator", "--port", "0"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const line = await new Promise<string>((settle) => {
      child.stdout.setEncoding("utf8").once("data", settle);
    });
    const { url } = JSON.parse(line) as { url: string };
    const run = await runCommand(["a fox", "--auth", "api-key", "--quiet"], {
      environment: { GEMINI_API_KEY: "AIza-any-key", GOOGLE_GEMINI_BASE_URL: url },
    });
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    child.kill("SIGTERM");
    expect(await new Promise((settle) => child.on("close", settle))).toBe(0);
  });
});

/** Runs a module in a process of its own, which must not block this one: the emulator lives here. */
async function runScript(script: string, folder: string): Promise<[number | null, string, string]> {
  const child = spawn(process.execPath, ["--input-type=module", "-"], { cwd: folder, timeout: 20_000 });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.end(script);
  const status = await new Promise<number | null>((settle) => {
    child.on("close", settle);
  });
  return [status, stdout, stderr];
}

describe("the built library", () => {
  test("gives the outcome as a value and tells progress, without a word on the streams or a look at the environment", async () => {
    const emulator = await openEmulator({ rehearsal: true });
    const folder = newFolder();
    const script = `
      import { createImageGen } from ${JSON.stringify(pathToFileURL(resolve("dist/index.js")).href)};
      import { writeFileSync } from "node:fs";
      process.env = new Proxy({}, { get: (_, name) => { if (name !== "NODE_DEBUG" && typeof name === "string" && !name.startsWith("NODE_")) seen.push(name); return undefined; } });
      const seen = [];
      const events = [];
      const imageGen = createImageGen({
        auth: "api-key", rehearsal: { url: ${JSON.stringify(emulator.url)}, credentials: ${JSON.stringify(emulator.credentials)} },
        workingDirectory: ${JSON.stringify(folder)}, stateDirectory: ${JSON.stringify(join(folder, "state"))},
      });
      const outcome = await imageGen.generate({ prompt: "a fox", size: "2K" }, { onProgress: ({ type }) => events.push(type) });
      const refused = await imageGen.generate({ prompt: " " });
      writeFileSync(${JSON.stringify(join(folder, "result.json"))}, JSON.stringify({ outcome, refused, events, seen }));
    `;
    expect(await runScript(script, folder)).toEqual([0, "", ""]);
    const result: unknown = JSON.parse(readFileSync(join(folder, "result.json"), "utf8"));
    expect(result).toMatchObject({
      outcome: { version: 1, status: "ok", rehearsal: true, images: [{ width: 2048, height: 2048 }] },
      refused: { status: "error", error: { code: "prompt-empty" } },
      events: expect.arrayContaining(["planned", "sending", "answering", "published"]),
    });
    const { seen } = result as { seen: string[] };
    expect(seen.filter((name) => /KEY|TOKEN|GOOGLE|GEMINI|PROXY|IMAGE_GEN/i.test(name))).toEqual([]);
  });
});
