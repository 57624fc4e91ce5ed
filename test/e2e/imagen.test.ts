// Imagen from the command line: gcloud's login, the sender, the picture on the disk, the emulator's bill; and what is refused.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import {
  documentOf,
  type Finished,
  leadingTo,
  newFolder,
  openEmulator,
  type RunOptions,
  runCommand,
  until,
} from "./run-command.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await openEmulator();
});
beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});

const vertex = ["--auth", "adc", "--project-id", "p-1"];
const imagen = [...vertex, "-m", "imagen-4.0-generate-001"];

async function run(
  words: readonly string[],
  folder: string = newFolder(),
  more: Readonly<Record<string, string>> = {},
  during?: RunOptions["during"],
): Promise<Finished> {
  const login = join(folder, "adc.json");
  writeFileSync(login, JSON.stringify({ ...emulator.credentials.authorizedUser, token_uri: `${emulator.url}/token` }), {
    mode: 0o600,
  });
  const environment = { ...leadingTo(emulator), GOOGLE_APPLICATION_CREDENTIALS: login, ...more };
  return await runCommand(words, { folder, environment, ...(during ? { during } : {}) });
}

test("a picture is drawn where the person insists, and spend knows its price", async () => {
  const folder = newFolder();
  const finished = await run(
    ["a fox", ...imagen, "--allow-retired", "-o", "fox.png", "--ar", "3:4", "-s", "2K"],
    folder,
  );
  expect([finished.exitCode, finished.stdout.trim()]).toEqual([0, join(folder, "fox.png")]);
  expect(finished.stderr).toMatch(/Warning: imagen-4\.0-generate-001 was shut down on 2026-06-30/);
  expect(await sharp(join(folder, "fox.png")).metadata()).toMatchObject({ width: 1792, height: 2560 });
  expect(emulator.bill()).toMatchObject({ images: 1, microUsd: 40_000 });
  expect((await run(["spend"], folder)).stdout).toContain("$0.04");
});

test("a picture is edited and then enlarged", async () => {
  const folder = newFolder();
  const fox = sharp({ create: { width: 64, height: 36, channels: 3, background: "#f80" } });
  await fox.clone().png().toFile(join(folder, "fox.png"));
  await fox.clone().png().toFile(join(folder, "mask.png"));
  const always = [...vertex, "--allow-retired", "--json"];
  const edit = ["-m", "imagen-3.0-capability-001", "--image-as", "raw,mask", "--edit-mode", "inpaint-insertion"];
  const edited = await run(["a hat", ...always, ...edit, "-o", "hat.png", "-i", "fox.png", "mask.png"], folder);
  expect(documentOf(edited)).toMatchObject({ status: "ok", images: [{ width: 1408, height: 768 }] });
  const enlarge = ["-m", "imagen-4.0-upscale-preview", "--upscale", "x3"];
  const enlarged = await run(["larger", ...always, ...enlarge, "-o", "large.png", "-i", "fox.png"], folder);
  expect(documentOf(enlarged)).toMatchObject({ status: "ok", images: [{ width: 192, height: 108 }] });
});

test("a filtered picture is a refusal with Google's reason", async () => {
  emulator.plan([{ action: { type: "refusal", finishReason: "IMAGE_SAFETY", message: "Support codes: 42" } }]);
  const finished = await run(["a fox", ...imagen, "--allow-retired", "--json"]);
  expect(finished.exitCode).toBe(5);
  expect(documentOf(finished)).toMatchObject({
    error: { code: "refused-safety", providerMessage: "Support codes: 42" },
  });
});

describe("what is refused costs nothing and is told all at once", () => {
  test("the model, without --allow-retired", async () => {
    const finished = await run(["a fox", ...imagen]);
    expect(finished.exitCode).toBe(2);
    expect(finished.stderr).toMatch(/2026-06-30\. Use gemini-3\.1-flash-image[^]*--allow-retired/);
    expect(emulator.requests()).toEqual([]);
  });

  test("options that it does not take", async () => {
    const wrong = ["--seed", "4", "--temperature", "1", "--session", "s", "--negative-prompt", "a hen", "--ar", "21:9"];
    const finished = await run(["a fox", ...imagen, "--allow-retired", ...wrong, "--json"]);
    expect(finished.exitCode).toBe(2);
    const { problems } = documentOf(finished)["error"] as { problems: { field: string }[] };
    expect(problems.map(({ field }) => field).toSorted()).toEqual([
      "--ar",
      "--negative-prompt",
      "--seed",
      "--session",
      "--temperature",
    ]);
    expect(emulator.requests().filter(({ rpc }) => rpc === "predict")).toEqual([]);
  });

  test.each([
    [["--image-as", "raw,hat"], /"hat", which is not allowed/],
    [["--edit-mode", "paint"], /inpaint-insertion/],
    [["--upscale", "x9"], /x2/],
    [["--mask-dilation", "wide"], /number/],
    [["--mask-classes", "dog"], /whole numbers.*"dog"/],
    [["--safety", "off"], /block-none/],
    [["--language", "klingon"], /auto/],
    [["--storage-uri", "bucket"], /gs:\/\/bucket\/folder/],
    [["--guidance", "999"], /0 to 500/],
  ])("%j", async (words, said) => {
    const finished = await run(["a fox", ...imagen, "--allow-retired", ...words]);
    expect(finished.exitCode).toBe(2);
    expect(finished.stderr).toMatch(said);
  });
});

describe("what is told of it", () => {
  test("models hides it, and with --all shows day, price and successor", async () => {
    expect((await run(["models", "--auth", "adc"])).stdout).not.toContain("imagen");
    const { stdout } = await run(["models", "--auth", "adc", "--all"]);
    const row = stdout.split("\n").find((line) => line.startsWith("imagen-4.0-ultra-generate-001"));
    expect(row).toMatch(/retired 2026-06-30 .*1K \$0\.06, 2K \$0\.06 .*gemini-3-pro-image/);
    expect(stdout.split("\n").filter((line) => line.startsWith("imagen-"))).toHaveLength(8);
  });

  test.each([
    ["imagen-4.0-fast-generate-001", "generate", 20_000],
    ["imagen-4.0-generate-001", "generate", 40_000],
    ["imagen-4.0-ultra-generate-001", "generate", 60_000],
    ["imagen-3.0-capability-001", "edit", 40_000],
    ["imagen-4.0-upscale-preview", "upscale", 60_000],
  ])("%s: its task %s, and the same price in models and in the estimate", async (model, task, microUsd) => {
    const folder = newFolder();
    await sharp({ create: { width: 9, height: 9, channels: 3, background: "#f80" } }).toFile(join(folder, "in.png"));
    const described = documentOf(await run(["models", model, "--json"], folder));
    expect(described).toMatchObject({ models: [{ task, perImageMicroUsd: { "1K": microUsd } }] });
    const picture = task === "generate" ? [] : ["-i", "in.png"];
    const words = ["cost", "estimate", "a fox", ...vertex, "-m", model, "--allow-retired", "--json", ...picture];
    expect(documentOf(await run(words, folder))).toMatchObject({ cost: { estimatedMicroUsd: microUsd } });
  });

  test("its price before, and no recommendation of it", async () => {
    const estimate = await run(["cost", "estimate", "a fox", ...imagen, "--allow-retired", "-n", "3", "--json"]);
    expect(documentOf(estimate)).toMatchObject({ cost: { estimatedMicroUsd: 120_000, worstCaseMicroUsd: 120_000 } });
    // It draws no drafts: there is nothing to say beyond the price.
    const inWords = await run(["cost", "estimate", "a fox", ...imagen, "--allow-retired", "-n", "3"]);
    expect(inWords.stdout).toMatch(/^3 images: \$0\.12 \(\$0\.04 each\)\n/);
    expect(inWords.stdout).not.toContain("At most");
    expect((await run(["cost", "recommend", "--json"])).stdout).not.toContain("imagen");
  });

  test("the very request, by a dry run", async () => {
    const finished = await run([
      "a fox",
      ...imagen,
      "--allow-retired",
      "--no-watermark",
      "--seed",
      "7",
      "--dry-run",
      "--json",
    ]);
    expect(documentOf(finished)).toMatchObject({
      httpRequest: {
        url: expect.stringMatching(/publishers\/google\/models\/imagen-4\.0-generate-001:predict$/),
        body: { instances: [{ prompt: "a fox" }], parameters: { seed: 7, addWatermark: false } },
      },
    });
  });

  test("a rehearsal of it", async () => {
    const finished = await run(["a fox", ...imagen, "--allow-retired", "--rehearse", "--json"]);
    expect(documentOf(finished)).toMatchObject({ status: "ok", rehearsal: true, cost: { actualMicroUsd: 0 } });
    expect(emulator.requests()).toEqual([]);
  });
});

describe("killed between the answer and the picture's name", () => {
  /** Goes into the process: it kills itself in the very call that would give the picture its name. */
  const deadly = `const fs = require("node:fs");
const { linkSync } = fs;
fs.linkSync = (from, to) => {
  if (String(to).endsWith("fox.png")) process.kill(process.pid, "SIGKILL");
  return linkSync(from, to);
};`;

  test.each([
    ["drawn", []],
    ["edited", ["-m", "imagen-3.0-capability-001", "--image-as", "style", "-i", "in.png"]],
    ["enlarged", ["-m", "imagen-4.0-upscale-preview", "-i", "in.png"]],
  ])("what was %s is recovered, and billed once", async (_, more) => {
    const folder = newFolder();
    const shape = { width: 64, height: 64, channels: 3, background: "#f80" } as const;
    await sharp({ create: shape }).toFile(join(folder, "in.png"));
    writeFileSync(join(folder, "deadly.cjs"), deadly);
    const words = ["a fox", ...imagen, ...more, "--allow-retired", "-o", "fox.png"];
    const hook = { NODE_OPTIONS: `--require ${join(folder, "deadly.cjs")}` };
    const killed = await run([...words, "--foreground"], folder, hook);
    expect([killed.exitCode, killed.files.includes("fox.png")]).toEqual(["SIGKILL", false]);
    expect(documentOf(await run(["recover", "--json"], folder))).toMatchObject({
      published: [{ image: 0, path: join(folder, "fox.png") }],
      unknown: [],
    });
    await expect(sharp(join(folder, "fox.png")).stats()).resolves.toMatchObject({ channels: expect.anything() });
    const again = await run([...words, "--json"], folder);
    expect(documentOf(again)).toMatchObject({ status: "ok", images: [{ path: join(folder, "fox.png") }] });
    expect(emulator.bill()).toMatchObject({ billed: 1, images: 1 });
  });

  test("a sender that dies before the answer says in which bucket to look", async () => {
    emulator.plan([{ action: { type: "stall", where: "before-headers" } }]);
    const folder = newFolder();
    const words = ["a fox", ...imagen, "--allow-retired", "--storage-uri", "gs://bucket/foxes"];
    await run([...words, "--foreground"], folder, {}, async (send) => {
      await until(() => emulator.faults().met === 1);
      send("SIGKILL");
    });
    const again = await run([...words, "--json"], folder);
    expect(documentOf(again)).toMatchObject({
      error: { code: "operation-unresolved", message: expect.stringContaining("gs://bucket/foxes") },
    });
    // Drawn for nobody once, and not a second time.
    expect(emulator.bill()).toMatchObject({ billed: 1 });
  });
});

test("a picture that is left in a bucket is told by its address", async () => {
  const words = ["a fox", ...imagen, "--allow-retired", "--storage-uri", "gs://bucket/foxes"];
  const finished = await run(words);
  expect([finished.exitCode, finished.stdout]).toEqual([
    0,
    expect.stringMatching(/^gs:\/\/bucket\/foxes\/.*sample_0\.png\n$/),
  ]);
  expect(finished.files.filter((name) => /\.(?:png|jpg)$/.test(name))).toEqual([]);
  expect(emulator.bill()).toMatchObject({ billed: 1 });
});

test("everything that an edit takes goes out as it was given", async () => {
  const folder = newFolder();
  const shape = { width: 64, height: 64, channels: 3, background: "#f80" } as const;
  await sharp({ create: shape }).toFile(join(folder, "in.png"));
  const edit = ["-m", "imagen-3.0-capability-001", "--allow-retired", "-i", "in.png", "--dry-run", "--json"];
  const roles = ["--image-as", "subject-animal", "--subject-description", "a red fox"];
  const more = ["--safety", "block-only-high", "--guidance", "60", "--language", "en"];
  const described = await run(["the fox [1] in snow", ...vertex, ...edit, ...roles, ...more], folder);
  expect(documentOf(described)).toMatchObject({
    httpRequest: {
      body: {
        instances: [
          {
            referenceImages: [
              { subjectImageConfig: { subjectType: "SUBJECT_TYPE_ANIMAL", subjectDescription: "a red fox" } },
            ],
          },
        ],
        parameters: { safetySetting: "block_only_high", guidanceScale: 60, language: "en" },
      },
    },
  });
  const masked = ["--mask-mode", "semantic", "--mask-classes", "7,8", "--edit-mode", "inpaint-insertion"];
  expect(documentOf(await run(["a cat", ...vertex, ...edit, ...masked], folder))).toMatchObject({
    httpRequest: {
      body: {
        instances: [
          { referenceImages: [{}, { maskImageConfig: { maskMode: "MASK_MODE_SEMANTIC", maskClasses: [7, 8] } }] },
        ],
      },
    },
  });
});
