// The keep folder: what is paid for and could not be published is put there under a telling name, readable by its owner.

import { constants, copyFileSync, mkdirSync, renameSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { codeOf, syncFolder } from "./publish.ts";

/**
 * Moves the file into the keep folder, or leaves it where it is when that fails.
 * Returns the absolute path where it can be read. Never throws.
 */
export function keepFile(from: string, directory: string, name: string): string {
  const to = join(directory, name);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    moveFile(from, to);
    syncFolder(directory);
    return to;
  } catch {
    return from;
  }
}

function moveFile(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (codeOf(error) !== "EXDEV") throw error;
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    unlinkSync(from);
  }
}
