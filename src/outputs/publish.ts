// Publishing: a finished file gets its name, and nothing that has that name already is ever touched.

import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import { dirname } from "node:path";

/** Reasons why a file system cannot link here though it can hold the file. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK"]);

/**
 * Gives the file at `from` the first free name of `names` and removes the old one; the folder is synced.
 * Returns the name, or `null` when all names are taken.
 *
 * @throws the system's error; the file at `from` is still there then.
 */
export function publishFile(from: string, names: Iterable<string>): string | null {
  // As if the user's own program had created it: readable as the umask says.
  chmodSync(from, 0o666 & ~process.umask());
  for (const name of names) {
    if (!placeExclusively(from, name)) continue;
    unlinkSync(from);
    syncFolder(dirname(name));
    return name;
  }
  return null;
}

function placeExclusively(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST") return false;
    if (!WITHOUT_LINKS.has(code)) throw error;
    return copyExclusively(from, to);
  }
}

function copyExclusively(from: string, to: string): boolean {
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    rmSync(to, { force: true });
    throw error;
  }
  syncPath(to, "r+");
  return true;
}

/** Makes new and removed names in a folder survive a power cut. Windows cannot and need not. */
export function syncFolder(folder: string): void {
  if (process.platform !== "win32") syncPath(folder, "r");
}

function syncPath(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The system's error code, `ENOSPC` and the like; empty when it is no system error. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
