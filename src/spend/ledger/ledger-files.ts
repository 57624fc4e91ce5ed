// Ledger files: the folder and the names in it, their permissions, and how a first ledger comes to be there whole.
// Never opens the database file itself: closing any descriptor of it would drop SQLite's locks in this process
// (POSIX advisory locks; sqlite.org/howtocorrupt.html §2.2, 2026-11-22).

import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  type Stats,
} from "node:fs";
import { dirname, join } from "node:path";
import { errorCode } from "../../core/error-code.ts";
import { openDatabase } from "./database.ts";
import { damaged, ledgerFailure, unavailable } from "./failures.ts";
import type { FileSystemCheck } from "./file-system.ts";
import { CHAIN_START, writeMeta } from "./meta.ts";
import { migrate } from "./migrate.ts";

export interface LedgerFiles {
  /** Absolute path of the folder; the ledger's own, because its permissions are narrowed. */
  readonly directory: string;
  readonly ledger: string;
  /** The append-only text mirror. */
  readonly mirror: string;
}

const FIRST_NAME = "ledger.db";
const REBUILT_NAME = /^ledger-(\d{1,16})\.db$/;

/** Where the ledger is below the folder for what must be kept: a folder of its own, because its permissions are narrowed. */
export function ledgerDirectory(stateDirectory: string): string {
  return join(stateDirectory, "ledger");
}

/** The files as they are now; the name of the first ledger when there is none. */
export function ledgerFiles(directory: string): LedgerFiles {
  let newest = { name: FIRST_NAME, number: 0 };
  for (const name of namesIn(directory)) {
    const number = Number(REBUILT_NAME.exec(name)?.[1] ?? -1);
    if (number > newest.number) newest = { name, number };
  }
  return { directory, ledger: join(directory, newest.name), mirror: join(directory, "ledger.jsonl") };
}

/**
 * A name for a rebuilt ledger that none had before. A process that still has the old one open removes `-wal` and `-shm`
 * by name when it closes it (SQLite 3.53, wal.c, sqlite3WalClose), and must not meet the new one's.
 */
export function rebuiltLedger(directory: string, nowMs: number): string {
  let number = Math.max(1, Math.floor(nowMs));
  const names = new Set(namesIn(directory));
  while (names.has(`ledger-${number}.db`)) number += 1;
  return join(directory, `ledger-${number}.db`);
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Makes the folder if need be and narrows it to its owner. Throws `ledger-unavailable`. */
export function prepareFolder({ directory }: LedgerFiles, findNetwork: FileSystemCheck): void {
  try {
    // Permissions apart from mkdir: a umask may take bits away, never add them.
    if (!exists(directory)) mkdirSync(directory, { recursive: true, mode: 0o700 });
    const stats = statSync(directory);
    if (!stats.isDirectory()) throw unavailable("The ledger's folder is not a folder.");
    const network = findNetwork(directory);
    if (network !== null) {
      throw unavailable(
        `The ledger's folder is on a network file system (${network}), where it could not be kept exact.`,
        {
          nextStep: "Set IMAGE_GEN_HOME to a folder on a local disk.",
        },
      );
    }
    narrow(directory, stats, 0o700, "folder");
  } catch (error) {
    throw ledgerFailure(error);
  }
}

/** Takes access from everybody but the owner; refuses what the owner has made read-only. */
function narrow(path: string, stats: Stats, mode: number, what: string): void {
  if (process.platform === "win32") return;
  if ((stats.mode & 0o200) === 0) throw unavailable(`The ledger's ${what} is read-only.`);
  if ((stats.mode & 0o777) !== mode) chmodSync(path, mode);
}

/** Looks at an existing ledger file from outside. Throws `ledger-unavailable` or `ledger-damaged`. */
export function checkLedgerFile({ ledger }: LedgerFiles): void {
  try {
    const stats = statSync(ledger);
    if (!stats.isFile()) throw damaged("there is something else than a file in its place");
    if (stats.size === 0) throw damaged("the file is empty");
    narrow(ledger, stats, 0o600, "file");
  } catch (error) {
    throw ledgerFailure(error);
  }
}

/**
 * Puts a new ledger in place in one step, so that of many first starts at once exactly one makes it and no crash
 * leaves half of it. Returns whether it was this one.
 */
export async function createLedger(files: LedgerFiles, nowMs: number, day: string): Promise<boolean> {
  const nursery = mkdtempSync(join(files.directory, ".new-"));
  try {
    const path = join(nursery, "ledger.db");
    closeSync(openSync(path, "wx", 0o600));
    const database = await openDatabase(path, { busyTimeoutMs: 0, create: true });
    try {
      migrate(database);
      database.immediate(() =>
        writeMeta(database, {
          createdAtMs: nowMs,
          clockHighMs: nowMs,
          dayHigh: day,
          sequence: 0,
          chainHash: CHAIN_START,
          mirrorBytes: 0,
        }),
      );
      database.checkpoint();
    } finally {
      database.close();
    }
    return placeLedger(path, files.ledger);
  } catch (error) {
    throw ledgerFailure(error);
  } finally {
    clearNursery(nursery);
  }
}

/**
 * Gives a finished, closed and checkpointed database its name; `false` when the name is taken. It is a copy that gets
 * the name: SQLite would take the same inode for the database it still has open under the old one.
 */
export function placeLedger(built: string, name: string): boolean {
  const finished = `${built}.finished`;
  copyFileSync(built, finished, constants.COPYFILE_EXCL);
  chmodSync(finished, 0o600);
  const descriptor = openSync(finished, "r+");
  try {
    assertHasLog(descriptor);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(finished, name);
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
  syncFolder(dirname(name));
  return true;
}

/**
 * A disk that fails while the write-ahead log is set up leaves a database without one, and SQLite says nothing of it (seen
 * 2026-11-24). Both bytes of the header that stand for it are 2 (sqlite.org/fileformat2.html §1.3.3).
 */
function assertHasLog(descriptor: number): void {
  const versions = Buffer.alloc(2);
  readSync(descriptor, versions, 0, 2, 18);
  if (versions[0] === 2 && versions[1] === 2) return;
  throw unavailable("The write-ahead log of a new ledger could not be set up: the disk fails.");
}

/** Removes what was built in; where the system keeps open files (Windows), it is left for a person to remove. */
export function clearNursery(nursery: string): void {
  try {
    rmSync(nursery, { recursive: true, force: true });
  } catch {
    // Nothing depends on it.
  }
}

/** Makes names in the folder last through a power cut. Windows cannot open folders and does not need it. */
export function syncFolder(directory: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** What tells a file from another one that took its name. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
}

/** `undefined` when nothing has the name. */
export function identify(path: string): FileIdentity | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && { device: stats.dev, inode: stats.ino };
}

export function isSameFile(one: FileIdentity | undefined, other: FileIdentity | undefined): boolean {
  return one !== undefined && other !== undefined && one.device === other.device && one.inode === other.inode;
}
