// A file's bytes, read without being led astray: regular files only, within the allowed folders, never more than was agreed,
// and the file that was checked is the file that is read.

import { constants } from "node:fs";
import { type FileHandle, lstat, open, realpath, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { ReferencePolicy } from "./policy.ts";
import { megabytes, refuse } from "./refuse.ts";

export interface FileLimits {
  readonly files: ReferencePolicy["files"];
  /** Relative paths start here; absolute. */
  readonly workingDirectory: string;
  readonly maxBytes: number;
}

/** The kernel's windows: regular files to look at, and no pictures or documents of anybody's. */
const KERNEL_FOLDERS = ["/proc", "/sys"];

/** Windows has only the first; the others are `undefined` there, which counts as no bits. */
const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW, O_NOCTTY } = constants;

/**
 * @throws ToolError `reference-unreadable`, `reference-forbidden` or `reference-too-large`.
 */
export async function readReferenceFile(path: string, limits: FileLimits): Promise<Buffer> {
  if (path.includes("\0")) return refuse("reference-unreadable", "has a NUL character in its path.");
  const named = resolve(limits.workingDirectory, path);
  const real = await asSystem(() => realpath(named));
  if (KERNEL_FOLDERS.some((folder) => isInside(folder, real))) {
    return refuse("reference-unreadable", "belongs to the kernel and is no stored file.");
  }
  const roots = limits.files === "anything" ? null : await realRoots(limits.files);
  if (roots !== null && !roots.some((root) => isInside(root, real))) {
    return refuse("reference-forbidden", "lies outside the folders that may be read.");
  }
  // Asked before opening: to open a device can do something by itself.
  checkIsFile(await asSystem(() => stat(real)));
  // Without waiting for a writer, should it have become a pipe since.
  const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (roots === null ? 0 : O_NOFOLLOW);
  const handle = await asSystem(() => open(real, flags));
  try {
    return await readWhole(handle, real, roots !== null, limits.maxBytes);
  } finally {
    await handle.close();
  }
}

async function readWhole(handle: FileHandle, real: string, isConfined: boolean, maxBytes: number): Promise<Buffer> {
  const opened = await handle.stat({ bigint: true });
  checkIsFile(opened);
  if (isConfined) await checkStillThere(opened, real);
  const size = Number(opened.size);
  if (size === 0) return refuse("reference-unreadable", "is empty.");
  if (size > maxBytes) {
    return refuse("reference-too-large", `has ${megabytes(size)}; at most ${megabytes(maxBytes)} are read.`);
  }
  // What a file gains while it is read is not waited for; what it loses is missing, and the decoder says so.
  const bytes = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await asSystem(() => handle.read(bytes, filled, size - filled, filled));
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly nlink: bigint;
}

/**
 * A folder on the way may have been exchanged for a link between the check of the path and the opening. Whatever was opened
 * is used only if the path still leads to it, with no link on the way. A second name of a file could stand for one outside.
 */
async function checkStillThere(opened: Identity, real: string): Promise<void> {
  const [now, there] = await asSystem(() => Promise.all([realpath(real), lstat(real, { bigint: true })]));
  if (now !== real || there.dev !== opened.dev || there.ino !== opened.ino) {
    refuse("reference-forbidden", "was exchanged while it was being read.");
  }
  if (opened.nlink > 1n) refuse("reference-forbidden", "has a second name (a hard link), which may lie anywhere.");
}

function checkIsFile(found: {
  isFile(): boolean;
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}): void {
  if (found.isFile()) return;
  if (found.isDirectory()) refuse("reference-unreadable", "is a folder.");
  if (found.isFIFO()) refuse("reference-unreadable", "is a pipe; `-` reads one reference from standard input.");
  refuse("reference-unreadable", found.isSocket() ? "is a socket." : "is a device.");
}

/** Folders that are not there allow nothing. */
async function realRoots(roots: readonly string[]): Promise<string[]> {
  const found = await Promise.all(roots.map((root) => realpath(root).catch(() => null)));
  return found.filter((root) => root !== null);
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : join(root, sep));
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "does not exist.",
  ENOTDIR: "does not exist: something on the way is no folder.",
  EACCES: "may not be read by you.",
  EPERM: "may not be read by you.",
  ELOOP: "is a link that leads to itself.",
  ENAMETOOLONG: "is longer than any path can be.",
  EISDIR: "is a folder.",
  ENXIO: "is a pipe or device that nobody serves.",
};

/** The system's refusals in words. */
async function asSystem<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return refuse("reference-unreadable", reasons[code] ?? `cannot be read (${code || "for an unknown reason"}).`);
  }
}
