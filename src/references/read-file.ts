// A file's bytes, read without being led astray: regular files only, within the allowed folders, never more than was agreed,
// and the file that was checked is the file that is read.

import { type BigIntStats, constants, lstatSync, realpathSync } from "node:fs";
import { type FileHandle, open, readlink, realpath, stat } from "node:fs/promises";
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

/** A file that was checked and stays open, so that it is the same one whatever becomes of its path. */
export interface OpenedFile {
  readonly sizeBytes: number;
  /** Fewer bytes than `length` where the file has become shorter. They stand in `into`, where that is given and large enough. */
  readonly read: (offset: number, length: number, into?: Buffer) => Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * @throws ToolError `reference-unreadable`, `reference-forbidden` or `reference-too-large`.
 */
export async function readReferenceFile(path: string, limits: FileLimits): Promise<Buffer> {
  const file = await openReferenceFile(path, limits);
  try {
    // What a file gains while it is read is not waited for; what it loses is missing, and the decoder says so.
    return await file.read(0, file.sizeBytes);
  } finally {
    await file.close();
  }
}

/**
 * @throws ToolError `reference-unreadable`, `reference-forbidden` or `reference-too-large`.
 */
export async function openReferenceFile(path: string, limits: FileLimits): Promise<OpenedFile> {
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
    const opened = await handle.stat({ bigint: true });
    checkIsFile(opened);
    if (roots !== null) await checkOpened(handle, opened, real, roots);
    const sizeBytes = Number(opened.size);
    checkSize(sizeBytes, limits.maxBytes);
    return {
      sizeBytes,
      read: async (offset, length, into) => await readRange(handle, offset, Math.min(length, sizeBytes - offset), into),
      close: async () => await handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function checkSize(sizeBytes: number, maxBytes: number): void {
  if (sizeBytes === 0) refuse("reference-unreadable", "is empty.");
  if (sizeBytes > maxBytes) {
    refuse("reference-too-large", `has ${megabytes(sizeBytes)}; at most ${megabytes(maxBytes)} are read.`);
  }
}

async function readRange(handle: FileHandle, offset: number, wanted: number, into?: Buffer): Promise<Buffer> {
  const length = Math.max(0, wanted);
  const bytes = into && into.byteLength >= length ? into.subarray(0, length) : Buffer.alloc(length);
  let filled = 0;
  while (filled < bytes.byteLength) {
    const { bytesRead } = await asSystem(() => handle.read(bytes, filled, bytes.byteLength - filled, offset + filled));
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Looks at the opened file again and again where the kernel does not tell its path. */
const LOOKS = 5;

/**
 * A folder on the way may have been exchanged for a link between the check of the path and the opening. Linux tells where the
 * opened file lies, whatever has become of the path since. Elsewhere the path must go on leading to it, with no link on the
 * way, each time it is looked at: who exchanges folders in the rhythm of these looks can still pass.
 */
async function checkOpened(
  handle: FileHandle,
  opened: BigIntStats,
  real: string,
  roots: readonly string[],
): Promise<void> {
  const lies = await pathOfOpened(handle);
  const isSame = lies === null ? leadsSteadily(opened, real) : roots.some((root) => isInside(root, lies));
  if (!isSame) refuse("reference-forbidden", "was exchanged while it was being read.");
  // A second name of a file could stand for one outside.
  if (opened.nlink > 1n) refuse("reference-forbidden", "has a second name (a hard link), which may lie anywhere.");
}

async function pathOfOpened({ fd }: FileHandle): Promise<string | null> {
  return process.platform === "linux" ? await readlink(`/proc/self/fd/${fd}`).catch(() => null) : null;
}

/** Without a pause between the looks, so that nothing in this process can come between them. */
function leadsSteadily(opened: BigIntStats, real: string): boolean {
  try {
    for (let look = 0; look < LOOKS; look += 1) {
      const there = lstatSync(real, { bigint: true });
      if (there.dev !== opened.dev || there.ino !== opened.ino || realpathSync.native(real) !== real) return false;
    }
    return true;
  } catch {
    return false;
  }
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
