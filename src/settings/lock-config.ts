// One change of the settings file at a time: what was read is still what is there when it is written. Held by a lock of the
// kernel's, as the ledger's owners are, so that a process which was killed holds nothing up.

import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { DatabaseSync } from "@photostructure/sqlite";
import { ToolError } from "../core/tool-error.ts";

type Connection = InstanceType<typeof DatabaseSync>;

/** A change takes milliseconds; who holds the lock longer than this was stopped and not killed. */
const LONGEST_WAIT_MS = 10_000;
const BUSY = 5;

/**
 * Reads, changes and writes the settings file with nobody else in between. `change` must not await. Throws `config-invalid`
 * when another process that lives does not let go of the file.
 */
export async function withConfigLocked<Result>(
  path: string,
  change: () => Result,
  longestWaitMs: number = LONGEST_WAIT_MS,
): Promise<Result> {
  const lock = await takeLock(path, longestWaitMs);
  try {
    return change();
  } finally {
    lock?.close();
  }
}

/**
 * `undefined` where there can be no lock: in a folder that cannot be written the change itself says so, in better words; and
 * settings can be changed where SQLite cannot be loaded, though nothing can be bought there.
 */
async function takeLock(path: string, longestWaitMs: number): Promise<Connection | undefined> {
  let lock: Connection | undefined;
  try {
    const { DatabaseSync: Native } = await import("@photostructure/sqlite");
    lock = new Native(lockFile(path), { timeout: longestWaitMs });
    // In memory: a journal file would be a second file beside the settings. The file itself stays empty, and stays: whoever
    // removed it would leave two processes with a lock each.
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if (!isBusy(error)) return undefined;
    throw new ToolError("config-invalid", {
      message: `Another process is changing ${path} and does not let go of it.`,
      cause: "It was stopped in the middle of a change. The settings file is as it was.",
      nextStep: "Let that process go on, or end it, and say this once more.",
    });
  }
}

function lockFile(path: string): URL {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, ".config.lock");
  closeSync(openSync(file, "a", 0o600));
  const location = pathToFileURL(file);
  location.searchParams.set("mode", "rw");
  return location;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === BUSY;
}
