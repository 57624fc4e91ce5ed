// A closed ledger with calls in every state, what it says, and ways to spoil it: for tests of verifying and repairing.

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { openDatabase } from "../database.ts";
import type { Ledger } from "../ledger.ts";
import { type LedgerFiles, ledgerFiles } from "../ledger-files.ts";
import {
  dayCap,
  DOLLAR,
  errorReport,
  loseSight,
  newFolder,
  newLedger,
  OWNER,
  pay,
  request,
  reserveCall,
  setClock,
} from "./fixture.ts";

export const caps = [dayCap(DOLLAR)];
export const clock = setClock();

/** A closed ledger with calls in every state, and what it says. */
export async function fullLedger(): Promise<{ files: LedgerFiles; told: unknown }> {
  const ledger = await newLedger({ clock });
  pay(ledger, 40_000, { project: "films", idempotencyKey: "k" });
  ledger.settle(loseSight(ledger), { paid: true });
  loseSight(ledger);
  ledger.release(reserveCall(ledger, { count: 2 }));
  const refused = reserveCall(ledger);
  ledger.markSent(refused, OWNER);
  ledger.recordFailedAttempt(refused, errorReport("rate-limited"));
  ledger.markSent(refused, OWNER);
  ledger.reject(refused, errorReport("rate-limited"));
  ledger.reserve(request({ rehearsal: true }));
  ledger.reserve(request({ metered: false }));
  for (let index = 0; index < 4; index += 1) pay(ledger, 10_000);
  const told = tell(ledger);
  ledger.close();
  const database = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
  database.checkpoint();
  database.close();
  return { files: ledger.files, told };
}

/** Everything that a ledger says. */
export function tell(ledger: Ledger): unknown {
  const history = ledger.history({ limit: 0 });
  return [
    history.map(({ operation }) => ledger.operation(operation)),
    ledger.standings(caps, "run-1"),
    ledger.operationOfKey("k")?.id,
  ];
}

export function flip(path: string, bit: number): void {
  const bytes = readFileSync(path);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  writeFileSync(path, bytes);
}

/** A copy in a folder of its own: SQLite still knows the old one in this process. */
export function copyOf(files: LedgerFiles): LedgerFiles {
  const copy = ledgerFiles(newFolder());
  copyFileSync(files.ledger, copy.ledger);
  copyFileSync(files.mirror, copy.mirror);
  return copy;
}
