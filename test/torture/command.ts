// Command: starts the built command for a case and kills it, or all of its processes; knows when its detached senders are gone.

import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { pause } from "./bill.ts";
import type { Case, Ground } from "./ground.ts";

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  /** The signal's name when a signal ended it. */
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
  readonly wallMs: number;
}

export interface StartOptions {
  /** Program and words that start Node in its place: strace, faketime. */
  readonly launcher?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) killTree(child);
});

/** Starts the command in a process group of its own. */
export function startCommand(ground: Ground, one: Case, words: readonly string[], options: StartOptions = {}): Started {
  const [program, ...before] = [...(options.launcher ?? []), process.execPath];
  const startedMs = performance.now();
  const child = spawn(program ?? process.execPath, [...before, ground.program, ...words], {
    cwd: one.folder,
    env: { ...one.environment, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    const drained = new Promise<void>((done) => {
      child.once("close", () => done());
    });
    child.once("exit", (code, signal) => {
      running.delete(child);
      const wallMs = performance.now() - startedMs;
      // The last words may still be in the pipe; a sender that inherited it would keep it open for ever.
      void Promise.race([drained, pause(1_000)]).then(() =>
        resolve({ exit: code ?? signal ?? "none", stdout, stderr, wallMs }),
      );
    });
  });
  return { process: child, ended };
}

export function runCommand(
  ground: Ground,
  one: Case,
  words: readonly string[],
  options: StartOptions = {},
): Promise<Ended> {
  return startCommand(ground, one, words, options).ended;
}

/** Kills the process group: the command and whatever it started without a session of its own. */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/** Processes that belong to the case, by what /proc tells of them: a detached sender carries its home with it. */
function processesOf({ folder }: Case): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => isOf(`/proc/${name}`, folder))
    .map(Number);
}

function isOf(entry: string, folder: string): boolean {
  try {
    // A process that has ended and waits for its parent has neither words nor environment.
    return (
      readFileSync(`${entry}/environ`, "latin1").includes(folder) ||
      readFileSync(`${entry}/cmdline`, "latin1").includes(folder) ||
      readlinkSync(`${entry}/cwd`).startsWith(folder)
    );
  } catch {
    return false;
  }
}

/** Kills every process of the case, in whatever session it is. */
export function killEverything(one: Case): void {
  for (const pid of processesOf(one)) kill(pid);
}

/** Resolves when no process of the case is left; says so when one is still there after `mostMs`. */
export async function sendersEnded(one: Case, mostMs = 30_000): Promise<string[]> {
  const untilMs = performance.now() + mostMs;
  for (;;) {
    const left = processesOf(one);
    if (left.length === 0) return [];
    if (performance.now() > untilMs) {
      for (const pid of left) kill(pid);
      return [`process ${left.join(", ")} still ran after ${mostMs} ms`];
    }
    await pause(15);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
