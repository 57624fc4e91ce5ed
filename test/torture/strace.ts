// strace: which system calls a run makes that change a disk, and runs in which one of them meets a kill or an error.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface SystemCall {
  readonly thread: number;
  readonly name: string;
  /** Counts from 1 per thread and name: how strace counts for `when=`. */
  readonly nth: number;
  /** As strace writes it, with paths of descriptors. */
  readonly text: string;
  readonly returned: string;
}

/** Calls that change what is on a disk. `openat` counts when it makes a file. */
export const mutatingCalls = [
  "write",
  "pwrite64",
  "writev",
  "pwritev",
  "copy_file_range",
  "fsync",
  "fdatasync",
  "ftruncate",
  "fallocate",
  "link",
  "linkat",
  "rename",
  "renameat",
  "renameat2",
  "unlink",
  "unlinkat",
  "rmdir",
  "mkdir",
  "mkdirat",
  "chmod",
  "fchmod",
  "fchmodat",
  "openat",
] as const;

/** `null` when it works, else why not. */
export function missingStrace(): string | null {
  const { error, status, stderr } = spawnSync("strace", ["-f", "-qq", "-o", "/dev/null", process.execPath, "-e", ""], {
    encoding: "utf8",
  });
  if (error) return "strace is not installed (Debian: apt-get install strace)";
  return status === 0 ? null : `strace does not work here: ${stderr.trim().split("\n")[0]}`;
}

export interface Injection {
  readonly call: string;
  readonly nth: number;
  readonly fault: "KILL" | "EIO" | "ENOSPC";
}

/** Program and words that start Node under strace; what it sees goes to `log`. */
export function underStrace(log: string, names: readonly string[], injection?: Injection): string[] {
  const inject =
    injection === undefined
      ? []
      : [
          "-e",
          `inject=${injection.call}:${injection.fault === "KILL" ? "signal=KILL" : `error=${injection.fault}`}:when=${injection.nth}`,
        ];
  const set = ["-e", `trace=${names.join(",")}`];
  // With --seccomp-bpf, which is quicker, strace 6.1 drops the signals that it is to inject (seen 2026-11-24).
  const quick = injection?.fault === "KILL" ? [] : ["--seccomp-bpf"];
  return ["strace", "-f", "-y", "-qq", "-s", "40", ...quick, "-e", "signal=none", "-o", log, ...set, ...inject];
}

const LINE = /^(\d+) +(\w+)\((.*)$/;
const UNFINISHED = / <unfinished \.\.\.>$/;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>(.*)$/;

/** The calls in a log, in the order in which they began. */
export function readCalls(log: string): SystemCall[] {
  const calls: SystemCall[] = [];
  const seen = new Map<string, number>();
  const waiting = new Map<number, number>();
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const resumed = RESUMED.exec(line);
    if (resumed) {
      const at = waiting.get(Number(resumed[1]));
      const begun = at === undefined ? undefined : calls[at];
      if (at !== undefined && begun) calls[at] = { ...begun, returned: returnOf(line) };
      continue;
    }
    const [, thread, name, text] = LINE.exec(line) ?? [];
    if (thread === undefined || name === undefined || text === undefined) continue;
    const key = `${thread} ${name}`;
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    if (UNFINISHED.test(line)) waiting.set(Number(thread), calls.length);
    calls.push({ thread: Number(thread), name, nth, text, returned: returnOf(line) });
  }
  return calls;
}

function returnOf(line: string): string {
  return line.slice(line.lastIndexOf(" = ") + 3);
}

/** Whether the call changes something: a file is made, or one that is no socket, pipe or terminal is written. */
export function isMutating({ name, text }: SystemCall): boolean {
  if (name === "openat") return text.includes("O_CREAT");
  if (!/^(p?writev?|pwrite64|writev)$/.test(name)) return true;
  return !/^\d+<(socket|pipe|anon_inode|\/dev\/|TCP|UNIX)/.test(text);
}
