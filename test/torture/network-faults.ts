// Network faults: connections that break between the command and the provider. Before the last byte of the body has left
// a retry is right; after it, never, and what cannot be known is held as perhaps billed.

import type { ConnectionFault } from "./fault-proxy.ts";
import { openFaultProxy } from "./fault-proxy.ts";
import { type Ended, runCommand, sendersEnded } from "./command.ts";
import type { Finding } from "./finding.ts";
import { type Case, forEachCase, type Ground, openCase } from "./ground.ts";
import { type Counts, claimViolations, countsOf, moneyViolations, pictureViolations } from "./invariants.ts";
import { historyOf } from "./ledger-view.ts";

/** The connection is lost after the body was sent, again and again; then the same is asked for once more. */
export async function lostAnswers(ground: Ground, { runs }: { readonly runs: number }): Promise<Finding> {
  const sums = { billed: 0, unknown: 0 };
  const { checked, bad } = await forEachCase(ground, runs, async (index) => {
    const one = openCase(ground, index);
    const words = [`fox ${index}`, "--auth", "api-key", "-o", `${one.pictures}/`];
    const asksAgain = index % 10 === 0;
    const planned = [{ kind: "reset-after-body" }] as const;
    const { ended, counts, bad: found } = await throughProxy(ground, one, words, planned, asksAgain);
    if (ended.exit !== 7) found.push(`ended with ${ended.exit} in place of 7: ${ended.stderr.slice(0, 200)}`);
    if (counts.billed !== 1) found.push(`billed ${counts.billed} times in place of once`);
    if (counts.unknown !== 1) found.push(`${counts.unknown} unknown in place of 1`);
    const [entry] = await historyOf(ground, one);
    if ((entry?.cost.heldMicroUsd ?? 0) === 0) found.push("nothing of the budget is held for it");
    sums.billed += counts.billed;
    sums.unknown += counts.unknown;
    return found;
  });
  return {
    name: "connection lost after the body was sent",
    target: "1 bill each, held as unknown",
    measured: `${checked} lost: ${sums.billed} billed, ${sums.unknown} unknown, ${bad.length} bad`,
    checked,
    bad,
  };
}

interface NetworkCase {
  readonly fault: ConnectionFault;
  readonly exits: readonly (number | string)[];
  /** A reset may overtake the sender's last byte: it is then right not to be sure, and not to repeat. */
  readonly mayBeUnbilled?: true;
  readonly words?: readonly string[];
}

// A deadline of 2 s in place of 300, so that a stall ends within the test.
const IMPATIENT = ["--timeout", "2"];

const faults: readonly [NetworkCase, ...NetworkCase[]] = [
  { fault: { kind: "reset-while-uploading", share: 0.5 }, exits: [0, 7], mayBeUnbilled: true },
  { fault: { kind: "reset-while-uploading", share: 0.99 }, exits: [0, 7], mayBeUnbilled: true },
  { fault: { kind: "end-in-answer", share: 0.001 }, exits: [7] },
  { fault: { kind: "end-in-answer", share: 0.5 }, exits: [7, 8] },
  // All of the picture may be in what came: then it is the picture.
  { fault: { kind: "end-in-answer", share: 0.99 }, exits: [0, 7, 8] },
  { fault: { kind: "slow", pieces: 20, everyMs: 20 }, exits: [0] },
  { fault: { kind: "garbage" }, exits: [7] },
  { fault: { kind: "stall", share: 0 }, exits: [7], words: IMPATIENT },
  { fault: { kind: "stall", share: 0.5 }, exits: [7, 8], words: IMPATIENT },
];

/** Each fault in turn: one bill, an honest exit code, and a ledger that agrees. */
export async function networkFaults(ground: Ground, { cases }: { readonly cases: number }): Promise<Finding> {
  const sums = { billed: 0, captured: 0, unknown: 0 };
  const { checked, bad } = await forEachCase(ground, cases, async (index) => {
    const { fault, exits, mayBeUnbilled = false, words = [] } = faults[index % faults.length] ?? faults[0];
    const one = openCase(ground, index);
    const all = [`fox ${index}`, "--auth", "api-key", "-o", `${one.pictures}/`, ...words];
    const { ended, counts, bad: found } = await throughProxy(ground, one, all, [fault]);
    if (!exits.includes(ended.exit)) found.push(`ended with ${ended.exit}: ${ended.stderr.slice(0, 200)}`);
    const isUnbilled = counts.billed === 0 && mayBeUnbilled && ended.exit === 7;
    if (counts.billed !== 1 && !isUnbilled) found.push(`billed ${counts.billed} times in place of once`);
    sums.billed += counts.billed;
    sums.captured += counts.captured;
    sums.unknown += counts.unknown;
    return found.map((text) => `${JSON.stringify(fault)}: ${text}`);
  });
  return {
    name: "network faults through a TCP proxy",
    target: "never 2 bills, each recorded",
    measured: `${checked} faults: ${sums.billed} billed, ${sums.captured} captured, ${sums.unknown} unknown, ${bad.length} bad`,
    checked,
    bad,
  };
}

async function throughProxy(
  ground: Ground,
  one: Case,
  words: readonly string[],
  planned: readonly ConnectionFault[],
  asksAgain = false,
): Promise<{ ended: Ended; counts: Counts; bad: string[] }> {
  const proxy = await openFaultProxy(ground.bill.geminiUrl, planned);
  const environment = { GOOGLE_GEMINI_BASE_URL: proxy.url };
  const ended = await runCommand(ground, one, words, { environment });
  const bad = await sendersEnded(one);
  if (asksAgain) {
    // The way is sound now, and still nothing may be bought: the first may have been.
    const again = await runCommand(ground, one, words, { environment });
    bad.push(...(await sendersEnded(one)));
    if (again.exit !== 7) bad.push(`asked again, it ended with ${again.exit} in place of 7`);
  }
  await proxy.close();
  const evidence = { case: one, history: await historyOf(ground, one), log: await ground.bill.requests() };
  const counts = countsOf(evidence);
  bad.push(...claimViolations(ended.exit, counts.billed), ...moneyViolations(evidence));
  bad.push(...(await pictureViolations(evidence)));
  return { ended, counts, bad };
}
