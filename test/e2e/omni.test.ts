// Omni as a user of the Gemini API has it: one key, one command; and a clip whose sender is killed is neither lost nor bought twice.

import { existsSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { documentOf, leadingTo, newFolder, openEmulator, runCommand, until } from "./run-command.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await openEmulator();
});

const connected = (): Record<string, string> => ({
  ...leadingTo(emulator),
  IMAGE_GEN_AUTH: "api-key",
  GEMINI_API_KEY: emulator.credentials.apiKey,
});

const orders = (): number => emulator.requests().filter(({ rpc }) => rpc === "createInteraction").length;

test("a key makes a clip that begins with a picture, at what its tokens cost", async () => {
  emulator.clearRequests();
  const folder = newFolder();
  const shape = { width: 160, height: 90, channels: 3, background: "red" } as const;
  await sharp({ create: shape }).toFile(join(folder, "fox.png"));
  const words = ["the fox wakes", "-i", "fox.png", "--duration", "3", "-o", "fox.mp4"];
  const run = await runCommand([...words, "--json"], { folder, environment: connected(), program: "video-gen" });
  const { microUsd } = emulator.bill();
  expect(documentOf(run)).toMatchObject({
    status: "ok",
    route: { model: "gemini-omni-1.2-flash" },
    videos: [{ path: join(folder, "fox.mp4"), seconds: 3, matchesRequest: true }],
    cost: { actualMicroUsd: microUsd, basis: "usage" },
  });
  const spend = documentOf(await runCommand(["spend", "--json"], { folder, environment: connected() }));
  expect(JSON.stringify(spend)).toContain(String(microUsd));
}, 60_000);

test("a killed sender leaves an interaction that resume asks for", async () => {
  emulator.clearRequests();
  emulator.plan([{ action: { type: "operation", takesMs: 1_500 } }]);
  const folder = newFolder();
  const words = ["another tide", "--duration", "3", "-o", "tide.mp4"];
  await runCommand([...words, "--foreground"], {
    folder,
    environment: connected(),
    program: "video-gen",
    during: async (send, stderr) => {
      await until(() => stderr().includes("begun"));
      send("SIGKILL");
    },
  });
  expect(existsSync(join(folder, "tide.mp4"))).toBe(false);
  const resumed = await runCommand(["resume", "--json"], { folder, environment: connected(), program: "video-gen" });
  expect(documentOf(resumed)).toMatchObject({ outcomes: [{ status: "ok", cost: { basis: "usage" } }] });
  const again = await runCommand([...words, "--new", "--dry-run"], {
    folder,
    environment: connected(),
    program: "video-gen",
  });
  expect(again).toMatchObject({ exitCode: 2 });
  expect(orders()).toBe(1);
}, 60_000);

test.each([
  [["--duration", "16"], "value-not-allowed", /3 to 15/],
  [["--resolution", "8k"], "size-not-offered", /360p/],
  [["--seed", "4"], "option-not-offered", /Vertex AI/],
  [["--extend-video", "https://h.example/files/a"], "option-not-offered", /does not extend/],
  [["-m", "veo-3.1-fast-generate-preview"], "model-retired", /2026-10-22/],
])("%j is refused before paying", async (more, code, message) => {
  emulator.clearRequests();
  const run = await runCommand(["a tide", ...more, "--json"], { environment: connected(), program: "video-gen" });
  expect(run.exitCode).toBe(2);
  expect(documentOf(run)).toMatchObject({ error: { code, message: expect.stringMatching(message) } });
  expect(orders()).toBe(0);
});

test("a dry run shows the request without its pictures' bytes", async () => {
  const words = ["a tide", "--dry-run", "--json"];
  const run = await runCommand(words, { environment: connected(), program: "video-gen" });
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toContain("/v1beta/interactions");
  expect(run.stdout).toContain('"duration": "8s"');
});
