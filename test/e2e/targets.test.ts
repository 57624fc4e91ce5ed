// Where the picture is to go: what is taken is never touched and never paid for, what goes wrong later loses nothing.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { documentOf, leadingTo, newFolder, openEmulator, type RunOptions, runCommand, until } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator();
});

beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});

async function run(words: readonly string[], options: RunOptions = {}) {
  return await runCommand([...words, "--auth", "api-key"], {
    ...options,
    environment: { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey },
  });
}

describe("a target that is taken is never touched and never paid for", () => {
  const prepare: Record<string, (path: string) => void> = {
    "a file": (path) => writeFileSync(path, "mine"),
    "a symbolic link to a file": (path) => {
      writeFileSync(`${path}.original`, "mine");
      symlinkSync(`${path}.original`, path);
    },
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

  test("a link's own file is as it was", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "original"), "mine");
    symlinkSync(join(folder, "original"), join(folder, "fox.png"));
    await run(["a fox", "-o", "fox.png"], { folder });
    expect(readFileSync(join(folder, "original"), "utf8")).toBe("mine");
  });

  test("a folder of that name takes the picture in, under a name of its own", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "fox.png"));
    const finished = await run(["a fox", "-o", "fox.png"], { folder });
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    expect(finished.files).toContainEqual(expect.stringMatching(/^fox\.png\/image_\d+_\d+_0\.jpg$/));
  });

  test("among numbered names it is passed over", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "fox_1.png"), "mine");
    const finished = await run(["a fox", "-n", "3", "-o", "fox.png", "--quiet"], { folder });
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(folder, "fox_1.png"), "utf8")).toBe("mine");
    expect(finished.files.filter((name) => name.endsWith(".png"))).toHaveLength(4);
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

describe("a place that cannot be written to is refused before paying", () => {
  test.each([
    ["/dev/full", "target-not-writable"],
    ["/dev/full/fox.png", "target-not-writable"],
    ["/proc/image-gen/fox.png", "target-not-writable"],
    ["fox\u202egnp.png", "value-not-allowed"],
    ["fox\nfox.png", "value-not-allowed"],
    [`${"n".repeat(300)}.png`, "value-not-allowed"],
    ["fox.svg", "value-not-allowed"],
    ["", "value-not-allowed"],
  ])("%j: %s", async (output, code) => {
    const finished = await run(["a fox", "-o", output, "--json"]);
    expect(finished.exitCode).toBe(2);
    expect(documentOf(finished)).toMatchObject({ error: { code, billed: "no" } });
    expect([emulator.requests(), finished.files]).toEqual([[], []]);
  });
});

test("folders that are not there yet are made", async () => {
  const finished = await run(["a fox", "-o", "new/deep/fox.png", "--quiet"]);
  expect(finished, finished.stderr).toMatchObject({ exitCode: 0, stdout: `${finished.folder}/new/deep/fox.png\n` });
});

/** Runs with an answer slow enough for `meanwhile` to happen in its middle. */
async function runSlowly(folder: string, meanwhile: () => void) {
  emulator.plan([{ action: { type: "slow", bytesPerSecond: 200_000 } }]);
  return await run(["a fox", "-o", "out/fox.jpg", "--json"], {
    folder,
    during: async () => {
      await until(() => emulator.faults().met === 1);
      meanwhile();
    },
  });
}

describe("what goes wrong while the picture is on its way loses nothing that came", () => {
  test("a name that somebody takes meanwhile: exit 8, theirs untouched, ours whole at savedAt", async () => {
    const folder = newFolder();
    const finished = await runSlowly(folder, () => writeFileSync(join(folder, "out", "fox.jpg"), "mine"));
    expect(finished.exitCode).toBe(8);
    const { error } = documentOf(finished) as { error: { savedAt: string } };
    expect(error).toMatchObject({ code: "not-published", billed: "yes" });
    expect(readFileSync(error.savedAt).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(readFileSync(join(folder, "out", "fox.jpg"), "utf8")).toBe("mine");
    expect(readdirSync(join(folder, "out"))).toEqual(["fox.jpg"]);
  });

  test("a folder that somebody removes meanwhile: exit 8, the picture is whole at savedAt", async () => {
    const folder = newFolder();
    const finished = await runSlowly(folder, () => rmSync(join(folder, "out"), { recursive: true }));
    expect([finished.exitCode, documentOf(finished)]).toMatchObject([8, { error: { code: "not-published" } }]);
    const { error } = documentOf(finished) as { error: { savedAt: string } };
    expect(readFileSync(error.savedAt).subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
  });

  test("files that may not grow to a picture's size: exit 7, perhaps billed, no half file anywhere", async () => {
    // 600 blocks of 512 bytes: enough for the ledger.
    const launcher = ["sh", "-c", 'ulimit -f 600; exec "$@"', "sh"];
    const finished = await run(["a fox", "-s", "4K", "--json"], { launcher });
    expect(finished.exitCode).toBe(7);
    expect(documentOf(finished)).toMatchObject({ error: { code: "answer-incomplete", billed: "maybe" }, attempts: 1 });
    expect(finished.files).toEqual([]);
    expect(emulator.bill()).toMatchObject({ requests: 1, billed: 1 });
  });

  test("files that may not even grow to a ledger's size: exit 4, nothing sent", async () => {
    const launcher = ["sh", "-c", 'ulimit -f 20; exec "$@"', "sh"];
    const finished = await run(["a fox", "--json"], { launcher });
    expect([finished.exitCode, documentOf(finished)]).toMatchObject([4, { error: { billed: "no" } }]);
    expect(emulator.bill()).toMatchObject({ requests: 0, billed: 0 });
  });
});
