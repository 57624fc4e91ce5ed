// Clip lost: the connection breaks when an order for a clip has arrived and its name is on the way. Bought once, held as unknown,
// and neither the same request nor `resume` buys it again.

import { openClipProxy } from "./clip-proxy.ts";
import { clipWays, clipWords } from "./clip-ways.ts";
import { runCommand, sendersEnded } from "./command.ts";
import type { Finding } from "./finding.ts";
import { forEachCase, type Ground, openCase, videoGen } from "./ground.ts";
import { countsOf, moneyViolations, pictureViolations } from "./invariants.ts";
import { historyOf } from "./ledger-view.ts";

export async function lostClips(ground: Ground, { runs }: { readonly runs: number }): Promise<Finding> {
  const ways = await clipWays(ground, false);
  const video = videoGen(ground);
  const sums = { billed: 0, unknown: 0 };
  const { checked, bad } = await forEachCase(ground, runs, async (index) => {
    const one = openCase(ground, index);
    const way = ways[index % ways.length] ?? ways[0];
    const proxy = await openClipProxy({
      upstream: ground.bill.url,
      fault: null,
      paceMs: 0,
      onPassing: () => {},
      losesAnswer: true,
    });
    const environment = {
      GOOGLE_GEMINI_BASE_URL: `${proxy.url}/generativelanguage.googleapis.com`,
      GOOGLE_VERTEX_BASE_URL: `${proxy.url}/aiplatform.googleapis.com`,
    };
    const words = clipWords(one, way, `fox ${index}`);
    const found: string[] = [];
    // The way is sound from the second time on, and still nothing may be bought: the first may have been.
    for (const asked of ["asked", "asked again"]) {
      const { exit, stderr } = await runCommand(video, one, words, { environment });
      if (exit !== 7) found.push(`${asked}, it ended with ${exit} in place of 7: ${stderr.slice(0, 200)}`);
      found.push(...(await sendersEnded(one)));
    }
    await runCommand(video, one, ["resume", "--json", ...way.words.slice(0, 2)], { environment });
    found.push(...(await sendersEnded(one)));
    await proxy.close();
    const evidence = { case: one, history: await historyOf(ground, one), log: await ground.bill.requests() };
    const { billed, unknown } = countsOf(evidence);
    if (billed !== 1) found.push(`billed ${billed} times in place of once`);
    if (unknown !== 1) found.push(`${unknown} unknown in place of 1`);
    if ((evidence.history[0]?.cost.heldMicroUsd ?? 0) === 0) found.push("nothing of the budget is held for it");
    found.push(...moneyViolations(evidence), ...(await pictureViolations(evidence)));
    sums.billed += billed;
    sums.unknown += unknown;
    return found.map((text) => `${way.name}: ${text}`);
  });
  return {
    name: "connection lost after an order for a clip",
    target: "1 bill each, held as unknown",
    measured: `${checked} lost: ${sums.billed} billed, ${sums.unknown} unknown, ${bad.length} bad`,
    checked,
    bad,
  };
}
