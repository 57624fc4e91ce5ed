// Checks: every part with its full and its short measure, and the broken senders that it must catch.

import type { BrokenSender } from "./broken-sender.ts";
import { budgetRace } from "./budget-race.ts";
import { clockChanges } from "./clock-changes.ts";
import type { Finding } from "./finding.ts";
import type { Ground } from "./ground.ts";
import { identicalCalls } from "./identical-calls.ts";
import { killLoop } from "./kill-loop.ts";
import { ledgerDamage } from "./ledger-damage.ts";
import { manyOpen } from "./many-open.ts";
import { lostAnswers, networkFaults } from "./network-faults.ts";
import { syncOrder } from "./sync-order.ts";
import { recoverySweep, systemCallSweep } from "./system-calls.ts";

export interface Check {
  /** A word for `--only`. */
  readonly word: string;
  /** The whole proof; `scale` 1 is what is promised, less is for trying out. */
  run(ground: Ground, scale: number): Promise<Finding>;
  /** Broken senders on which it must fail, and the measure that is enough for it. */
  readonly fails: readonly { readonly sender: BrokenSender; readonly scale: number }[];
}

const part = (whole: number, scale: number, least = 1): number => Math.max(least, Math.round(whole * scale));

export const checks: readonly Check[] = [
  {
    word: "kill-detached",
    run: (ground, scale) => killLoop(ground, { mode: "detached", runs: part(500, scale) }),
    fails: [],
  },
  {
    word: "kill-foreground",
    run: (ground, scale) => killLoop(ground, { mode: "foreground", runs: part(500, scale) }),
    fails: [],
  },
  {
    word: "system-calls",
    run: (ground, scale) => systemCallSweep(ground, scale >= 1 ? {} : { points: part(400, scale) }),
    fails: [],
  },
  {
    word: "recovery-calls",
    run: (ground, scale) => recoverySweep(ground, scale >= 1 ? {} : { points: part(200, scale) }),
    fails: [],
  },
  { word: "sync-order", run: (ground) => syncOrder(ground), fails: [] },
  {
    word: "race",
    run: (ground) => budgetRace(ground, { processes: 32, callsEach: 4, capUsd: 1, kills: false }),
    fails: [{ sender: "no hold", scale: 1 }],
  },
  {
    word: "race-kills",
    run: (ground) => budgetRace(ground, { processes: 32, callsEach: 4, capUsd: 1, kills: true }),
    fails: [{ sender: "no hold", scale: 1 }],
  },
  { word: "lost-answer", run: (ground, scale) => lostAnswers(ground, { runs: part(100, scale) }), fails: [] },
  { word: "network", run: (ground, scale) => networkFaults(ground, { rounds: part(10, scale) }), fails: [] },
  { word: "identical", run: (ground, scale) => identicalCalls(ground, { rounds: part(5, scale) }), fails: [] },
  { word: "clock", run: (ground) => clockChanges(ground), fails: [] },
  { word: "damage", run: (ground, scale) => ledgerDamage(ground, { rounds: part(10, scale) }), fails: [] },
  {
    word: "recover",
    run: (ground, scale) => manyOpen(ground, { operations: part(1_000, scale), mostMs: 2_000 }),
    fails: [],
  },
];
