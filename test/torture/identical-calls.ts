// Identical calls: an agent that lost patience asks for the same again while the first still runs. One bill, and everybody
// gets the picture, also when the first caller was killed.

import { statSync } from "node:fs";
import { pause } from "./bill.ts";
import { type Ended, runCommand, sendersEnded, startCommand } from "./command.ts";
import type { Finding } from "./finding.ts";
import { billedFor, type Case, forEachCase, type Ground, openCase } from "./ground.ts";
import { moneyViolations, pictureViolations } from "./invariants.ts";
import { historyOf } from "./ledger-view.ts";

/** Long enough for two more starts while the answer is on its way. */
const ANSWER_AFTER_MS = 2_000;

type Story = "all live" | "first killed" | "first killed, asked again later" | "same key, after delivery";

const stories: readonly [Story, ...Story[]] = [
  "all live",
  "first killed",
  "first killed, asked again later",
  "same key, after delivery",
];

/** `cases`: how many stories are told, in turn. */
export async function identicalCalls(ground: Ground, { cases }: { readonly cases: number }): Promise<Finding> {
  await ground.bill.plan([{ times: 1_000_000, action: { type: "delay", ms: ANSWER_AFTER_MS } }]);
  const sums = { billed: 0, served: 0 };
  const { checked, bad } = await forEachCase(ground, cases, async (index) => {
    const story = stories[index % stories.length] ?? stories[0];
    const one = openCase(ground, index);
    const callers = await tell(ground, one, story);
    const found = await sendersEnded(one);
    const log = await ground.bill.requests();
    const billed = billedFor(log, one).length;
    if (billed !== 1) found.push(`billed ${billed} times in place of once`);
    const paths = callers.map((ended) => pathOf(ended));
    if (new Set(paths).size !== 1 || paths[0] === null) found.push(`the callers got ${JSON.stringify(paths)}`);
    for (const { exit, stderr } of callers)
      if (exit !== 0) found.push(`a caller ended with ${exit}: ${stderr.slice(0, 200)}`);
    const evidence = { case: one, history: await historyOf(ground, one), log };
    found.push(...moneyViolations(evidence), ...(await pictureViolations(evidence)));
    sums.billed += billed;
    sums.served += paths.filter((path) => path !== null).length;
    return found.map((text) => `${story}: ${text}`);
  });
  await ground.bill.forgetPlans();
  return {
    name: "identical call three times",
    target: "1 bill, every caller gets the picture",
    measured: `${checked} stories: ${sums.billed} bills, ${sums.served} callers served, ${bad.length} bad`,
    checked,
    bad,
  };
}

/** Plays the story; returns how each caller ended who was let live. */
async function tell(ground: Ground, one: Case, story: Story): Promise<Ended[]> {
  const key = story === "same key, after delivery" ? ["--idempotency-key", "the-one-fox"] : [];
  const words = [`the same fox ${one.number}`, "--auth", "api-key", "-o", `${one.pictures}/`, ...key];
  const first = startCommand(ground, one, words);
  while (first.process.exitCode === null && !(await hasArrived(ground, one))) await pause(20);
  if (story === "first killed, asked again later") {
    first.process.kill("SIGKILL");
    await sendersEnded(one);
    return [await runCommand(ground, one, words)];
  }
  const others = [startCommand(ground, one, words), startCommand(ground, one, words)];
  if (story === "first killed") {
    await pause(ANSWER_AFTER_MS / 4);
    first.process.kill("SIGKILL");
    return await Promise.all(others.map(({ ended }) => ended));
  }
  const all = await Promise.all([first, ...others].map(({ ended }) => ended));
  return story === "same key, after delivery" ? [...all, await runCommand(ground, one, words)] : all;
}

async function hasArrived(ground: Ground, one: Case): Promise<boolean> {
  const log = await ground.bill.requestsNow();
  return log.some(({ credential, bodyComplete }) => bodyComplete && credential?.last4 === one.mark);
}

/** The picture that stdout names, if it is there. */
function pathOf({ stdout }: Ended): string | null {
  const path = stdout.trim();
  return path !== "" && statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : null;
}
