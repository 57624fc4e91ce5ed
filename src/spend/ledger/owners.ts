// Owners: is the process that answers for a call still alive? Told by a lock that the kernel drops when the process ends,
// however it ends: it survives SIGSTOP, and neither a reused process id nor another container's numbering can fool it.
// SQLite is the way to such a lock without native code of our own.

import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { DatabaseSync } from "@photostructure/sqlite";
import { ToolError } from "../../core/tool-error.ts";
import { BUSY, ledgerFailure, resultCodeOf } from "./failures.ts";

export interface Ownership {
  readonly id: string;
  /** Lets go and removes the file. Call it when nothing is left to answer for. */
  release(): void;
}

type Connection = InstanceType<typeof DatabaseSync>;

const SUFFIX = ".owner";
const LOCK = "BEGIN EXCLUSIVE";
const MOST_TRIES = 200;
const PAUSE_MS = 5;

/**
 * Holds `id`, a ULID of this process alone, until it is released or the process ends. `directory` is the ledger's folder.
 * Must have returned before the id is written into the ledger. Throws `ledger-unavailable`.
 */
export async function holdOwnership(directory: string, id: string): Promise<Ownership> {
  const path = pathOf(directory, id);
  try {
    mkdirSync(join(directory, "owners"), { recursive: true, mode: 0o700 });
    for (let tries = 1; ; tries += 1) {
      const connection = await tryToHold(path, tries);
      if (connection === undefined) continue;
      return {
        id,
        release() {
          connection.close();
          rmSync(path, { force: true });
        },
      };
    }
  } catch (error) {
    throw ledgerFailure(error);
  }
}

/** `undefined`: somebody who clears away dead owners looked at the file, or removed it, before it was locked. */
async function tryToHold(path: string, tries: number): Promise<Connection | undefined> {
  const file = openSync(path, tries === 1 ? "wx" : "a", 0o600);
  const { ino } = fstatSync(file);
  closeSync(file);
  let connection: Connection | undefined;
  try {
    connection = await open(path);
    // In memory: a journal file would be a second file to clear away.
    connection.exec(`PRAGMA journal_mode = MEMORY; ${LOCK}`);
    if (statSync(path, { throwIfNoEntry: false })?.ino === ino) return connection;
  } catch (error) {
    const isDisturbed = resultCodeOf(error) === BUSY || !existsSync(path);
    connection?.close();
    if (!isDisturbed || tries >= MOST_TRIES) throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    return undefined;
  }
  connection.close();
  return undefined;
}

/** Whether the process that held `id` still does. An id that nobody ever held is not alive. */
export async function isAlive(directory: string, id: string): Promise<boolean> {
  const path = pathOf(directory, id);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return false;
  let connection: Connection | undefined;
  try {
    connection = await open(path);
    // A shared lock is enough to meet an exclusive one, and does not look like life to somebody else who asks.
    connection.exec("SELECT count(*) FROM sqlite_schema");
    return false;
  } catch (error) {
    if (resultCodeOf(error) === BUSY) return true;
    // Released and removed between the look and the question.
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return false;
    throw ledgerFailure(error);
  } finally {
    connection?.close();
  }
}

/**
 * Removes what dead owners left; returns their ids. Call it when their calls have been resolved. The lock is held while a
 * file is removed, so that an owner who is just beginning finds out.
 */
export async function removeDeadOwners(directory: string): Promise<string[]> {
  const folder = join(directory, "owners");
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  const dead: string[] = [];
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(SUFFIX)) continue;
    const id = name.slice(0, -SUFFIX.length);
    if (await removeIfDead(pathOf(directory, id))) dead.push(id);
  }
  return dead;
}

async function removeIfDead(path: string): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = await open(path);
    connection.exec(`PRAGMA journal_mode = MEMORY; ${LOCK}`);
    rmSync(path, { force: true });
    return true;
  } catch {
    // Alive, or removed by somebody else.
    return false;
  } finally {
    connection?.close();
  }
}

function pathOf(directory: string, id: string): string {
  if (!/^[0-9A-Za-z_-]{1,64}$/.test(id)) {
    throw new ToolError("internal", { billed: "no", message: `${JSON.stringify(id)} is not the id of a process.` });
  }
  return join(directory, "owners", `${id}${SUFFIX}`);
}

async function open(path: string): Promise<Connection> {
  const { DatabaseSync: Native } = await import("@photostructure/sqlite");
  const location = pathToFileURL(path);
  location.searchParams.set("mode", "rw");
  return new Native(location, { timeout: 0 });
}
