// Clock changes: a clock that goes back or forward gives no day of a budget twice. The clock that Node shows is moved by a
// file loaded before the program; what the system's own clock would do beyond that (file times) no budget depends on.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand, sendersEnded } from "./command.ts";
import type { Finding } from "./finding.ts";
import { billedFor, type Ground, openCase, sound } from "./ground.ts";
import { moneyViolations } from "./invariants.ts";
import { historyOf } from "./ledger-view.ts";

const DAY_MS = 86_400_000;

const movedClock = `
const offset = Number(process.env.TORTURE_CLOCK_OFFSET_MS ?? 0);
const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...parts) { if (parts.length === 0) super(Real.now() + offset); else super(...parts); }
  static now() { return Real.now() + offset; }
};
`;

interface Step {
  readonly days: number;
  /** 0: a new day, so it buys; 4: that day's money is spent. */
  readonly exit: 0 | 4;
}

const steps: readonly Step[] = [
  { days: 0, exit: 0 },
  { days: 0, exit: 4 },
  { days: -1, exit: 4 },
  { days: -40, exit: 4 },
  { days: 0, exit: 4 },
  { days: 1, exit: 0 },
  { days: 0, exit: 4 },
  { days: -1, exit: 4 },
  { days: 1, exit: 4 },
];

export async function clockChanges(ground: Ground): Promise<Finding> {
  const preload = join(ground.scratch, "moved-clock.cjs");
  writeFileSync(preload, movedClock);
  const planning = openCase(ground, -1);
  // Room for one picture, and never for two.
  const capMicroUsd = (await listPrice(ground, planning)) * 1.5;
  const one = openCase(ground, 0, { IMAGE_GEN_BUDGET_DAY: (capMicroUsd / 1_000_000).toFixed(6) });
  const bad: string[] = [];
  for (const [index, { days, exit }] of steps.entries()) {
    const ended = await runCommand(ground, one, [`fox ${index}`, "--auth", "api-key", "-o", `${one.pictures}/`], {
      environment: { NODE_OPTIONS: `--require ${preload}`, TORTURE_CLOCK_OFFSET_MS: String(days * DAY_MS) },
    });
    bad.push(...(await sendersEnded(one)));
    if (ended.exit !== exit) {
      bad.push(
        `step ${index}, ${days} days: ended with ${ended.exit} in place of ${exit}: ${ended.stderr.slice(0, 200)}`,
      );
    }
  }
  const log = await ground.bill.requests();
  const billed = billedFor(log, one).length;
  const days = steps.filter(({ exit }) => exit === 0).length;
  if (billed > days) bad.push(`${billed} billed on ${days} days with money for one each`);
  bad.push(...moneyViolations({ case: one, history: await historyOf(ground, one), log }));
  return {
    name: "clock a day back and forward",
    target: "no day's money twice",
    measured: `${steps.length} calls at moved clocks: ${billed} billed for ${days} days, ${bad.length} bad`,
    checked: steps.length,
    bad,
  };
}

async function listPrice(ground: Ground, one: ReturnType<typeof openCase>): Promise<number> {
  const { stdout } = await runCommand(sound(ground), one, ["a fox", "--auth", "api-key", "--dry-run", "--json"]);
  const { plan } = JSON.parse(stdout) as { plan: { cost: { perImageMicroUsd: number } } };
  return plan.cost.perImageMicroUsd;
}
