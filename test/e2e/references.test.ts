// Pictures and documents given on the command line: in from everywhere, refused together, and within bounded memory.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
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
} from "./run-command.ts";

let emulator: Emulator;
let folder: string;

beforeAll(async () => {
  emulator = await openEmulator({ keepBodies: true });
});

beforeEach(async () => {
  emulator.clearRequests();
  folder = newFolder();
  writeFileSync(join(folder, "red.png"), await picture("#f00", 20));
  writeFileSync(
    join(folder, "blue.jpg"),
    await sharp(await picture("#00f", 30))
      .jpeg()
      .toBuffer(),
  );
  writeFileSync(join(folder, "notes.md"), "Some notes.");
});

const picture = (background: string, width: number): Promise<Buffer> =>
  sharp({ create: { width, height: 10, channels: 3, background } })
    .png()
    .toBuffer();

async function run(words: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const environment = { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey, ...options.environment };
  return await runCommand(["--auth", "api-key", ...words], { folder, ...options, environment });
}

function sentParts(): { text?: string; inlineData?: { mimeType: string; data: string } }[] {
  const body = emulator.requests().find(({ billed }) => billed)?.body ?? "{}";
  return JSON.parse(body).contents?.[0]?.parts ?? [];
}

function problemsOf(finished: Finished): string[] {
  const { error } = documentOf(finished) as { error?: { message: string; problems?: { message: string }[] } };
  return (error?.problems ?? []).map(({ message }) => message);
}

describe("references on the command line", () => {
  test("are sent in the order in which they are named, after the prompt and the documents", async () => {
    const finished = await run([
      "a fox",
      "-i",
      "blue.jpg",
      "red.png",
      "-d",
      "notes.md",
      "-i",
      "blue.jpg",
      "-o",
      "out.png",
      "--json",
    ]);
    expect(finished.exitCode, finished.stderr).toBe(0);
    expect(documentOf(finished)).toMatchObject({
      request: {
        references: [
          { mimeType: "image/jpeg", width: 30 },
          { mimeType: "image/png", width: 20 },
          { mimeType: "image/jpeg", width: 30 },
        ],
        documents: [{ name: "notes.md" }],
      },
    });
    expect(sentParts().map(({ text, inlineData }) => inlineData?.mimeType ?? text?.slice(0, 5))).toEqual([
      "a fox",
      "-----",
      "image/jpeg",
      "image/png",
      "image/jpeg",
    ]);
  });

  test.each([
    ["--image", ["a fox", "-i", "-", "red.png"], "image/jpeg"],
    ["--doc", ["a fox", "-d", "-"], "text"],
  ])("come from standard input for %s -", async (option, words, first) => {
    const stdin = option === "--image" ? readFileSync(join(folder, "blue.jpg")) : "From a pipe.";
    const finished = await run(words, { stdin });
    expect(finished.exitCode, finished.stderr).toBe(0);
    const [, part] = sentParts();
    expect(part?.inlineData?.mimeType ?? "text").toBe(first);
  });

  test("that are nothing on standard input are named as the command line names them", async () => {
    const empty = await run(["a fox", "-i", "-"], { stdin: "" });
    expect(empty).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--image - is empty") });
    expect(emulator.requests()).toEqual([]);
  });

  test("and the prompt cannot both come from standard input", async () => {
    const finished = await run(["-", "-i", "-", "--json"], { stdin: "a fox" });
    expect(finished.exitCode).toBe(2);
    expect(JSON.stringify(documentOf(finished))).toContain("Standard input was named more than once");
    expect(emulator.requests()).toEqual([]);
  });

  test("that swallowed the prompt are not guessed about", async () => {
    const finished = await run(["-i", "red.png", "make it winter", "--json"]);
    expect(finished.exitCode).toBe(2);
    expect(problemsOf(finished)[0]).toContain('--image takes all words that follow, "make it winter" too');
    expect(emulator.requests()).toEqual([]);
  });

  test.each([
    ["--", ["-i", "red.png", "--", "make it winter"]],
    ["the next option and its value", ["-i", "red.png", "-n", "1", "make it winter"]],
  ])("end at %s", async (_, words) => {
    const finished = await run(words);
    expect(finished.exitCode, finished.stderr).toBe(0);
    expect(sentParts()).toMatchObject([{ text: "make it winter" }, { inlineData: { mimeType: "image/png" } }]);
  });

  test("are priced and planned without being sent", async () => {
    const estimate = await run(["a fox", "-i", "red.png", "--estimate-cost", "--json"]);
    expect(documentOf(estimate)).toMatchObject({ cost: { referencesMicroUsd: 1120, estimatedMicroUsd: 135_120 } });
    const plan = await run(["a fox", "-i", "red.png", "https://pictures.example/x.png", "-d", "notes.md", "--dry-run"]);
    expect(plan.exitCode, plan.stderr).toBe(0);
    expect(plan.stdout).toMatch(/reference 1 +image\/png, 20 x 10/);
    expect(plan.stdout).toContain("to be downloaded when it is sent");
    expect(plan.stdout).not.toContain(readFileSync(join(folder, "red.png")).toString("base64").slice(0, 40));
    expect(emulator.requests()).toEqual([]);
  });

  test("are replaced in a rehearsal where they would have to be downloaded", async () => {
    const finished = await run(["a fox", "-i", "https://pictures.example/x.png", "--rehearse", "--json"]);
    expect(finished.exitCode, finished.stderr).toBe(0);
    expect(finished.stderr + finished.stdout).toContain("is not downloaded in a rehearsal");
  });

  test("are sent in full size with --no-resize", async () => {
    writeFileSync(join(folder, "wide.png"), await picture("#123", 4000));
    await run(["a fox", "-i", "wide.png", "--no-resize", "-o", "one.jpg"]);
    await run(["a fox", "-i", "wide.png", "-o", "two.jpg"]);
    const widths = ["one", "two"].map(
      (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")).request.references[0].width,
    );
    expect(widths).toEqual([4000, 3072]);
  });
});

describe("references that cannot be used", () => {
  test.skipIf(process.platform === "win32")("are all named at once, in no time, and nothing is sent", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "empty.png"), "");
    writeFileSync(join(folder, "text.png"), "hello");
    const bad = [
      "missing.png",
      "sub",
      "empty.png",
      "text.png",
      "pipe",
      "/dev/zero",
      "https://127.1/x",
      "http://a.example/x",
      "ftp://a.example/x",
    ];
    const finished = await run(["a fox", "-i", ...bad, "-d", "red.png", "-s", "9K", "--json"]);
    expect(finished.exitCode).toBe(2);
    expect(problemsOf(finished)).toHaveLength(bad.length + 2);
    expect(finished.files).not.toContain("generated_images");
    expect(emulator.requests()).toEqual([]);
  });

  test("never give a byte of a file that is no picture, whatever leads to it", async () => {
    mkdirSync(join(folder, ".ssh"));
    writeFileSync(join(folder, ".ssh", "id_rsa"), "-----BEGIN OPENSSH PRIVATE KEY-----\nCANARY\n");
    symlinkSync(join(folder, ".ssh", "id_rsa"), join(folder, "link.png"));
    for (const path of [".ssh/id_rsa", "link.png", `file://${folder}/.ssh/id_rsa`]) {
      const finished = await run(["a fox", "-i", path, "--json"]);
      expect(finished.exitCode, path).toBe(2);
    }
    expect(JSON.stringify(emulator.requests())).not.toContain("CANARY");
  });

  test("do not come along behind a picture", async () => {
    writeFileSync(
      join(folder, "both.png"),
      Buffer.concat([readFileSync(join(folder, "red.png")), Buffer.from("CANARY")]),
    );
    const finished = await run(["a fox", "-i", "both.png"]);
    expect(finished.exitCode, finished.stderr).toBe(0);
    expect(Buffer.from(sentParts()[1]?.inlineData?.data ?? "", "base64").includes("CANARY")).toBe(false);
  });
});

describe("memory", () => {
  test("for a 12-megapixel JPEG stays below 200 MiB", async () => {
    const noise = Buffer.alloc(4000 * 3000 * 3);
    for (let at = 0; at < noise.length; at += 1) noise[at] = ((at % 12_000) / 47 + (at % 7) * 5 + at / 200_000) & 255;
    const photo = sharp(noise, { raw: { width: 4000, height: 3000, channels: 3 } });
    writeFileSync(
      join(folder, "photo.jpg"),
      await photo.jpeg({ quality: 92 }).withMetadata({ orientation: 6 }).toBuffer(),
    );
    const hook = join(folder, "hook.cjs");
    writeFileSync(
      hook,
      `process.on("exit", () => require("node:fs").appendFileSync(${JSON.stringify(join(folder, "peaks"))}, process.resourceUsage().maxRSS + "\\n"));`,
    );
    const finished = await run(["a fox", "-i", "photo.jpg"], { environment: { NODE_OPTIONS: `--require ${hook}` } });
    expect(finished.exitCode, finished.stderr).toBe(0);
    // Of the command and of the process that sends.
    const peaks = readFileSync(join(folder, "peaks"), "utf8").trim().split("\n").map(Number);
    expect(Math.max(...peaks) / 1024).toBeLessThan(200);
  });
});
