// Signals and closed pipes while a picture is on its way.

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { documentOf, leadingTo, newFolder, openEmulator, runCommand, until } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator();
});

beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});

const key = (): Record<string, string> => ({ ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey });

/** Six pictures whose answers take more than a second; the signals are sent when the first four are on their way. */
async function interrupt(signals: readonly NodeJS.Signals[], words: readonly string[] = []) {
  emulator.plan([{ times: 9, action: { type: "slow", bytesPerSecond: 50_000 } }]);
  const folder = newFolder();
  return await runCommand(["a fox", "--auth", "api-key", "-n", "6", ...words], {
    folder,
    environment: key(),
    during: async (send, stderr) => {
      await until(() => emulator.faults().met >= 4);
      for (const [index, signal] of signals.entries()) {
        if (index > 0) await until(() => stderr().includes("Stopping"));
        send(signal);
      }
    },
  });
}

const pictures = (folder: string) =>
  readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".jpg"));

describe("the command is told to stop while four of six pictures are on their way", () => {
  test.each([
    ["SIGINT", 130, "interrupted"],
    ["SIGTERM", 143, "terminated"],
    ["SIGHUP", 143, "terminated"],
  ] as const)("%s: it ends with %i, and the four are finished without it", async (signal, exitCode, code) => {
    const run = await interrupt([signal], ["--json"]);
    expect([run.exitCode, documentOf(run)]).toMatchObject([exitCode, { error: { code, billed: "maybe" } }]);
    const { operation } = documentOf(run) as { operation: string };
    expect(operation).toMatch(/^[0-9A-Z]{26}$/);
    await until(() => pictures(run.folder).length === 4);
    emulator.clearFaults();

    // Asked for again, the same request gets them and buys nothing.
    const again = await runCommand(["a fox", "--auth", "api-key", "-n", "6", "--json"], {
      folder: run.folder,
      environment: key(),
    });
    expect([again.exitCode, documentOf(again)]).toMatchObject([9, { operation, status: "partial" }]);
    expect((documentOf(again) as { images: unknown[] }).images).toHaveLength(4);
    expect(emulator.bill()).toMatchObject({ billed: 4 });
  });

  test("kill -9: so are they, and recover has nothing left to do", async () => {
    const run = await interrupt(["SIGKILL"]);
    expect(run.exitCode).toBe("SIGKILL");
    await until(() => pictures(run.folder).length === 4);
    for (;;) {
      const seen = await runCommand(["history", "--json"], { folder: run.folder, environment: key() });
      const history: unknown = JSON.parse(seen.stdout);
      // Its last steps come after the last picture.
      if (/"(sent|answered|reserved)"/.test(seen.stdout)) continue;
      expect(history).toMatchObject([{ state: "captured", delivered: false }]);
      break;
    }
    const recovered = await runCommand(["recover", "--json"], { folder: run.folder, environment: key() });
    expect(documentOf(recovered)).toMatchObject({ published: [], released: [], unknown: [], unpublished: [] });
  });
});

describe("with --foreground", () => {
  test("one Ctrl-C: no new call starts, what is paid for is finished and named, exit 130", async () => {
    const run = await interrupt(["SIGINT"], ["--foreground"]);
    expect(run.exitCode).toBe(130);
    expect(emulator.requests()).toHaveLength(4);
    expect(run.stdout.trim().split("\n")).toHaveLength(4);
    expect(run.files.filter((name) => name.endsWith(".jpg"))).toHaveLength(4);
    expect(run.stderr).toMatch(/Ctrl-C again gives it up/);
  });

  test("two: what is on its way is given up, perhaps billed, exit 130, no half file", async () => {
    const run = await interrupt(["SIGINT", "SIGINT"], ["--foreground"]);
    expect(run.exitCode).toBe(130);
    expect(run.stderr).toMatch(/Billed: perhaps/);
    expect(run.stderr).toMatch(/Operation: \w{26}/);
    expect(run.files).toEqual([]);
  });

  test.each(["SIGTERM", "SIGHUP"] as const)("%s gives up at once, exit 143, no half file", async (signal) => {
    const run = await interrupt([signal], ["--foreground"]);
    expect([run.exitCode, run.files]).toEqual([143, []]);
  });

  test("--json: what was given up is perhaps billed, with the operation's id", async () => {
    const run = await interrupt(["SIGTERM"], ["--foreground", "--json"]);
    expect(documentOf(run)).toMatchObject({
      status: "error",
      operation: expect.stringMatching(/^[0-9A-Z]{26}$/),
      error: { code: "terminated", billed: "maybe", exitCode: 143 },
      cost: { basis: "unknown" },
    });
  });
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s while waiting for the provider's time ends the wait at once; nothing was billed",
  async (signal, exit) => {
    emulator.plan([{ times: 9, action: { type: "status", status: 429, retryDelay: "50s" } }]);
    const run = await runCommand(["a fox", "--auth", "api-key"], {
      environment: { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey },
      during: async (send, stderr) => {
        await until(() => stderr().includes("next attempt in"));
        send(signal);
      },
    });
    expect([run.exitCode, run.files]).toEqual([exit, []]);
    expect(run.stderr).not.toMatch(/Billed/);
    expect(emulator.bill()).toMatchObject({ requests: 1, billed: 0 });
  },
);

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s while the proxy is still asked for its models: no picture is bought", async (signal, exit) => {
  emulator.plan([{ match: { rpc: "listModels" }, action: { type: "stall", where: "before-headers", forMs: 300 } }]);
  const run = await runCommand(["a fox"], {
    environment: { ...leadingTo(emulator), CLIPROXYAPI_KEY: emulator.credentials.proxyKey },
    during: async (send) => {
      await until(() => emulator.faults().met === 1);
      send(signal);
    },
  });
  expect([run.exitCode, run.files, run.stderr]).toEqual([exit, [], expect.not.stringContaining("Billed")]);
  expect(emulator.bill()).toMatchObject({ requests: 1, billed: 0 });
});

test("a reader that closes stdout early costs no picture and is no crash", async () => {
  const folder = newFolder();
  const child = spawn(process.execPath, [resolve("bin/image-gen.cjs"), "a fox", "--auth", "api-key", "-n", "2"], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      IMAGE_GEN_HOME: `${folder}/.home`,
      GEMINI_API_KEY: "AIza-x",
      ...leadingTo(emulator),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise((settle) => {
    child.on("close", settle);
  });
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("EPIPE")]);
  expect(emulator.requests().filter(({ billed }) => billed)).toHaveLength(2);
});
