// Files that only their owner reads, written whole or not at all: beside their name first, synced, then put in place.

import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../core/error-code.ts";

/** Writes the file unless there is one of this name. False when there is. */
export function createPrivateFile(path: string, content: string | Uint8Array, name: string): boolean {
  const beside = writeBeside(path, content, name);
  try {
    linkSync(beside, path);
    syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    unlinkSync(beside);
  }
}

/** Writes the file, in place of one of the same name. */
export function replacePrivateFile(path: string, content: string | Uint8Array, name: string): void {
  const beside = writeBeside(path, content, name);
  try {
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

function writeBeside(path: string, content: string | Uint8Array, name: string): string {
  const beside = join(dirname(path), `.${basename(path)}-${name}.part`);
  // What a killed run left has the name of its own operation and is never met again, except by its repeat.
  rmSync(beside, { force: true });
  const descriptor = openSync(beside, "wx", 0o600);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return beside;
}

function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } catch {
    // Some file systems cannot; the file itself is synced.
  } finally {
    closeSync(descriptor);
  }
}
