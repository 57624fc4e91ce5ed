// What is on the disk and on the streams after a good run.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { documentOf, everythingWritten, leadingTo, newFolder, openEmulator, runCommand } from "./run-command.ts";

let emulator: Emulator;
const key = `AIza${"secret".repeat(6)}`;

beforeAll(async () => {
  emulator = await openEmulator();
});

beforeEach(() => {
  emulator.clearFaults();
});

async function draw(words: readonly string[], folder = newFolder()) {
  return await runCommand([...words, "--auth", "api-key"], {
    folder,
    environment: { ...leadingTo(emulator), GEMINI_API_KEY: key },
  });
}

describe("names and formats", () => {
  test("without -o: generated_images/image_YYYYMMDD_HHMMSS_0 with the extension of the bytes, and its record", async () => {
    const { files } = await draw(["a fox"]);
    expect(files).toEqual([
      expect.stringMatching(/^generated_images\/image_\d{8}_\d{6}_0\.jpg$/),
      expect.stringMatching(/^generated_images\/image_\d{8}_\d{6}_0\.json$/),
    ]);
  });

  test.each([
    ["fox.png", "png"],
    ["fox.webp", "webp"],
    ["fox.jpg", "jpeg"],
    ["แมวน้ำ 🦊.png", "png"],
  ])("-o %s is a real %s", async (name, format) => {
    const run = await draw(["a fox", "-o", name]);
    expect(run, run.stderr).toMatchObject({ exitCode: 0, stdout: `${join(run.folder, name)}\n` });
    expect(await sharp(readFileSync(join(run.folder, name))).metadata()).toMatchObject({ format, width: 1024 });
  });

  test("a conversion is said, and loses nothing", async () => {
    const run = await draw(["a fox", "-o", "fox.png", "--json"]);
    expect(documentOf(run)).toMatchObject({ warnings: [expect.stringMatching(/came as JPEG.*real PNG/)] });
  });

  test("-o with a folder and -n 3 gives three numbered pictures with a record each", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "out"));
    const run = await draw(["a fox", "-n", "3", "-o", "out"], folder);
    expect(run.stdout.trim().split("\n")).toHaveLength(3);
    expect(run.files.filter((name) => /^out\/image_\d+_\d+_[012]\.(jpg|json)$/.test(name))).toHaveLength(6);
  });

  test("two runs in the same second never meet", async () => {
    const folder = newFolder();
    const runs = await Promise.all([1, 2, 3, 4].map(() => draw(["a fox", "--new"], folder)));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(4);
  });

  test("the size that was asked for is the size on the disk", async () => {
    const run = await draw(["a fox", "--size", "2752x1536", "--json"]);
    expect(documentOf(run)).toMatchObject({
      request: { aspectRatio: "16:9", size: "2K" },
      images: [{ width: 2752, height: 1536, matchesRequest: true }],
    });
  });
});

test("after a refusal the same -o can be used again, and the refusal's record is kept", async () => {
  const folder = newFolder();
  emulator.plan([{ times: 1, action: { type: "refusal", finishReason: "IMAGE_SAFETY" } }]);
  expect((await draw(["a fox", "-o", "fox.jpg"], folder)).exitCode).toBe(5);
  const again = await draw(["a kind fox", "-o", "fox.jpg"], folder);
  expect(again, again.stderr).toMatchObject({ exitCode: 0 });
  expect(again.files).toEqual([expect.stringMatching(/^fox\.\w{26}\.json$/), "fox.jpg", "fox.json"]);
});

describe("some of the pictures", () => {
  test("exit 9, the ones that came are there, the missing one is explained", async () => {
    emulator.plan([{ times: 1, action: { type: "refusal", finishReason: "IMAGE_SAFETY" } }]);
    const run = await draw(["a fox", "-n", "3", "--json"]);
    expect(run.exitCode).toBe(9);
    expect(documentOf(run)).toMatchObject({ status: "partial", errors: [{ code: "refused-safety" }] });
    expect(documentOf(run)["images"]).toHaveLength(2);
  });

  test("after a failure that all would share, no further call is made", async () => {
    emulator.clearRequests();
    emulator.plan([{ times: 99, action: { type: "status", status: 403 } }]);
    const run = await draw(["a fox", "-n", "40", "--json"]);
    expect(run.exitCode).toBe(3);
    expect(emulator.requests().length).toBeLessThanOrEqual(4);
  });
});

test("with --search the true cost is the emulator's bill, the search included", async () => {
  const before = emulator.bill().microUsd;
  const words = ["a fox", "--search", "--idempotency-key", "searched", "--json"];
  const run = await draw([...words, "--verbose"]);
  const { cost, usage } = documentOf(run) as { cost: { actualMicroUsd: number }; usage: object };
  expect(cost.actualMicroUsd).toBe(emulator.bill().microUsd - before);
  expect(cost.actualMicroUsd).toBeGreaterThan(134_400 + 14_000);
  expect(usage).toMatchObject({ searchQueries: 1 });
  expect(run.stderr).toContain("Searches, each billed by itself: 1\n");
  // Asked for again, it is told from the ledger as it was.
  const again = documentOf(await draw(words, run.folder));
  expect(again).toMatchObject({ usage, cost: { actualMicroUsd: cost.actualMicroUsd } });
  expect(emulator.bill().microUsd - before).toBe(cost.actualMicroUsd);
});

describe("streams", () => {
  test("stdout is the path alone, stderr has no control codes without a terminal", async () => {
    const run = await draw(["a fox"]);
    expect(run.stdout).toMatch(/^\/[^\n]+\.jpg\n$/);
    // oxlint-disable-next-line no-control-regex
    expect(run.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(run.stderr).toMatch(/\$0\.134\/image/);
    expect(run.stderr).toMatch(/Paid: \$0\.1\d+/);
  });

  test("--quiet says nothing but the path", async () => {
    expect((await draw(["a fox", "--quiet"])).stderr).toBe("");
  });

  test("the key is nowhere: not on the streams, not in the record, not in the home folder", async () => {
    for (const more of [[], ["--json"], ["--verbose"], ["--dry-run"], ["--show-defaults"]]) {
      expect(everythingWritten(await draw(["a fox", ...more]))).not.toContain(key);
    }
  });

  test("a key on the command line works and is warned about", async () => {
    const run = await runCommand(["a fox", "--auth", "api-key", "--api-key", key], {
      environment: leadingTo(emulator),
    });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toMatch(/Warning: .*--api-key/);
    expect(everythingWritten(run)).not.toContain(key);
  });
});
