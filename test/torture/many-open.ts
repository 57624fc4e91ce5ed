// Many open: what recovery does when a machine went down in the middle of a great many operations, and how long it takes.

import { join } from "node:path";
import { ulid } from "ulid";
import { holdOwnership } from "../../src/spend/ledger/owners.ts";
import { openLedger } from "../../src/spend/ledger/ledger.ts";
import { systemClock } from "../../src/transport/system-clock.ts";
import type { CallState } from "../../src/spend/ledger/states.ts";
import { runCommand, sendersEnded } from "./command.ts";
import type { Finding } from "./finding.ts";
import { type Case, type Ground, openCase, sound } from "./ground.ts";

export interface ManyOpenOptions {
  readonly operations: number;
  /** Most milliseconds that the whole command may take; absent where speed is not the question. */
  readonly mostMs?: number;
}

export async function manyOpen(ground: Ground, { operations, mostMs }: ManyOpenOptions): Promise<Finding> {
  const one = openCase(ground, 0);
  const bad: string[] = [];
  const first = await runCommand(sound(ground), one, ["a fox", "--auth", "api-key", "-o", `${one.pictures}/`]);
  if (first.exit !== 0) bad.push(`the first picture ended with ${first.exit}: ${first.stderr.slice(0, 200)}`);
  await sendersEnded(one);
  const sent = await leaveOpen(one, operations);
  const recovered = await runCommand(ground, one, ["recover", "--json"]);
  bad.push(...(await sendersEnded(one)));
  const states = await statesOf(one);
  const count = (state: string): number => states.filter((found) => found === state).length;
  if (count("released") !== operations - sent)
    bad.push(`${count("released")} released in place of ${operations - sent}`);
  if (count("unknown") !== sent) bad.push(`${count("unknown")} unknown in place of ${sent}`);
  if (mostMs !== undefined && recovered.wallMs > mostMs) bad.push(`took ${Math.round(recovered.wallMs)} ms`);
  return {
    name: `recovery of ${operations} open operations`,
    target: mostMs === undefined ? "each resolved" : `< ${mostMs / 1000} s, each resolved`,
    measured: `${(recovered.wallMs / 1000).toFixed(2)} s: ${count("released")} released, ${count("unknown")} unknown`,
    checked: operations,
    bad,
  };
}

/** Read here and not by a command: every command recovers first. */
async function statesOf(one: Case): Promise<CallState[]> {
  const ledger = await openLedger({ directory: join(one.home, "state", "ledger"), clock: systemClock });
  const states = ledger.history({ limit: 0 }).map(({ state }) => state);
  ledger.close();
  return states;
}

/** Reserves for a process that is gone; every second was sent. Returns how many were. */
async function leaveOpen(one: Case, operations: number): Promise<number> {
  const directory = join(one.home, "state", "ledger");
  const ownership = await holdOwnership(directory, ulid());
  const ledger = await openLedger({ directory, clock: systemClock });
  const [model] = ledger.history({ limit: 1 });
  const like = model === undefined ? undefined : ledger.operation(model.operation);
  if (like === undefined) throw new Error("The first picture is not in the ledger.");
  let sent = 0;
  for (let index = 0; index < operations; index += 1) {
    const operation = ulid();
    const call = ulid();
    ledger.reserve({
      operation,
      owner: ownership.id,
      run: "torture",
      project: null,
      model: like.model,
      endpoint: like.endpoint,
      auth: like.auth,
      rehearsal: false,
      metered: true,
      fingerprint: `torture ${index}`,
      prompt: like.prompt,
      intent: like.intent,
      calls: [{ id: call, image: 0, holdMicroUsd: 1_000, estimateMicroUsd: 1_000 }],
      caps: [],
    });
    if (index % 2 === 0) continue;
    ledger.markSent(call, ownership.id);
    sent += 1;
  }
  ledger.close();
  ownership.release();
  return sent;
}
