// Runs the built command as its user would: own empty home, own folder, an environment with nothing but what a test gives.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/index.ts";

const programs = { "image-gen": resolve("bin/image-gen.cjs"), "video-gen": resolve("bin/video-gen.cjs") };
const scratch = mkdtempSync(join(tmpdir(), "image-gen-e2e-"));
const emulators: Emulator[] = [];

afterAll(async () => {
  await Promise.all(emulators.map((emulator) => emulator.close()));
  rmSync(scratch, { recursive: true, force: true });
});

/** An emulator that ends with the test file. */
export async function openEmulator(options?: EmulatorOptions): Promise<Emulator> {
  const emulator = await startEmulator(options);
  emulators.push(emulator);
  return emulator;
}

/** A new empty folder. */
export function newFolder(): string {
  return mkdtempSync(join(scratch, "run-"));
}

export interface Finished {
  readonly exitCode: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Working folder of the run. */
  readonly folder: string;
  /** Paths below the folder, without the program's own home. */
  readonly files: readonly string[];
}

export interface RunOptions {
  /** Default `image-gen`. */
  readonly program?: keyof typeof programs;
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  readonly stdin?: string | Uint8Array;
  /** Program and words that start Node in its place, for limits on the process. */
  readonly launcher?: readonly string[];
  /** Called when the process runs; may send it signals when the time has come. */
  readonly during?: (send: (signal: NodeJS.Signals) => void, stderr: () => string) => Promise<void>;
}

/** Runs `image-gen` with these words and waits for its end. */
export async function runCommand(words: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const folder = options.folder ?? newFolder();
  const home = join(folder, ".home");
  const [program, ...before] = [...(options.launcher ?? []), process.execPath];
  const child = spawn(program, [...before, programs[options.program ?? "image-gen"], ...words], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", HOME: home, IMAGE_GEN_HOME: home, ...options.environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  // A command that does not read its input closes the pipe early.
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const during = options.during?.(
    (signal) => void child.kill(signal),
    () => stderr,
  );
  const exitCode = await new Promise<Finished["exitCode"]>((settle, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => settle(code ?? signal));
  });
  await during;
  return { exitCode, stdout, stderr, folder, files: filesBelow(folder) };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith(".home") && statSync(join(folder, path), { throwIfNoEntry: false })?.isFile())
    .toSorted();
}

/** The one JSON document on stdout; fails when there is anything else. */
export function documentOf({ stdout, stderr }: Finished): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(stdout);
    if (typeof document === "object" && document !== null) return { ...document };
  } catch {
    // Said below with what was printed.
  }
  throw new Error(`stdout is not one JSON document:\n${stdout}\nstderr:\n${stderr}`);
}

/** Everything that a run has written anywhere: streams and files, as one text to search for secrets. */
export function everythingWritten({ stdout, stderr, folder }: Finished): string {
  const texts = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .map((path) => readFileSync(path, "latin1"));
  return [stdout, stderr, ...texts].join("\n");
}

/** Resolves when the condition holds; a test that waits for ever ends by its own time limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((settle) => {
      setTimeout(settle, 5);
    });
  }
}

/** Environment that leads every endpoint to the emulator. */
export function leadingTo({ url }: Emulator): Record<string, string> {
  return {
    CLIPROXYAPI_URL: `${url}/cliproxyapi`,
    GOOGLE_GEMINI_BASE_URL: `${url}/generativelanguage.googleapis.com`,
    GOOGLE_VERTEX_BASE_URL: `${url}/aiplatform.googleapis.com`,
    CODE_ASSIST_ENDPOINT: `${url}/cloudcode-pa.googleapis.com`,
  };
}
