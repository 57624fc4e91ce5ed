// System calls: a kill, an EIO and an ENOSPC at each call of one foreground run that changes the disk, in turn; and the same
// for the recovery of a run that died before its picture had a name. Whatever fails: what was bought is recorded, what is
// published is whole, and exit 0 means that a checked picture is there.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { createChance } from "./chance.ts";
import { clipWords, omni } from "./clip-ways.ts";
import { type Ended, runCommand, sendersEnded } from "./command.ts";
import type { Finding } from "./finding.ts";
import { type Case, forEachCase, type Ground, openCase, sound, videoGen } from "./ground.ts";
import { claimViolations, countsOf, moneyViolations, pictureViolations } from "./invariants.ts";
import { historyOf } from "./ledger-view.ts";
import {
  type Injection,
  isMutating,
  missingStrace,
  mutatingCalls,
  readCalls,
  type SystemCall,
  underStrace,
} from "./strace.ts";

export interface SweepOptions {
  /** How many points, drawn by the seed; all of them when absent. */
  readonly points?: number;
  /** Only these system calls. */
  readonly only?: readonly string[];
}

interface Sweep {
  readonly name: string;
  /** What is traced, when it is not the command that makes pictures. */
  readonly program?: (ground: Ground) => Ground;
  readonly words: (one: Case) => string[];
  /** Brings the case to where the traced command begins. */
  readonly prepare: (one: Case) => Promise<void>;
  /** After the recovery. */
  readonly finish?: (one: Case) => Promise<void>;
  /** What must hold of the traced command beside the invariants. */
  readonly judge: (ended: Ended, billed: number, captured: number, pictures: number) => string[];
}

export function systemCallSweep(ground: Ground, options: SweepOptions): Promise<Finding> {
  return sweep(ground, options, {
    name: "kill, EIO, ENOSPC at each mutating system call",
    words: generateWords,
    prepare: async () => {},
    judge({ exit }, billed, _, pictures) {
      const bad = claimViolations(exit, billed);
      return exit === 0 && pictures === 0 ? [...bad, "exit 0 without a picture"] : bad;
    },
  });
}

/** The same for a clip: one order, the looks after it, and its publication. */
export function clipCallSweep(ground: Ground, options: SweepOptions): Promise<Finding> {
  return sweep(ground, options, {
    name: "the same while a clip is made, then resume",
    program: videoGen,
    words: (one) => [...clipWords(one, omni, "a fox at a system call"), "--foreground"],
    prepare: async () => {},
    async finish(one) {
      await runCommand(videoGen(sound(ground)), one, ["resume", "--json", "--auth", "api-key"]);
    },
    judge({ exit }, billed, _, clips) {
      const bad = claimViolations(exit, billed);
      return exit === 0 && clips === 0 ? [...bad, "exit 0 without a clip"] : bad;
    },
  });
}

/** Each case: a run that is killed as it gives its picture a name, a recovery that meets a fault, and one that does not. */
export async function recoverySweep(ground: Ground, options: SweepOptions): Promise<Finding> {
  const name = "the same during recover";
  const missing = missingStrace();
  if (missing !== null) return { name, target: "0 bad", measured: "not run", checked: 0, bad: [missing] };
  const planning = openCase(ground, -1);
  const calls = await traced(sound(ground), planning, generateWords(planning));
  const naming = calls.find(({ name: call, text }) => /^(link|rename)/.test(call) && text.includes(planning.pictures));
  if (naming === undefined) throw new Error("No call gives the picture its name.");
  return await sweep(ground, options, {
    name,
    words: () => ["recover", "--json"],
    async prepare(one) {
      const log = join(one.folder, "strace.log");
      const kill = { call: naming.name, nth: naming.nth, fault: "KILL" } as const;
      await runCommand(ground, one, generateWords(one), { launcher: underStrace(log, [naming.name], kill) });
    },
    judge: (_, billed, captured, pictures) =>
      billed === 1 && (captured !== 1 || pictures !== 1)
        ? [`${captured} captured and ${pictures} published of the one that had arrived`]
        : [],
  });
}

function generateWords(one: Case): string[] {
  return ["a fox at a system call", "--auth", "api-key", "--foreground", "-o", `${one.pictures}/`];
}

async function sweep(ground: Ground, { points, only }: SweepOptions, plan: Sweep): Promise<Finding> {
  const shape = { name: plan.name, target: "0 bad" };
  const missing = missingStrace();
  if (missing !== null) return { ...shape, measured: "not run", checked: 0, bad: [missing] };
  const planning = openCase(ground, -1);
  await plan.prepare(planning);
  const program = plan.program?.(ground) ?? ground;
  const all = pointsOf(await traced(program, planning, plan.words(planning)), only);
  const chosen = points === undefined ? all : draw(all, points, ground.seed);
  const sums = { met: 0, billed: 0, unknown: 0 };
  const { checked, bad } = await forEachCase(ground, chosen.length, async (index) => {
    const injection = chosen[index];
    if (injection === undefined) return [];
    try {
      const outcome = await oneFault(ground, openCase(ground, index), injection, plan);
      sums.met += outcome.met ? 1 : 0;
      sums.billed += outcome.billed;
      sums.unknown += outcome.unknown;
      return outcome.bad.map((text) => `${describePoint(injection)}: ${text}`);
    } catch (error) {
      return [`${describePoint(injection)}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
  // Threads take turns as they like, so that a run may end before the call; most must have met their fault all the same.
  if (ground.stopAt === null && sums.met < checked * 0.8) bad.push(`only ${sums.met} of ${checked} faults were met`);
  return {
    ...shape,
    measured: `${checked} of ${all.length} points, ${sums.met} met: ${sums.billed} billed, ${sums.unknown} unknown, ${bad.length} bad`,
    checked,
    bad,
  };
}

function describePoint({ fault, call, nth }: Injection): string {
  return `${fault} at ${call} ${nth}`;
}

async function traced(ground: Ground, one: Case, words: readonly string[]): Promise<SystemCall[]> {
  const log = join(one.folder, "strace.log");
  const { exit, stderr } = await runCommand(ground, one, words, { launcher: underStrace(log, mutatingCalls) });
  if (exit !== 0) throw new Error(`${words.join(" ")} under strace ended with ${exit}: ${stderr.slice(0, 400)}`);
  await sendersEnded(one);
  return readCalls(log).filter(isMutating);
}

/** Every mutating call of an undisturbed run, three times. */
function pointsOf(calls: readonly SystemCall[], only?: readonly string[]): Injection[] {
  const points = new Map(
    calls
      .filter(({ name }) => only === undefined || only.includes(name))
      .map(({ name, nth }) => [`${name} ${nth}`, { call: name, nth }]),
  );
  return [...points.values()].flatMap((point) =>
    (["KILL", "EIO", "ENOSPC"] as const).map((fault) => ({ ...point, fault })),
  );
}

function draw(all: readonly Injection[], count: number, seed: number): Injection[] {
  const chance = createChance(seed);
  return all
    .map((point) => ({ point, at: chance.fraction() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ point }) => point);
}

async function oneFault(ground: Ground, one: Case, injection: Injection, plan: Sweep) {
  await plan.prepare(one);
  const log = join(one.folder, "strace.log");
  const launcher = underStrace(log, [injection.call], injection);
  const ended = await runCommand(plan.program?.(ground) ?? ground, one, plan.words(one), { launcher });
  const calls = readCalls(log);
  const met =
    injection.fault === "KILL" ? ended.exit === "SIGKILL" : calls.some(({ returned }) => returned.includes("INJECTED"));
  rmSync(log, { force: true });
  const bad = await sendersEnded(one);
  if (/^\s+at \S+ \(/m.test(ended.stderr)) bad.push(`a stack trace: ${ended.stderr.slice(0, 300)}`);
  await runCommand(ground, one, ["recover", "--json"]);
  await plan.finish?.(one);
  bad.push(...(await sendersEnded(one)));
  const evidence = { case: one, history: await historyOf(ground, one), log: await ground.bill.requests() };
  const { billed, captured, unknown } = countsOf(evidence);
  const pictures = evidence.history.flatMap(({ images }) => images.filter(({ path }) => path !== null)).length;
  bad.push(...plan.judge(ended, billed, captured, pictures));
  const disk = await pictureViolations(evidence);
  // What cannot be removed stays.
  const isStuck = injection.call.startsWith("unlink") && injection.fault !== "KILL";
  bad.push(...moneyViolations(evidence), ...disk.filter((text) => !(isStuck && text.endsWith("was left behind"))));
  return { met, billed, unknown, bad };
}
