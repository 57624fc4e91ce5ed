// Budget race: many processes want the last cents of one cap at once. The bill decides, never the ledger's own sums.

import { pause } from "./bill.ts";
import { createChance } from "./chance.ts";
import { killTree, runCommand, sendersEnded, startCommand } from "./command.ts";
import type { Finding } from "./finding.ts";
import { vertex } from "./clip-ways.ts";
import { billedFor, type Ground, openCase, videoGen } from "./ground.ts";
import { moneyViolations } from "./invariants.ts";
import { historyOf } from "./ledger-view.ts";

export interface RaceOptions {
  readonly processes: number;
  readonly callsEach: number;
  readonly capUsd: number;
  readonly kills: boolean;
  /** Clips at $0.20 in place of pictures. */
  readonly clips?: true;
}

/** Exit codes that a call of the race may end with: bought, or refused by the budget. */
const HONEST: readonly (number | string)[] = [0, 4];

export async function budgetRace(ground: Ground, options: RaceOptions): Promise<Finding> {
  const { processes, callsEach, capUsd, kills, clips = false } = options;
  const chance = createChance(ground.seed);
  const one = openCase(ground, 0, { IMAGE_GEN_BUDGET_DAY: String(capUsd) });
  const exits: (number | string)[] = [];
  const bad: string[] = [];
  const inTurn = async (number: number): Promise<void> => {
    const own = chance.forCase(number);
    for (let call = 0; call < callsEach; call += 1) {
      const foreground = kills && own.fraction() < 0.5;
      const way = clips ? vertex.words : ["--auth", "api-key"];
      const words = [`fox ${number}-${call}`, ...way, "-o", `${one.pictures}/`];
      if (foreground) words.push("--foreground");
      const started = startCommand(clips ? videoGen(ground) : ground, one, words);
      if (kills && own.fraction() < 0.5) {
        // As long as a run takes when all of them want the same two processors.
        await Promise.race([pause(own.fraction() * 80 * processes), started.ended]);
        if (foreground) killTree(started.process);
        else started.process.kill("SIGKILL");
      }
      const { exit, stderr } = await started.ended;
      exits.push(exit);
      if (!kills && !HONEST.includes(exit))
        bad.push(`call ${number}-${call} ended with ${exit}: ${stderr.slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: processes }, (_, number) => inTurn(number)));
  bad.push(...(await sendersEnded(one, 120_000)));
  await runCommand(ground, one, ["recover", "--json"]);
  if (clips) await runCommand(videoGen(ground), one, ["resume", "--json", "--auth", "vertex-key"]);
  const what = clips ? "clip" : "picture";
  const log = await ground.bill.requests();
  const bought = billedFor(log, one);
  const billedMicroUsd = bought.reduce((sum, { microUsd }) => sum + microUsd, 0);
  const capMicroUsd = capUsd * 1_000_000;
  const pictureMicroUsd = Math.max(0, ...bought.map(({ microUsd }) => microUsd));
  if (billedMicroUsd > capMicroUsd) bad.push(`billed ${dollars(billedMicroUsd)} of a cap of ${dollars(capMicroUsd)}`);
  if (!kills && billedMicroUsd < capMicroUsd - pictureMicroUsd) {
    bad.push(`billed ${dollars(billedMicroUsd)}: a call was refused though a whole ${what} would have fitted`);
  }
  bad.push(...moneyViolations({ case: one, history: await historyOf(ground, one), log }));
  return {
    name: `${processes} processes × ${callsEach} ${clips ? "clips" : "calls"}, cap ${dollars(capMicroUsd)}${kills ? ", random kills" : ""}`,
    target: kills ? `billed ≤ ${dollars(capMicroUsd)}` : `billed ≤ ${dollars(capMicroUsd)}, ≥ it − one ${what}`,
    measured: `${dollars(billedMicroUsd)} for ${bought.length} ${what}s; ${exits.filter((exit) => exit === 4).length} calls refused, ${exits.filter((exit) => exit === "SIGKILL").length} killed`,
    checked: exits.length,
    bad,
  };
}

function dollars(microUsd: number): string {
  return `$${(microUsd / 1_000_000).toFixed(2)}`;
}
