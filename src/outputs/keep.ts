// The keep folder: what is paid for and could not be published is put there under a telling name, readable by its owner.

import { mkdirSync, renameSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../core/error-code.ts";
import { type PlaceOperations, syncFolder, systemOperations } from "./publish.ts";

/** The file operations that a fault test replaces. */
export interface KeepOperations extends PlaceOperations {
  rename(from: string, to: string): void;
}

const keepOperations: KeepOperations = { ...systemOperations, rename: renameSync };

/**
 * Moves the file into the keep folder, or leaves it where it is when that fails.
 * Returns the absolute path where it can be read. Never throws.
 */
export function keepFile(
  from: string,
  directory: string,
  name: string,
  operations: KeepOperations = keepOperations,
): string {
  const to = join(directory, name);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    moveFile(from, to, operations);
  } catch {
    return from;
  }
  try {
    syncFolder(directory, operations);
  } catch {
    // It stands there all the same; only a power cut in this moment could undo it.
  }
  return to;
}

function moveFile(from: string, to: string, operations: KeepOperations): void {
  try {
    operations.rename(from, to);
  } catch (error) {
    if (errorCode(error) !== "EXDEV") throw error;
    operations.copy(from, to);
    // Before the only other copy goes.
    operations.syncFile(to);
    unlinkSync(from);
  }
}
