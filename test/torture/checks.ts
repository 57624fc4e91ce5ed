// Checks: every part with its full and its short measure, and the broken senders that it must catch.

import type { BrokenSender } from "./broken-sender.ts";
import { budgetRace } from "./budget-race.ts";
import { clipKills } from "./clip-kills.ts";
import { lostClips } from "./clip-lost.ts";
import { clockChanges } from "./clock-changes.ts";
import type { Finding } from "./finding.ts";
import type { Ground } from "./ground.ts";
import { identicalCalls } from "./identical-calls.ts";
import { killLoop } from "./kill-loop.ts";
import { ledgerDamage } from "./ledger-damage.ts";
import { manyOpen } from "./many-open.ts";
import { lostAnswers, networkFaults } from "./network-faults.ts";
import { syncOrder } from "./sync-order.ts";
import { clipCallSweep, recoverySweep, systemCallSweep } from "./system-calls.ts";

export interface Check {
  /** A word for `--only`. */
  readonly word: string;
  /** The whole proof; `scale` 1 is what is promised, less is for trying out. */
  run(ground: Ground, scale: number): Promise<Finding>;
  /** Broken senders on which it must fail. */
  readonly fails: readonly Failing[];
}

interface Failing {
  readonly sender: BrokenSender;
  /** What the violation that gives it away reads like; to fail for another reason proves nothing. */
  readonly sign: RegExp;
  /** A narrower measure that must be enough; the whole check when absent. It ends at the first violation. */
  readonly run?: (ground: Ground) => Promise<Finding>;
}

const part = (whole: number, scale: number): number => Math.max(1, Math.round(whole * scale));
const clipRace = { processes: 16, callsEach: 2, capUsd: 1, clips: true } as const;
const race = { processes: 32, callsEach: 4, capUsd: 1 } as const;

export const checks: readonly Check[] = [
  {
    word: "kill-detached",
    run: (ground, scale) => killLoop(ground, { mode: "detached", runs: part(500, scale) }),
    fails: [
      { sender: "stays in its caller's process group", sign: /unknown although the sender/ },
      { sender: "publishes by overwriting", sign: /was somebody else's and has changed/ },
    ],
  },
  {
    word: "kill-foreground",
    run: (ground, scale) => killLoop(ground, { mode: "foreground", runs: part(500, scale) }),
    fails: [{ sender: "records the sending after the answer", sign: /but the ledger knows of/ }],
  },
  {
    word: "imagen-detached",
    run: (ground, scale) => killLoop(ground, { mode: "detached", runs: part(30, scale), imagen: true }),
    fails: [{ sender: "stays in its caller's process group", sign: /unknown although the sender/ }],
  },
  {
    word: "imagen-foreground",
    run: (ground, scale) => killLoop(ground, { mode: "foreground", runs: part(30, scale), imagen: true }),
    fails: [{ sender: "records the sending after the answer", sign: /but the ledger knows of/ }],
  },
  {
    word: "clips",
    run: (ground, scale) => clipKills(ground, { runs: part(100, scale) }),
    fails: [
      {
        sender: "names a clip's operation when it has asked for it",
        sign: /unknown although its operation had a name/,
        run: (ground) => clipKills(ground, { runs: 20, only: ["receiving"], victim: "the sender too" }),
      },
      {
        sender: "buys a clip again when it is to resume it",
        sign: /billed 2, but the ledger knows of 1/,
        run: (ground) => clipKills(ground, { runs: 20, only: ["waiting"], victim: "the whole tree" }),
      },
      {
        sender: "resumes a clip without looking what is published",
        sign: /is published and not in the ledger/,
        run: (ground) => clipKills(ground, { runs: 150, only: ["publishing"], victim: "the whole tree" }),
      },
    ],
  },
  {
    word: "clips-lost",
    run: (ground, scale) => lostClips(ground, { runs: part(100, scale) }),
    fails: [
      {
        sender: "repeats after an unknown answer",
        sign: /billed [23] times/,
        run: (ground) => lostClips(ground, { runs: 3 }),
      },
    ],
  },
  {
    word: "clips-race",
    run: (ground) => budgetRace(ground, { ...clipRace, kills: false }),
    fails: [{ sender: "looks at the budget and holds nothing", sign: /of a cap of/ }],
  },
  {
    word: "clips-race-kills",
    run: (ground) => budgetRace(ground, { ...clipRace, kills: true }),
    fails: [{ sender: "looks at the budget and holds nothing", sign: /of a cap of/ }],
  },
  {
    word: "clips-calls",
    run: (ground, scale) => clipCallSweep(ground, { points: part(150, scale) }),
    fails: [
      {
        sender: "resumes a clip without looking what is published",
        sign: /is published and not in the ledger/,
        run: (ground) => clipCallSweep(ground, { only: ["fsync", "fdatasync"] }),
      },
    ],
  },
  {
    word: "system-calls",
    run: (ground, scale) => systemCallSweep(ground, scale >= 1 ? {} : { points: part(400, scale) }),
    fails: [
      {
        sender: "takes a failed write for a written one",
        sign: /is not what the ledger says/,
        run: (ground) => systemCallSweep(ground, { only: ["write"] }),
      },
    ],
  },
  {
    word: "recovery-calls",
    run: (ground, scale) => recoverySweep(ground, scale >= 1 ? {} : { points: part(200, scale) }),
    fails: [{ sender: "recovers without looking what is published", sign: /published and not in the ledger/ }],
  },
  {
    word: "sync-order",
    run: (ground) => syncOrder(ground),
    fails: [
      { sender: "does not sync pictures", sign: /before its bytes were synced/ },
      { sender: "does not sync the ledger", sign: /synced to the ledger/ },
    ],
  },
  {
    word: "race",
    run: (ground) => budgetRace(ground, { ...race, kills: false }),
    fails: [{ sender: "looks at the budget and holds nothing", sign: /of a cap of/ }],
  },
  {
    word: "race-kills",
    run: (ground) => budgetRace(ground, { ...race, kills: true }),
    fails: [{ sender: "looks at the budget and holds nothing", sign: /of a cap of/ }],
  },
  {
    word: "lost-answer",
    run: (ground, scale) => lostAnswers(ground, { runs: part(100, scale) }),
    fails: [{ sender: "repeats after an unknown answer", sign: /billed 2 times/ }],
  },
  {
    word: "network",
    run: (ground, scale) => networkFaults(ground, { cases: part(90, scale) }),
    fails: [{ sender: "repeats after an unknown answer", sign: /billed 2 times/ }],
  },
  {
    word: "identical",
    run: (ground, scale) => identicalCalls(ground, { cases: part(20, scale) }),
    fails: [{ sender: "does not attach", sign: /in place of once/ }],
  },
  {
    word: "clock",
    run: (ground) => clockChanges(ground),
    fails: [{ sender: "follows the clock back", sign: /billed on 2 days/ }],
  },
  {
    word: "damage",
    run: (ground, scale) => ledgerDamage(ground, { rounds: part(10, scale) }),
    fails: [{ sender: "buys without a ledger when there is none", sign: /but the ledger knows of/ }],
  },
  {
    word: "recover",
    run: (ground, scale) => manyOpen(ground, { operations: part(1_000, scale), mostMs: 2_000 }),
    fails: [
      {
        sender: "recovers nothing",
        sign: /released in place of/,
        run: (ground) => manyOpen(ground, { operations: 20 }),
      },
    ],
  },
];
