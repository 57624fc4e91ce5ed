// Processes: builds the worker once per test file and starts as many of it as a test needs.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { WorkerTask } from "./worker.ts";

export interface Worker {
  readonly process: ChildProcess;
  /** Whole lines so far. */
  readonly lines: string[];
  /** Resolves when the worker has said this line, or has ended. */
  said(line: string): Promise<void>;
  /** Resolves when the process has ended and all it said is here. */
  ended(): Promise<void>;
}

export interface Workers {
  start(task: WorkerTask): Worker;
  /** Starts, waits for the end, and returns what was said. */
  run(task: WorkerTask): Promise<string[]>;
  clear(): void;
}

/** Node 20 does not run TypeScript, so the worker is bundled; SQLite stays outside and is found through a link. */
export async function buildWorkers(): Promise<Workers> {
  const folder = mkdtempSync(join(tmpdir(), "image-gen-worker-"));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const script = join(folder, "worker.mjs");
  await build({
    entryPoints: ["src/spend/ledger/testing/worker.ts"],
    outfile: script,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["@photostructure/sqlite"],
    logLevel: "warning",
  });
  const started = new Set<ChildProcess>();
  const start = (task: WorkerTask): Worker => {
    const child = spawn(process.execPath, [script, JSON.stringify(task)], { stdio: ["pipe", "pipe", "inherit"] });
    started.add(child);
    return watch(child);
  };
  return {
    start,
    async run(task) {
      const worker = start(task);
      await worker.ended();
      return worker.lines;
    },
    clear() {
      for (const child of started) if (child.exitCode === null) child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function watch(child: ChildProcess): Worker {
  const lines: string[] = [];
  const waiting = new Map<string, () => void>();
  let rest = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    for (const line of parts) waiting.get(line)?.();
  });
  const closed = new Promise<void>((done) => {
    child.once("close", () => done());
  });
  return {
    process: child,
    lines,
    said(line) {
      if (lines.includes(line)) return Promise.resolve();
      const heard = new Promise<void>((done) => {
        waiting.set(line, done);
      });
      return Promise.race([heard, closed]);
    },
    ended: () => closed,
  };
}
