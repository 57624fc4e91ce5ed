// Before paying: everything about the disk that can be known, so that a paid picture does not meet the first problem.

import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { errorCode } from "../core/error-code.ts";
import { ToolError } from "../core/tool-error.ts";
import type { OutputTarget, Pixels } from "../core/plan.ts";
import type { Problem } from "../core/tool-error.ts";
import { isRefusalRecord } from "./refusal-record.ts";

/** Generous: the largest pictures weigh two bytes a pixel, and a conversion needs room for a second file. */
const BYTES_PER_PIXEL = 4;
const SMALLEST_NEED = 16 * 1024 * 1024;
/** When the size is not known: the largest that a model draws. */
const LARGEST_PIXELS: Pixels = { width: 4096, height: 4096 };

export interface PreflightInput {
  readonly target: OutputTarget;
  readonly count: number;
  readonly expected: Pixels | null;
  /** Unique; names a probe file where another one is in the way. */
  readonly operation: string;
}

/** The system calls that a test replaces. */
export interface DiskProbe {
  freeBytes(directory: string): number;
}

const systemProbe: DiskProbe = {
  freeBytes: (directory) => {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  },
};

/** All that is wrong, at once. Leaves nothing behind: a folder that is missing is tried out in the one that it will stand in. */
export function checkOutput(input: PreflightInput, probe: DiskProbe = systemProbe): Problem[] {
  const { target } = input;
  const taken = findTaken(target);
  const folder = nearestThere(target.directory);
  const refusal = tryFolder(folder, target.directory, input.operation);
  if (refusal) return [...taken, refusal];
  return [...taken, ...checkSpace(input, folder, probe)];
}

/**
 * Makes the folder that the pictures go into.
 *
 * @throws ToolError `target-not-writable`; nothing was sent.
 */
export function createFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new ToolError("target-not-writable", { message: `${directory} cannot be made: ${reason(error)}.` });
  }
}

/** False also for what cannot be looked at: that shows when the folder is tried out. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function nearestThere(directory: string): string {
  let path = directory;
  while (!isThere(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

/** A named file that is there already, in any kind: file, folder, link to nothing, FIFO. Numbered names find a free number. */
function findTaken({ directory, stem, extension, numbered }: OutputTarget): Problem[] {
  if (numbered || extension === null) return [];
  return [`${stem}${extension}`, `${stem}.json`].flatMap((name): Problem[] => {
    const path = join(directory, name);
    if (!isThere(path) || isRefusalRecord(path)) return [];
    const free = firstFree(directory, stem, extension);
    return [
      {
        code: "target-exists",
        field: "--output",
        message: `${path} is already there, and nothing is ever overwritten.`,
        given: path,
        ...(free === null ? {} : { suggestion: free }),
      },
    ];
  });
}

/** In any kind, links to nothing included. What cannot be looked at shows when the folder is tried out. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function firstFree(directory: string, stem: string, extension: string): string | null {
  let names: Set<string>;
  try {
    names = new Set(readdirSync(directory));
  } catch {
    return null;
  }
  for (let number = 1; number < 1000; number += 1) {
    if (!names.has(`${stem}_${number}${extension}`) && !names.has(`${stem}_${number}.json`)) {
      return join(directory, `${stem}_${number}${extension}`);
    }
  }
  return null;
}

function tryFolder(folder: string, directory: string, operation: string): Problem | null {
  try {
    statSync(folder);
    makeAndRemove(folder, operation);
    return null;
  } catch (error) {
    const full = errorCode(error) === "ENOSPC" || errorCode(error) === "EDQUOT";
    return {
      code: full ? "disk-full" : "target-not-writable",
      field: "--output",
      message: `${directory} cannot be written to: ${reason(error)}.`,
      given: directory,
    };
  }
}

/**
 * A kill in between leaves the empty file. All runs give it the same name, so that the next one meets it and clears it away;
 * what it meets may as well be somebody else's who is at it right now, so it goes on under a name of its own.
 */
function makeAndRemove(folder: string, operation: string): void {
  const path = join(folder, ".image-gen.probe");
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    removeLeft(path);
    const own = join(folder, `.image-gen-${operation}.probe`);
    closeSync(openSync(own, "wx", 0o600));
    unlinkSync(own);
    return;
  }
  rmSync(path, { force: true });
}

/** Another user's in a shared folder stays; it hinders nobody. */
function removeLeft(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The folder is tried out under another name, and that says whether it can be written.
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "a file of this name is in the way",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EMFILE: "too many files are open",
};

function reason(error: unknown): string {
  return reasons[errorCode(error) ?? ""] ?? (error instanceof Error ? error.message : String(error));
}

function checkSpace({ target, count, expected }: PreflightInput, folder: string, probe: DiskProbe): Problem[] {
  const { width, height } = expected ?? LARGEST_PIXELS;
  const needed = Math.max(SMALLEST_NEED, width * height * BYTES_PER_PIXEL * count);
  let free: number;
  try {
    free = probe.freeBytes(folder);
  } catch {
    // Some file systems do not tell; then the write itself will.
    return [];
  }
  if (free >= needed) return [];
  return [
    {
      code: "disk-full",
      field: "--output",
      message: `${target.directory} has ${megabytes(free)} MB free; ${count} picture${count === 1 ? "" : "s"} of this size may need ${megabytes(needed)} MB.`,
      given: target.directory,
    },
  ];
}

const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);
