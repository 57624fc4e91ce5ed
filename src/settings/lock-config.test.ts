import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setBudgets } from "./budget-file.ts";
import { withConfigLocked } from "./lock-config.ts";

let folder = "";
let configPath = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-gen-lock-"));
  configPath = join(folder, "config.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Another process that has the lock and does not let go of it. */
async function startHolder(): Promise<ChildProcess> {
  // It is there to be locked, whoever makes it.
  writeFileSync(join(folder, ".config.lock"), "");
  const script = `const { DatabaseSync } = require("@photostructure/sqlite");
    globalThis.lock = new DatabaseSync(process.argv[1]);
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    console.log("held");
    setInterval(() => {}, 1_000_000);`;
  const holder = spawn(process.execPath, ["-e", script, join(folder, ".config.lock")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  return holder;
}

async function kill(holder: ChildProcess): Promise<void> {
  const gone = once(holder, "exit");
  holder.kill("SIGKILL");
  await gone;
}

test("who cannot have the lock changes nothing and is told why", async () => {
  const holder = await startHolder();
  try {
    await expect(withConfigLocked(configPath, () => "changed", 1)).rejects.toMatchObject({
      code: "config-invalid",
      message: `Another process is changing ${configPath} and does not let go of it.`,
    });
  } finally {
    await kill(holder);
  }
});

test("a holder that was killed holds nothing up", async () => {
  await kill(await startHolder());
  expect(await withConfigLocked(configPath, () => "changed", 1)).toBe("changed");
});

test("where SQLite cannot be loaded the settings can be changed all the same", async () => {
  vi.doMock("@photostructure/sqlite", () => {
    throw new Error("no binary for this platform");
  });
  try {
    expect(await withConfigLocked(configPath, () => "changed", 1)).toBe("changed");
  } finally {
    vi.doUnmock("@photostructure/sqlite");
  }
});

test("a change that fails lets go of the lock, and the lock is all that is left beside the settings", async () => {
  const change = () => readFileSync(configPath);
  await expect(withConfigLocked(configPath, change, 1)).rejects.toThrow("ENOENT");
  await setBudgets(configPath, [{ window: "day", limitMicroUsd: 1 }]);
  expect(readdirSync(folder).toSorted()).toEqual([".config.lock", "config.json"]);
  expect(readFileSync(join(folder, ".config.lock"), "utf8")).toBe("");
});
