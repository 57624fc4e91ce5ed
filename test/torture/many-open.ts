// Many open: what recovery does when a machine went down in the middle of a great many operations, and how long it takes.

import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ulid } from "ulid";
import { holdOwnership } from "../../src/spend/ledger/owners.ts";
import { openLedger } from "../../src/spend/ledger/ledger.ts";
import { systemClock } from "../../src/transport/system-clock.ts";
import type { JsonValue } from "../../src/spend/ledger/records.ts";
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
  const left = await leaveOpen(one, operations);
  const recovered = await runCommand(ground, one, ["recover", "--json"]);
  bad.push(...(await sendersEnded(one)));
  const found = await statesOf(one);
  // The first picture is one of the captured.
  const wanted = { released: left.reserved, unknown: left.sent, captured: left.answered + 1 };
  for (const [state, count] of Object.entries(wanted)) {
    const seen = found.filter((each) => each === state).length;
    if (seen !== count) bad.push(`${seen} ${state} in place of ${count}`);
  }
  const published = readdirSync(one.pictures).filter((name) => name.endsWith(".jpg")).length;
  if (published !== wanted.captured) bad.push(`${published} pictures in place of ${wanted.captured}`);
  if (mostMs !== undefined && recovered.wallMs > mostMs) bad.push(`took ${Math.round(recovered.wallMs)} ms`);
  return {
    name: `recovery of ${operations} open operations`,
    target: mostMs === undefined ? "each resolved" : `< ${mostMs / 1000} s, each resolved`,
    measured: `${(recovered.wallMs / 1000).toFixed(2)} s: ${left.reserved} never sent, ${left.sent} lost, ${left.answered} to publish`,
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

/** For a process that is gone: of ten operations five were never sent, four were sent, one waits in the spool. */
async function leaveOpen(one: Case, operations: number) {
  const directory = join(one.home, "state", "ledger");
  const spool = join(one.home, "state", "spool");
  const ownership = await holdOwnership(directory, ulid());
  const ledger = await openLedger({ directory, clock: systemClock });
  const [entry] = ledger.history({ limit: 1 });
  const like = entry === undefined ? undefined : ledger.operation(entry.operation);
  const picture = entry?.images[0]?.path;
  if (like === undefined || typeof picture !== "string") throw new Error("The first picture is not in the ledger.");
  const left = { reserved: 0, sent: 0, answered: 0 };
  for (let index = 0; index < operations; index += 1) {
    const operation = ulid();
    const call = `${operation}-0`;
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
      intent: intentLike(like.intent, operation, `left_${index}`),
      calls: [{ id: call, image: 0, holdMicroUsd: 200_000, leastMicroUsd: 200_000, estimateMicroUsd: 134_000 }],
      caps: [],
    });
    const kind = index % 10 < 5 ? "reserved" : index % 10 < 9 ? "sent" : "answered";
    left[kind] += 1;
    if (kind === "reserved") continue;
    ledger.markSent(call, ownership.id);
    if (kind === "sent") continue;
    const spoolPath = join(spool, `${operation}-0.jpg`);
    copyFileSync(picture, spoolPath);
    ledger.markAnswered(call, { ...answered, spoolPath });
  }
  ledger.close();
  ownership.release();
  return left;
}

const answered = {
  responseId: null,
  modelVersion: null,
  actualMicroUsd: 134_000,
  listPriceMicroUsd: 134_000,
  basis: "usage",
  usage: null,
} as const;

/** The plan of a real operation, for another one with a name of its own for its picture. */
function intentLike(intent: JsonValue, operation: string, stem: string): JsonValue {
  const copy = JSON.parse(JSON.stringify(intent)) as { plan: { operation: string; output: { stem: string } } };
  copy.plan.operation = operation;
  copy.plan.output.stem = stem;
  return copy;
}
