// View: the ledger for looking. Where there is none it looks like an empty one, and none is made by looking.

import { openMemory } from "./database.ts";
import { ledgerFailure } from "./failures.ts";
import { exists, ledgerFiles, prepareFolder } from "./ledger-files.ts";
import { findNetworkFileSystem } from "./file-system.ts";
import { type LedgerOptions, openLedger } from "./ledger.ts";
import { CHAIN_START, writeMeta } from "./meta.ts";
import { mirrorLength } from "./mirror.ts";
import { type LedgerReading, readingOf } from "./reading.ts";
import { migrate } from "./migrate.ts";
import { dayOf } from "./windows.ts";

export interface LedgerView extends LedgerReading {
  close(): void;
}

/** False only when nothing was ever recorded: neither a ledger nor its mirror is there. Throws `ledger-unavailable`. */
export function hasLedger(directory: string): boolean {
  const files = ledgerFiles(directory);
  try {
    return exists(files.ledger) || mirrorLength(files) > 0;
  } catch (error) {
    throw ledgerFailure(error);
  }
}

/** Throws what {@link openLedger} throws. */
export async function viewLedger(options: LedgerOptions): Promise<LedgerView> {
  const { directory, findNetworkFileSystem: findNetwork = findNetworkFileSystem } = options;
  if (hasLedger(directory)) return await openLedger(options);
  if (exists(directory)) prepareFolder(ledgerFiles(directory), findNetwork);
  const database = await openMemory();
  migrate(database);
  const now = Math.floor(options.clock.now());
  writeMeta(database, {
    createdAtMs: now,
    clockHighMs: now,
    dayHigh: dayOf(now),
    sequence: 0,
    chainHash: CHAIN_START,
    mirrorBytes: 0,
  });
  return { ...readingOf(database, options.clock), close: () => database.close() };
}
