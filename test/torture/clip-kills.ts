// Clip kills: kill -9 in every moment of a clip's life, over every form of order: of the visible command, of the whole tree, of
// the detached sender too. Then the clip is resumed, sometimes by somebody who is killed as well. However it went: an order is
// bought once; once its name has come it ends as one published clip; before that it may only be held as unknown.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { openLedger } from "../../src/spend/ledger/ledger.ts";
import type { CallRecord } from "../../src/spend/ledger/records.ts";
import { systemClock } from "../../src/transport/system-clock.ts";
import { pause } from "./bill.ts";
import { type Chance, createChance } from "./chance.ts";
import { type ClipProxy, openClipProxy, type Passed } from "./clip-proxy.ts";
import { type ClipWay, clipWays, clipWords } from "./clip-ways.ts";
import { killEverything, killTree, runCommand, sendersEnded, type Started, startCommand } from "./command.ts";
import type { Finding } from "./finding.ts";
import { type Case, forEachCase, type Ground, openCase, sound, videoGen } from "./ground.ts";
import { boughtTwice, claimViolations, countsOf, moneyViolations, pictureViolations } from "./invariants.ts";
import { historyOf, verifyOf } from "./ledger-view.ts";

/** When the kill is to come. What it meets is told by what has passed and what the ledger has. */
const moments = ["before", "sending", "answering", "naming", "waiting", "receiving", "publishing", "anywhere"] as const;
type Moment = (typeof moments)[number];

/** The moment that a kill has met. */
const phases = [
  "before the order",
  "while it was sent",
  "between its answer and the ledger",
  "while it was waited for",
  "while the clip came",
  "before the clip was recorded",
  "after its end",
] as const;
type Phase = (typeof phases)[number];

/** Of a hundred kills, so many at least must have met each phase. */
const LEAST_SHARE = 0.03;
/** From so many kills on. */
const SURELY_ALL = 60;

/** The emulator encodes one clip after another: an extension took more than 30 s when the machine had other work (2026-11-24). */
const LONGEST_MS = 180_000;

/** Who is killed. */
type Victim = "the command" | "the whole tree" | "the sender too";
const victims: readonly [Victim, ...Victim[]] = ["the command", "the whole tree", "the sender too"];

export interface ClipKillOptions {
  readonly runs: number;
  /** Only these moments. */
  readonly only?: readonly Moment[];
  readonly victim?: Victim;
}

export async function clipKills(ground: Ground, { runs, only, victim }: ClipKillOptions): Promise<Finding> {
  const chance = createChance(ground.seed);
  const ways = await clipWays(ground, runs >= SURELY_ALL);
  const usual = await usualRun(sound(ground));
  const met = new Map<Phase, number>(phases.map((phase) => [phase, 0]));
  const sums = { billed: 0, captured: 0, unknown: 0 };
  const chosen = only ?? moments;
  const { checked, bad } = await forEachCase(ground, runs, async (index) => {
    const own = chance.forCase(index);
    const plan: KillPlan = {
      way: own.pick(ways),
      moment: chosen[index % chosen.length] ?? "anywhere",
      victim: victim ?? own.pick(victims),
      usual,
    };
    const outcome = await oneKill(ground, openCase(ground, index), plan, own);
    met.set(outcome.phase, (met.get(outcome.phase) ?? 0) + 1);
    sums.billed += outcome.billed;
    sums.captured += outcome.captured;
    sums.unknown += outcome.unknown;
    const told = `${plan.way.name}, ${plan.victim} killed ${outcome.phase}`;
    return outcome.bad.map((text) => `${told}: ${text}`);
  });
  if (ground.stopAt === null && only === undefined && runs >= SURELY_ALL) {
    for (const [phase, count] of met) {
      // A kill that came too late proves nothing, and how many do is chance.
      if (phase !== "after its end" && count < Math.floor(runs * LEAST_SHARE))
        bad.push(`only ${count} of ${checked} kills fell ${phase}`);
    }
  }
  const spread = [...met].map(([phase, count]) => `${count} ${phase}`).join(", ");
  return {
    name: "kill -9 while a clip is made, then resume",
    target: "each order captured and published once; unknown only before its name came",
    measured: `${checked} killed (${spread}): ${sums.billed} billed, ${sums.captured} captured, ${sums.unknown} unknown, ${bad.length} bad`,
    checked,
    bad,
  };
}

/** Milliseconds of an undisturbed run on this machine, now. */
interface Usual {
  readonly untilOrder: number;
  readonly afterClip: number;
  readonly whole: number;
}

async function usualRun(ground: Ground): Promise<Usual> {
  const one = openCase(ground, -1);
  const startedMs = performance.now();
  const at = { order: 0, clip: 0 };
  const [way] = await clipWays(ground, false);
  const proxy = await openClipProxy({
    upstream: ground.bill.url,
    fault: null,
    paceMs: 0,
    onPassing(step, part, share, isClip) {
      if (step === "order" && part === "request" && share === 0) at.order = performance.now() - startedMs;
      if (isClip && part === "answer" && share === 1) at.clip = performance.now() - startedMs;
    },
  });
  const { wallMs, exit, stderr } = await runCommand(videoGen(ground), one, clipWords(one, way, "an undisturbed fox"), {
    environment: through(proxy),
  });
  await sendersEnded(one);
  await proxy.close();
  if (exit !== 0) throw new Error(`An undisturbed clip ended with ${exit}: ${stderr.slice(0, 300)}`);
  return { untilOrder: at.order, afterClip: Math.max(20, wallMs - at.clip), whole: wallMs };
}

function through({ url }: ClipProxy): Record<string, string> {
  return {
    GOOGLE_GEMINI_BASE_URL: `${url}/generativelanguage.googleapis.com`,
    GOOGLE_VERTEX_BASE_URL: `${url}/aiplatform.googleapis.com`,
  };
}

interface KillPlan {
  readonly way: ClipWay;
  readonly moment: Moment;
  readonly victim: Victim;
  readonly usual: Usual;
}

async function oneKill(ground: Ground, one: Case, plan: KillPlan, chance: Chance) {
  const video = videoGen(ground);
  const bad: string[] = [];
  const struck: { passed: Passed | null; known: Promise<CallRecord | null> | null } = { passed: null, known: null };
  let started: Started | null = null;
  const strike = (): void => {
    if (struck.passed !== null || started === null) return;
    struck.passed = { ...proxy.passed };
    if (plan.victim === "the command") started.process.kill("SIGKILL");
    else if (plan.victim === "the whole tree") killTree(started.process);
    else killEverything(one);
    // At once: a sender that was left alone goes on.
    struck.known = callOf(one);
  };
  const aim = aimAt(plan, chance, strike);
  const takesMs = plan.moment === "waiting" ? 1_500 : 0;
  const proxy = await openClipProxy({
    upstream: ground.bill.url,
    fault: { type: "operation", takesMs, padBytes: plan.moment === "receiving" ? 2_000_000 : 0 },
    paceMs: plan.moment === "receiving" ? 15 : 0,
    onPassing: aim.onPassing,
  });
  const words = clipWords(one, plan.way, `fox ${one.number}`);
  if (plan.victim === "the whole tree") words.push("--foreground");
  const options = { environment: through(proxy) };
  started = startCommand(video, one, words, options);
  const timer = aim.afterMs === null ? null : setTimeout(strike, aim.afterMs);
  const { exit } = await started.ended;
  if (timer !== null) clearTimeout(timer);
  const passed = struck.passed;
  const known = await (struck.known ?? callOf(one));
  const phase = passed === null ? "after its end" : phaseOf(passed, known);
  // The name is known when it was asked for by it, whatever the ledger says.
  const wasNamed = (passed?.looks ?? 0) > 0 || (known !== null && known.handle !== null);

  const asksAgain = chance.fraction() < 0.4;
  if (asksAgain) await runCommand(video, one, words, options);
  bad.push(...(await sendersEnded(one, LONGEST_MS)));
  const resume = ["resume", "--json", ...plan.way.words.slice(0, 2)];
  if (chance.fraction() < 0.3) {
    const resuming = startCommand(video, one, resume, options);
    await Promise.race([pause(chance.fraction() * plan.usual.whole), resuming.ended]);
    killTree(resuming.process);
    await resuming.ended;
  }
  if (chance.fraction() < 0.5) bad.push(...(await ended(ground, one, ["recover", "--json"], options)));
  bad.push(...(await ended(video, one, resume, options)));
  await proxy.close();

  const evidence = { case: one, history: await historyOf(ground, one), log: await ground.bill.requests() };
  const { billed, captured, unknown } = countsOf(evidence);
  if (!asksAgain) bad.push(...claimViolations(exit, billed));
  bad.push(...moneyViolations(evidence), ...boughtTwice(evidence), ...(await pictureViolations(evidence)));
  const calls = evidence.history.flatMap(({ images }) => images);
  if (calls.some(({ state, path }) => state === "captured" && path === null))
    bad.push("captured, and no clip is there");
  if (unknown > 0 && wasNamed) bad.push("unknown although its operation had a name");
  if (unknown > 0 && plan.victim === "the command") bad.push("unknown although the sender was left alone");
  if (one.number % 5 === 0) bad.push(...(await verifyOf(ground, one)));
  return { phase, billed, captured, unknown, bad };
}

/** When to strike: after so many milliseconds, or at something that passes. */
function aimAt({ moment, usual }: KillPlan, chance: Chance, strike: () => void) {
  const share = chance.fraction();
  const later = (mostMs: number): void => void setTimeout(strike, chance.fraction() * mostMs);
  const onPassing = (
    step: "order" | "look" | "download",
    part: "request" | "answer",
    passed: number,
    isClip: boolean,
  ): void => {
    const isOrder = step === "order";
    switch (moment) {
      case "sending":
        // A small body has come with its head.
        if (isOrder && part === "request" && (passed >= share || passed === 1)) strike();
        return;
      case "answering":
        if (isOrder && part === "answer" && passed === 0) strike();
        return;
      case "naming":
        // Its last byte has just left; within a few milliseconds it is read and recorded.
        if (isOrder && part === "answer" && passed === 1) {
          if (share < 0.5) strike();
          else later(4);
        }
        return;
      case "waiting":
        if (step === "look" && part === "answer" && passed === 1) later(900);
        return;
      case "receiving":
        if (isClip && part === "answer" && passed >= Math.min(share, 0.9)) strike();
        return;
      case "publishing":
        if (isClip && part === "answer" && passed === 1) {
          if (share < 0.2) strike();
          else later(usual.afterClip);
        }
        return;
      case "before":
      case "anywhere":
    }
  };
  const within = moment === "before" ? usual.untilOrder : usual.whole * 1.2;
  return { onPassing, afterMs: moment === "before" || moment === "anywhere" ? share * within : null };
}

function phaseOf(passed: Passed, call: CallRecord | null): Phase {
  if (call?.state === "captured") return "after its end";
  if (call?.state === "answered" || passed.clipShare === 1) return "before the clip was recorded";
  if (passed.clipShare > 0) return "while the clip came";
  if (call !== null && (call.handle !== null || passed.looks > 0)) return "while it was waited for";
  if (passed.answers > 0) return "between its answer and the ledger";
  return passed.orders > 0 ? "while it was sent" : "before the order";
}

/** The call of the case's first operation, as the ledger has it now. */
async function callOf(one: Case): Promise<CallRecord | null> {
  const directory = join(one.home, "state", "ledger");
  if (!existsSync(directory)) return null;
  const ledger = await openLedger({ directory, clock: systemClock });
  try {
    const [entry] = ledger.history({ limit: 1 });
    return (entry && ledger.operation(entry.operation)?.calls[0]) ?? null;
  } finally {
    ledger.close();
  }
}

/** Runs it to its end, which must be one that can be told from a crash. */
async function ended(
  ground: Ground,
  one: Case,
  words: readonly string[],
  options: { readonly environment: Record<string, string> },
): Promise<string[]> {
  const { exit, stderr } = await runCommand(ground, one, words, options);
  const bad = await sendersEnded(one, LONGEST_MS);
  const isHonest = typeof exit === "number" && exit !== 10;
  return isHonest ? bad : [...bad, `${words[0]} ended with ${exit}: ${stderr.slice(0, 300)}`];
}
