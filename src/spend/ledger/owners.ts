// Owners: is the process that answers for a call still alive? Told by a lock that the kernel drops when the process ends,
// however it ends: it survives SIGSTOP, and neither a reused process id nor another container's numbering can fool it.
// SQLite is the way to such a lock without native code of our own.

import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
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

/**
 * Holds `id`, a ULID of this process alone, until it is released or the process ends. `directory` is the ledger's folder.
 * Must have returned before the id is written into the ledger. Throws `ledger-unavailable`.
 */
export async function holdOwnership(directory: string, id: string): Promise<Ownership> {
  const path = pathOf(directory, id);
  try {
    mkdirSync(join(directory, "owners"), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, "wx", 0o600));
    const connection = await open(path);
    // In memory: a journal file would be a second file to clear away.
    connection.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return {
      id,
      release() {
        connection.close();
        rmSync(path, { force: true });
      },
    };
  } catch (error) {
    throw ledgerFailure(error);
  }
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

/** Removes what dead owners left; returns their ids. Call it when their calls have been resolved. */
export async function removeDeadOwners(directory: string): Promise<string[]> {
  const folder = join(directory, "owners");
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  const dead: string[] = [];
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(SUFFIX)) continue;
    const id = name.slice(0, -SUFFIX.length);
    if (await isAlive(directory, id)) continue;
    rmSync(pathOf(directory, id), { force: true });
    dead.push(id);
  }
  return dead;
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
