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
import { basename, dirname, join } from "node:path";
import { errorCode } from "../core/error-code.ts";

/** Reasons why a file system cannot link here though it can hold the file. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK"]);

/** What file systems that cannot sync a folder say: there is nothing to wait for then. */
const WITHOUT_FOLDER_SYNC: ReadonlySet<string> = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EISDIR"]);

/** The file operations that a fault test replaces. */
export interface PlaceOperations {
  /** Fails with `EEXIST` when `to` is there in any kind. */
  link(from: string, to: string): void;
  /** The same for file systems without links; leaves nothing of its own behind when it fails. */
  copy(from: string, to: string): void;
  syncFile(path: string): void;
  syncFolder(path: string): void;
}

export const systemOperations: PlaceOperations = {
  link: linkSync,
  copy: (from, to) => copyFileSync(from, to, constants.COPYFILE_EXCL),
  syncFile: (path) => syncPath(path, "r+"),
  syncFolder: (path) => {
    // Windows cannot and need not.
    if (process.platform !== "win32") syncPath(path, "r");
  },
};

/**
 * Gives the file at `from` the first free name of `names`; the folder is synced. The old name stays, so that a crash before
 * the result is recorded loses nothing: the caller removes it then.
 * Returns the name, or `null` when all names are taken.
 *
 * @throws the system's error; none of the names was taken then.
 */
export function publishFile(
  from: string,
  names: Iterable<string>,
  operations: PlaceOperations = systemOperations,
): string | null {
  // As if the user's own program had created it: readable as the umask says.
  chmodSync(from, 0o666 & ~process.umask());
  for (const name of names) {
    if (placeExclusively(from, name, operations)) return name;
  }
  return null;
}

/** False when `to` is taken. A place that cannot be made safe is given up again. */
function placeExclusively(from: string, to: string, operations: PlaceOperations): boolean {
  let isCopy: boolean;
  try {
    isCopy = linkOrCopy(from, to, operations);
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
  try {
    if (isCopy) operations.syncFile(to);
    syncFolder(dirname(to), operations);
  } catch (error) {
    unlinkSync(to);
    throw error;
  }
  return true;
}

/** True when it had to be copied. */
function linkOrCopy(from: string, to: string, operations: PlaceOperations): boolean {
  try {
    operations.link(from, to);
    return false;
  } catch (error) {
    const code = errorCode(error);
    if (code === "EXDEV") return copyBeside(from, to, operations);
    if (!WITHOUT_LINKS.has(code ?? "")) throw error;
    operations.copy(from, to);
    return true;
  }
}

/** Where the copy of `from` stands before it gets a name in `directory`; a publication that was killed may leave it there. */
export function copyName(from: string, directory: string): string {
  return join(directory, `${basename(from)}.copy`);
}

/** From another file system: the copy is whole and on the disk before it gets the name, so that no half file ever has it. */
function copyBeside(from: string, to: string, operations: PlaceOperations): boolean {
  const beside = copyName(from, dirname(to));
  rmSync(beside, { force: true });
  try {
    operations.copy(from, beside);
    operations.syncFile(beside);
    return linkOrCopy(beside, to, operations);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Makes new and removed names in a folder survive a power cut, where the file system can promise that. */
export function syncFolder(folder: string, operations: PlaceOperations = systemOperations): void {
  try {
    operations.syncFolder(folder);
  } catch (error) {
    if (!WITHOUT_FOLDER_SYNC.has(errorCode(error) ?? "")) throw error;
  }
}

function syncPath(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
