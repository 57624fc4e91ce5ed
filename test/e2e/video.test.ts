// The two programs together: a picture becomes the end of a clip. And a clip whose command or sender is killed is neither lost
// nor bought twice.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { smallClip } from "../../src/generate/testing/small-clip.ts";
import { documentOf, leadingTo, newFolder, openEmulator, runCommand, until } from "./run-command.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await openEmulator();
});

const connected = (): Record<string, string> => ({
  ...leadingTo(emulator),
  IMAGE_GEN_AUTH: "vertex-key",
  VERTEX_API_KEY: emulator.credentials.vertexKey,
});

const orders = (): number => emulator.requests().filter(({ rpc }) => rpc === "predictLongRunning").length;

async function avatar(path: string, background: string): Promise<void> {
  await sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .jpeg()
    .toFile(path);
}

test("closing credits: avatars, a picture, the clip that ends with it, and one total", async () => {
  emulator.clearRequests();
  const folder = newFolder();
  const environment = connected();
  await avatar(join(folder, "avatar1.jpg"), "red");
  await avatar(join(folder, "avatar2.jpg"), "blue");
  const main = ["a stage", "--duration", "4", "-o", "main.mp4"];
  expect(await runCommand(main, { folder, environment, program: "video-gen" })).toMatchObject({ exitCode: 0 });
  const frame = ["Video credits frame with host avatars", "--image", "avatar1.jpg", "avatar2.jpg", "-o", "closing.png"];
  expect(await runCommand(frame, { folder, environment })).toMatchObject({ exitCode: 0 });
  const fade = ["Fade transition to credits", "--extend-video", "main.mp4", "--last-frame", "closing.png", "--json"];
  const finished = await runCommand(fade, { folder, environment, program: "video-gen" });
  const { microUsd } = emulator.bill();
  expect(documentOf(finished)).toMatchObject({
    status: "ok",
    videos: [{ seconds: 11, matchesRequest: true, hasAudio: true }],
    total: {
      actualMicroUsd: microUsd,
      listPriceMicroUsd: microUsd,
      parts: [{ path: join(folder, "closing.png") }, { path: join(folder, "main.mp4"), actualMicroUsd: 4 * 400_000 }],
    },
  });
  const spend = documentOf(await runCommand(["spend", "--json"], { folder, environment }));
  expect(JSON.stringify(spend)).toContain(String(emulator.bill().microUsd));
  expect(emulator.bill().microUsd).toBeGreaterThan(7 * 400_000 + 4 * 400_000);
}, 60_000);

test("a rehearsal needs nothing and says what it is", async () => {
  const run = await runCommand(["a tide", "--rehearse", "--duration", "4", "-o", "tide.mp4"], { program: "video-gen" });
  expect(run).toMatchObject({ exitCode: 0, files: ["tide.json", "tide.mp4"] });
  expect(run.stderr).toContain("REHEARSAL");
}, 30_000);

test("a killed command leaves the clip to its sender", async () => {
  emulator.clearRequests();
  emulator.plan([{ action: { type: "operation", takesMs: 1_500 } }]);
  const folder = newFolder();
  const words = ["a killed tide", "--duration", "4", "-o", "tide.mp4"];
  const killed = await runCommand(words, {
    folder,
    environment: connected(),
    program: "video-gen",
    during: async (send, stderr) => {
      await until(() => stderr().includes("begun"));
      send("SIGKILL");
    },
  });
  expect(killed.exitCode).toBe("SIGKILL");
  await until(() => existsSync(join(folder, "tide.json")));
  const again = await runCommand([...words, "--json"], { folder, environment: connected(), program: "video-gen" });
  expect(documentOf(again)).toMatchObject({ status: "ok", videos: [{ path: join(folder, "tide.mp4") }] });
  expect(orders()).toBe(1);
}, 60_000);

test("a killed sender leaves an operation that resume asks for", async () => {
  emulator.clearRequests();
  emulator.plan([{ action: { type: "operation", takesMs: 1_500 } }]);
  const folder = newFolder();
  const words = ["another tide", "--duration", "4", "-o", "tide.mp4", "--foreground"];
  await runCommand(words, {
    folder,
    environment: connected(),
    program: "video-gen",
    during: async (send, stderr) => {
      await until(() => stderr().includes("begun"));
      send("SIGKILL");
    },
  });
  const told = await runCommand(["recover"], { folder, environment: connected() });
  expect(told.stderr).toContain("video-gen resume");
  const resumed = await runCommand(["resume", "--json"], { folder, environment: connected(), program: "video-gen" });
  expect(documentOf(resumed)).toMatchObject({ outcomes: [{ status: "ok", videos: [{ seconds: 4 }] }] });
  expect(await runCommand(["resume"], { folder, environment: connected(), program: "video-gen" })).toMatchObject({
    exitCode: 0,
    stdout: "",
  });
  expect(orders()).toBe(1);
}, 60_000);

test.each([
  ["not-a-video.mp4", "clip-unreadable", 2],
  ["missing.mp4", "clip-unreadable", 2],
])("%s is refused before paying", async (name, code, exitCode) => {
  emulator.clearRequests();
  const folder = newFolder();
  writeFileSync(join(folder, "not-a-video.mp4"), "hello");
  const words = ["x", "--extend-video", name, "--json"];
  const run = await runCommand(words, { folder, environment: connected(), program: "video-gen" });
  expect(run.exitCode).toBe(exitCode);
  expect(documentOf(run)).toMatchObject({ error: { code } });
  expect(orders()).toBe(0);
});

test("the proxy makes no clips, and that is said with what does", async () => {
  const run = await runCommand(["x", "--auth", "proxy", "--json"], { program: "video-gen" });
  expect(run.exitCode).toBe(3);
  expect(run.stdout).toContain("Vertex AI");
});

test("what looks like the command resume is not bought", async () => {
  const run = await runCommand(["resme", "--rehearse", "--json"], { program: "video-gen" });
  expect(run.exitCode).toBe(2);
});

test("mistakes of the command line, of the settings and of the plan are told at once", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "not-a-video.mp4"), "hello");
  const wrong = [
    "--extend-video",
    "not-a-video.mp4",
    "--budgt",
    "3",
    "--seed",
    "abc",
    "--duration",
    "x",
    "--ar",
    "4:3",
  ];
  const run = await runCommand([...wrong, "--json"], { folder, environment: connected(), program: "video-gen" });
  const { error } = documentOf(run) as { error: { problems: { field: string }[] } };
  // That there is no prompt may come of the option that is not known.
  expect(error.problems.map(({ field }) => field)).toEqual([
    "--budgt",
    "--seed",
    "--duration",
    "--extend-video",
    "--ar",
  ]);
  expect(orders()).toBe(0);
});

test("a clip on the disk is extended on the Gemini API; killed while it is uploaded, nothing was bought", async () => {
  const gemini = await openEmulator({ servesRetired: true });
  const folder = newFolder();
  writeFileSync(join(folder, "main.mp4"), await smallClip());
  const environment = { ...leadingTo(gemini), IMAGE_GEN_AUTH: "api-key", GEMINI_API_KEY: gemini.credentials.apiKey };
  const options = { folder, environment, program: "video-gen" } as const;
  const words = ["Fade transition to credits", "--extend-video", "main.mp4", "-o", "long.mp4"];
  const retired = ["--allow-retired", "--model", "veo-3.1-lite-generate-preview"];
  const ordered = (): number => gemini.requests().filter(({ rpc }) => rpc === "predictLongRunning").length;

  const planned = await runCommand([...words, ...retired, "--dry-run"], options);
  expect(planned.stdout).toMatch(/upload +the clip, 4\.\d kB/);
  expect(gemini.requests()).toEqual([]);

  const killed = await runCommand([...words, ...retired, "--foreground"], {
    ...options,
    during: async (send, stderr) => {
      await until(() => /upload/i.test(stderr()));
      send("SIGKILL");
    },
  });
  expect([killed.exitCode, ordered()]).toEqual(["SIGKILL", 0]);

  const again = await runCommand([...words, ...retired, "--json"], options);
  expect(documentOf(again)).toMatchObject({ status: "ok", videos: [{ seconds: 11, matchesRequest: true }] });
  expect([ordered(), gemini.bill().microUsd]).toEqual([1, 7 * 50_000]);
  const history = await runCommand(["history", "--json"], { folder, environment });
  expect(new Set(history.stdout.match(/(?<="state": ")\w+/g))).toEqual(new Set(["captured", "released"]));
}, 60_000);
