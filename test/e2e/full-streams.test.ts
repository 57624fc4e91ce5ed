// What happens when nobody can take what the command says: a full disk behind its output.

import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { leadingTo, newFolder, openEmulator, runCommand } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator();
});

async function draw(folder: string, redirection?: string) {
  return await runCommand(["a fox", "--auth", "api-key"], {
    folder,
    environment: { ...leadingTo(emulator), GEMINI_API_KEY: `AIza${"secret".repeat(6)}` },
    ...(redirection === undefined ? {} : { launcher: ["sh", "-c", `exec "$@" ${redirection}`, "sh"] }),
  });
}

describe.skipIf(!existsSync("/dev/full"))("on a full disk", () => {
  test("standard output is missed in one sentence, and the same command again buys nothing", async () => {
    const folder = newFolder();
    const before = emulator.bill().billed;
    const full = await draw(folder, ">/dev/full");
    expect(full.exitCode).toBe(10);
    expect(full.stderr).toMatch(/Standard output cannot be written \(ENOSPC\)/);
    expect(full.stderr).not.toMatch(/\n\s+at /);
    const again = await draw(folder);
    expect(again, again.stderr).toMatchObject({ exitCode: 0 });
    expect(again.files.filter((name) => name.endsWith(".jpg"))).toHaveLength(1);
    expect(emulator.bill().billed).toBe(before + 1);
  });

  test("diagnostics are not missed at all", async () => {
    const run = await draw(newFolder(), "2>/dev/full");
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/\.jpg\n$/);
  });
});
