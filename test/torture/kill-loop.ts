// Kill loop: kill -9 at random moments. Detached: the visible command dies, alone or with its process group, and nothing at
// all may be lost. Foreground: the whole process tree dies, and what is lost must be known as perhaps billed. In between, a
// foreign file takes the picture's name, and the same request is asked for again, as an agent would.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pause } from "./bill.ts";
import { type Chance, createChance } from "./chance.ts";
import { killTree, runCommand, sendersEnded, startCommand } from "./command.ts";
import type { Finding } from "./finding.ts";
import { type Case, forEachCase, type Ground, openCase } from "./ground.ts";
import { boughtTwice, claimViolations, countsOf, FOREIGN, moneyViolations, pictureViolations } from "./invariants.ts";
import { historyOf, verifyOf } from "./ledger-view.ts";

export interface KillLoopOptions {
  readonly mode: "detached" | "foreground";
  readonly runs: number;
  /** Of an Imagen picture, whose whole answer is one object, over `:predict`. */
  readonly imagen?: boolean;
}

/** Kills later than this share of an undisturbed run meet the time after its end. */
const LATEST = 1.15;

export async function killLoop(ground: Ground, { mode, runs, imagen = false }: KillLoopOptions): Promise<Finding> {
  const chance = createChance(ground.seed);
  const usualMs = await usualRun(ground, mode, imagen);
  const sums = { killed: 0, billed: 0, captured: 0, unknown: 0 };
  const { checked, bad } = await forEachCase(ground, runs, async (index) => {
    const outcome = await oneKill(ground, openOne(ground, index, imagen), mode, chance.forCase(index), usualMs);
    sums.killed += outcome.killed ? 1 : 0;
    sums.billed += outcome.billed;
    sums.captured += outcome.captured;
    sums.unknown += outcome.unknown;
    return outcome.bad;
  });
  return {
    name: `kill -9, ${mode === "detached" ? "visible command only" : "whole tree, --foreground"}${imagen ? ", Imagen" : ""}`,
    target: `0 billed but unrecorded, 0 twice, 0 damaged${mode === "detached" ? ", 0 unknown" : ""}`,
    measured: `${sums.killed} of ${checked} killed: ${sums.billed} billed, ${sums.captured} captured, ${sums.unknown} unknown, ${bad.length} bad`,
    checked,
    bad,
  };
}

/** Wall time of an undisturbed run on this machine, now. */
async function usualRun(ground: Ground, mode: KillLoopOptions["mode"], imagen: boolean): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const one = openOne(ground, -1, imagen);
    const words = wordsFor(one, mode, "an undisturbed fox", "pictures");
    const { exit, stderr, wallMs } = await runCommand(ground, one, words);
    if (exit !== 0) throw new Error(`An undisturbed run ended with ${exit}: ${stderr.slice(0, 300)}`);
    times.push(wallMs);
    await sendersEnded(one);
  }
  return times.toSorted((a, b) => a - b)[1] ?? 500;
}

/** A case whose connection its environment says; Imagen is served where a person has logged in, in a region. */
function openOne(ground: Ground, number: number, imagen: boolean): Case {
  const one = openCase(ground, number);
  const environment = imagen
    ? {
        IMAGE_GEN_AUTH: "oauth",
        IMAGE_GEN_MODEL: "imagen-4.0-fast-generate-001",
        GOOGLE_OAUTH_ACCESS_TOKEN: `ya29.torture-token-of-case-number-${one.mark}`,
        GOOGLE_CLOUD_PROJECT: "torture-1",
        GOOGLE_CLOUD_LOCATION: "us-central1",
        GOOGLE_VERTEX_BASE_URL: `${ground.bill.url}/us-central1-aiplatform.googleapis.com`,
      }
    : { IMAGE_GEN_AUTH: "api-key" };
  return { ...one, environment: { ...one.environment, ...environment } };
}

function wordsFor(one: Case, mode: KillLoopOptions["mode"], prompt: string, output: "pictures" | "png"): string[] {
  const target = output === "png" ? join(one.pictures, "fox.png") : `${one.pictures}/`;
  const shutDown = one.environment["IMAGE_GEN_AUTH"] === "oauth" ? ["--endpoint", "aiplatform", "--allow-retired"] : [];
  return [prompt, ...shutDown, "-o", target, ...(mode === "foreground" ? ["--foreground"] : [])];
}

async function oneKill(ground: Ground, one: Case, mode: KillLoopOptions["mode"], chance: Chance, usualMs: number) {
  // A slow answer takes some 400 ms longer (emulator, 200 kB/s), so that kills meet the middle of it.
  const word = chance.pick(["", "", "[[emulator:slow]]", "[[emulator:drafts]]"]);
  const extraMs = word === "[[emulator:slow]]" ? 400 : 0;
  const output = chance.pick<"pictures" | "png">(["pictures", "pictures", "png"]);
  const words = wordsFor(one, mode, `fox ${one.number} ${word}`.trim(), output);
  const killAtMs = chance.fraction() * (usualMs * LATEST + extraMs);
  const inTheWayAtMs = output === "png" && chance.fraction() < 0.5 ? chance.fraction() * killAtMs : null;
  const asksAgain = chance.fraction() < 0.5;
  // An agent that gives up kills the group; a sender in a session of its own is in none of them.
  const killsGroup = chance.fraction() < 0.5;

  const started = startCommand(ground, one, words);
  const inTheWay = inTheWayAtMs === null ? null : putInTheWay(join(one.pictures, "fox.png"), inTheWayAtMs);
  let hasEnded = false;
  await Promise.race([pause(killAtMs), started.ended.then(() => (hasEnded = true))]);
  const killed = !hasEnded;
  if (mode === "detached" && !killsGroup) started.process.kill("SIGKILL");
  else killTree(started.process);
  const { exit } = await started.ended;
  const foreign = (await inTheWay) ?? null;

  const bad: string[] = [];
  if (asksAgain) await runCommand(ground, one, words);
  bad.push(...(await sendersEnded(one)));
  bad.push(...(await recover(ground, one)));
  if (foreign !== null) {
    if (readText(foreign) !== FOREIGN) bad.push(`${foreign} was somebody else's and has changed`);
    // The picture waits in the spool until its name is free.
    rmSync(foreign, { force: true });
    bad.push(...(await recover(ground, one)));
  }

  const evidence = { case: one, history: await historyOf(ground, one), log: await ground.bill.requests() };
  const { billed, captured, unknown } = countsOf(evidence);
  if (!asksAgain) bad.push(...claimViolations(exit, billed));
  bad.push(...moneyViolations(evidence), ...boughtTwice(evidence), ...(await pictureViolations(evidence)));
  const unseen = evidence.history.flatMap(({ images }) => images.filter(({ path }) => path === null));
  if (unseen.some(({ state }) => state === "captured")) bad.push("captured, and its picture is nowhere");
  if (mode === "detached" && unknown > 0) bad.push(`${unknown} unknown although the sender was left alone`);
  if (one.number % 5 === 0) bad.push(...(await verifyOf(ground, one)));
  return { killed, billed, captured, unknown, bad };
}

async function recover(ground: Ground, one: Case): Promise<string[]> {
  const { exit, stderr } = await runCommand(ground, one, ["recover", "--json"]);
  const bad = await sendersEnded(one);
  const isHonest = typeof exit === "number" && exit !== 10;
  return isHonest ? bad : [...bad, `recover ended with ${exit}: ${stderr.slice(0, 300)}`];
}

/** Creates a foreign file unless the name is taken; returns its path when it is there. */
async function putInTheWay(path: string, afterMs: number): Promise<string | null> {
  await pause(afterMs);
  try {
    writeFileSync(path, FOREIGN, { flag: "wx" });
    return path;
  } catch {
    return null;
  }
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, "latin1") : "";
}
