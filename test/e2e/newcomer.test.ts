// What somebody new does first: the README's command, a rehearsal, the emulator, the package as npm would hand it out.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { newFolder, runCommand } from "./run-command.ts";

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

test("the package that npm would publish draws by itself, from its own files alone", async () => {
  const folder = newFolder();
  const packed = spawnSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], {
    cwd: resolve("."),
    env: { PATH: process.env["PATH"], HOME: folder, npm_config_offline: "true", npm_config_update_notifier: "false" },
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  expect(packed, packed.stderr).toMatchObject({ status: 0 });
  spawnSync("tar", ["-xzf", packed.stdout.trim()], { cwd: folder });
  // What npm would install beside it.
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"), "dir");
  const start = [join(folder, "package", "bin", "image-gen.cjs"), "a fox", "--rehearse", "--quiet", "-o", "fox.png"];
  const { status, stdout, stderr } = spawnSync(process.execPath, start, {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder },
    encoding: "utf8",
  });
  expect([status, stderr, stdout]).toEqual([0, "", `${join(folder, "fox.png")}\n`]);
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
