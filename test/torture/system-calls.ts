// System calls: a kill, an EIO and an ENOSPC at each call of one foreground run that changes the disk, in turn. Whatever
// fails: what was bought is recorded, what is published is whole, and exit 0 means that a checked picture is there.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { createChance } from "./chance.ts";
import { runCommand, sendersEnded } from "./command.ts";
import type { Finding } from "./finding.ts";
import { type Case, forEachCase, type Ground, openCase } from "./ground.ts";
import { claimViolations, countsOf, moneyViolations, pictureViolations } from "./invariants.ts";
import { historyOf } from "./ledger-view.ts";
import { type Injection, isMutating, missingStrace, mutatingCalls, readCalls, underStrace } from "./strace.ts";

export interface SweepOptions {
  /** How many points, drawn by the seed; all of them when absent. */
  readonly points?: number;
}

export async function systemCallSweep(ground: Ground, { points }: SweepOptions): Promise<Finding> {
  const shape = { name: "kill, EIO, ENOSPC at each mutating system call", target: "0 bad" };
  const missing = missingStrace();
  if (missing !== null) return { ...shape, measured: "not run", checked: 0, bad: [missing] };
  const all = await pointsOf(ground);
  const chosen = points === undefined ? all : draw(all, points, ground.seed);
  const sums = { met: 0, billed: 0, unknown: 0 };
  const { checked, bad } = await forEachCase(ground, chosen.length, async (index) => {
    const injection = chosen[index];
    if (injection === undefined) return [];
    const outcome = await oneFault(ground, openCase(ground, index), injection);
    sums.met += outcome.met ? 1 : 0;
    sums.billed += outcome.billed;
    sums.unknown += outcome.unknown;
    return outcome.bad.map((text) => `${injection.fault} at ${injection.call} ${injection.nth}: ${text}`);
  });
  // Threads take turns as they like, so that a run may end before the call; most must have met their fault all the same.
  if (!ground.stopAtFirst && sums.met < checked * 0.8) bad.push(`only ${sums.met} of ${checked} faults were met`);
  return {
    ...shape,
    measured: `${checked} of ${all.length} points, ${sums.met} met: ${sums.billed} billed, ${sums.unknown} unknown, ${bad.length} bad`,
    checked,
    bad,
  };
}

function wordsFor(one: Case): string[] {
  return ["a fox at a system call", "--auth", "api-key", "--foreground", "-o", `${one.pictures}/`];
}

/** Every mutating call of an undisturbed run, three times. */
async function pointsOf(ground: Ground): Promise<Injection[]> {
  const one = openCase(ground, -1);
  const log = join(one.folder, "strace.log");
  const { exit, stderr } = await runCommand(ground, one, wordsFor(one), { launcher: underStrace(log, mutatingCalls) });
  if (exit !== 0) throw new Error(`The undisturbed run under strace ended with ${exit}: ${stderr.slice(0, 400)}`);
  await sendersEnded(one);
  const calls = new Map<string, { call: string; nth: number }>();
  for (const found of readCalls(log).filter(isMutating)) {
    calls.set(`${found.name} ${found.nth}`, { call: found.name, nth: found.nth });
  }
  return [...calls.values()].flatMap((point) => [
    { ...point, fault: "KILL" as const },
    { ...point, fault: "EIO" as const },
    { ...point, fault: "ENOSPC" as const },
  ]);
}

function draw(all: readonly Injection[], count: number, seed: number): Injection[] {
  const chance = createChance(seed);
  return all
    .map((point) => ({ point, at: chance.fraction() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ point }) => point);
}

async function oneFault(ground: Ground, one: Case, injection: Injection) {
  const log = join(one.folder, "strace.log");
  const launcher = underStrace(log, [injection.call], injection);
  const { exit, stderr } = await runCommand(ground, one, wordsFor(one), { launcher });
  const calls = readCalls(log);
  const met =
    injection.fault === "KILL" ? exit === "SIGKILL" : calls.some(({ returned }) => returned.includes("INJECTED"));
  rmSync(log, { force: true });
  const bad = await sendersEnded(one);
  if (/^\s+at \S+ \(/m.test(stderr)) bad.push(`a stack trace: ${stderr.slice(0, 300)}`);
  await runCommand(ground, one, ["recover", "--json"]);
  const evidence = { case: one, history: await historyOf(ground, one), log: await ground.bill.requests() };
  const { billed, captured, unknown } = countsOf(evidence);
  bad.push(...claimViolations(exit, billed), ...moneyViolations(evidence), ...(await pictureViolations(evidence)));
  const hasPicture = evidence.history.some(({ images }) => images.some(({ path }) => path !== null));
  if (exit === 0 && !(captured > 0 && hasPicture)) bad.push("exit 0 without a picture");
  return { met, billed, unknown, bad };
}
