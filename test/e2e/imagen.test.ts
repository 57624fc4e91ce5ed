// Imagen from the command line: gcloud's login, the sender, the picture on the disk, the emulator's bill; and what is refused.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { documentOf, type Finished, leadingTo, newFolder, openEmulator, runCommand } from "./run-command.ts";

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

async function run(words: readonly string[], folder: string = newFolder()): Promise<Finished> {
  const login = join(folder, "adc.json");
  writeFileSync(login, JSON.stringify({ ...emulator.credentials.authorizedUser, token_uri: `${emulator.url}/token` }), {
    mode: 0o600,
  });
  const environment = { ...leadingTo(emulator), GOOGLE_APPLICATION_CREDENTIALS: login };
  return await runCommand(words, { folder, environment });
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
