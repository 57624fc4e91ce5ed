// A short, seeded slice of `npm run torture` (docs/torture.md). Play a failure again with TORTURE_SEED=<seed> npm test -- torture.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bill, openBill } from "./bill.ts";
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
import { missingStrace } from "./strace.ts";
import { syncOrder } from "./sync-order.ts";
import { recoverySweep, systemCallSweep } from "./system-calls.ts";

const seed = Number(process.env["TORTURE_SEED"] ?? 20_261_124);
const program = resolve("bin/image-gen.cjs");
const scratch = mkdtempSync(join(tmpdir(), "image-gen-torture-slice-"));
// Senders are told from other processes by /proc.
const onLinux = process.platform === "linux";
const withStrace = onLinux && missingStrace() === null;
let bill: Bill;
let ground: Ground;

beforeAll(async () => {
  bill = await openBill(program);
  ground = { program, soundProgram: program, bill, scratch, seed, atOnce: 2, stopAt: null };
  process.stdout.write(
    `torture slice, seed ${seed}${withStrace ? "" : ", without strace: no sweep over system calls"}\n`,
  );
});
afterAll(() => {
  bill.close();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
});

type Slice = readonly (readonly [string, () => Promise<Finding>])[];

const slice: Slice = [
  ["a killed command loses nothing", () => killLoop(ground, { mode: "detached", runs: 4 })],
  ["a killed sender forgets nothing", () => killLoop(ground, { mode: "foreground", runs: 4 })],
  ["a killed sender forgets no Imagen picture", () => killLoop(ground, { mode: "foreground", runs: 2, imagen: true })],
  [
    "a killed clip is neither lost nor bought again",
    () => clipKills(ground, { runs: 4, only: ["naming", "waiting", "receiving", "publishing"] }),
  ],
  ["a clip whose name was lost is not bought again", () => lostClips(ground, { runs: 1 })],
  ["processes keep a common cap", () => budgetRace(ground, { processes: 4, callsEach: 2, capUsd: 0.5, kills: false })],
  ["a lost answer is not bought again", () => lostAnswers(ground, { runs: 2 })],
  ["broken connections are recorded", () => networkFaults(ground, { cases: 7 })],
  ["the same three times is bought once", () => identicalCalls(ground, { cases: 2 })],
  ["a moved clock gives no money", () => clockChanges(ground)],
  ["a damaged ledger is refused and mended", () => ledgerDamage(ground, { rounds: 1, name: "a bit" })],
  ["what was left open is resolved", () => manyOpen(ground, { operations: 40 })],
];

const sliceWithStrace: Slice = [
  ["a failing disk hides nothing", () => systemCallSweep(ground, { points: 6 })],
  ["a killed recovery is done again", () => recoverySweep(ground, { points: 3 })],
  ["everything is synced in order", () => syncOrder(ground)],
];

/** What the check found bad; that it looked at nothing is bad too. */
async function violations(check: () => Promise<Finding>): Promise<readonly string[]> {
  const { bad, checked, measured } = await check();
  return checked === 0 ? [...bad, "nothing was checked"] : bad.map((text) => `seed ${seed}, ${text} (${measured})`);
}

describe.runIf(onLinux)("of the bill, the ledger and the disk", () => {
  test.each(slice)("%s", async (_, check) => {
    expect(await violations(check)).toEqual([]);
  });
});

describe.runIf(withStrace)("at single system calls", () => {
  test.each(sliceWithStrace)("%s", async (_, check) => {
    expect(await violations(check)).toEqual([]);
  });
});
