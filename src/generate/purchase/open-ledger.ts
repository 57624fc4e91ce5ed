// The ledger of one `createImageGen`: opened when the first picture is asked for, and what dead processes left is resolved.

import type { Clock } from "../../core/clock.ts";
import type { Catalogue } from "../../google/models/catalogue.ts";
import { spoolDirectory } from "../../outputs/spool.ts";
import { ledgerDirectory } from "../../spend/ledger/ledger-files.ts";
import { type Ledger, openLedger } from "../../spend/ledger/ledger.ts";
import type { ImageGenOptions } from "../options.ts";
import { type Recovery, recoverOperations } from "../recover.ts";

export interface OpenedLedger {
  readonly ledger: Ledger;
  /** Where ownership is held. */
  readonly directory: string;
  recover(operation?: string): Promise<Recovery>;
  /** What the ledger has warned of since the last look. */
  readonly takeWarnings: () => readonly string[];
}

export interface LedgerSurroundings {
  readonly options: ImageGenOptions;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Opens it at most once at a time: SQLite is quickest with one connection for a process. Throws `ledger-…`. */
export function createLedgerOpener(surroundings: LedgerSurroundings): { open(): Promise<OpenedLedger>; close(): void } {
  let opened: Promise<OpenedLedger> | undefined;
  return {
    open() {
      opened ??= open(surroundings).catch((error: unknown) => {
        // A disk may have room again the next time.
        opened = undefined;
        throw error;
      });
      return opened;
    },
    close() {
      void opened?.then(({ ledger }) => ledger.close()).catch(() => undefined);
      opened = undefined;
    },
  };
}

async function open({ options, catalogue, clock, random }: LedgerSurroundings): Promise<OpenedLedger> {
  const directory = ledgerDirectory(options.stateDirectory);
  const warnings: string[] = [];
  const ledger = await openLedger({ directory, clock, onWarning: (message) => warnings.push(message) });
  const recover = (operation?: string) =>
    recoverOperations({
      ledger,
      ledgerDirectory: directory,
      spoolDirectory: spoolDirectory(options.stateDirectory),
      catalogue,
      clock,
      random,
      ...(operation === undefined ? {} : { operation }),
    });
  return { ledger, directory, recover, takeWarnings: () => warnings.splice(0) };
}
