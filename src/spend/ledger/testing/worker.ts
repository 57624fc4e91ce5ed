// Worker: a process of its own for the tests that need several. Bundled by processes.ts, told what to do by its argument,
// says one word per line on stdout.

import { argv, kill, pid, stdin, stdout } from "node:process";
import { openLedger } from "../ledger.ts";
import { holdOwnership, isAlive } from "../owners.ts";
import type { Cap } from "../../../core/cap.ts";
import { isToolError } from "../../../core/tool-error.ts";
import { openDatabase } from "../database.ts";
import { migrate } from "../migrate.ts";
import { answer, captured, errorReport, request, setClock } from "./fixture.ts";

export interface WorkerTask {
  readonly act: "open" | "race" | "loop" | "own" | "ask" | "migrate";
  readonly directory: string;
  readonly id: string;
  readonly count?: number;
  readonly caps?: readonly Cap[];
  readonly identical?: "attach" | "buy";
  readonly fingerprint?: string;
  readonly scripts?: readonly string[];
}

const task: WorkerTask = JSON.parse(argv[2] ?? "{}");
const { directory, id } = task;
const clock = setClock();

function say(word: string): void {
  stdout.write(`${word}\n`);
}

async function open(): Promise<void> {
  const ledger = await openLedger({ directory, clock });
  say(ledger.created ? "created" : "opened");
  ledger.close();
}

/** Reserves and pays `count` calls of 10 cents. */
async function race(): Promise<void> {
  const ledger = await openLedger({ directory, clock });
  for (let index = 0; index < (task.count ?? 1); index += 1) {
    const operation = `${id}-${index}`;
    const wanted = request({
      operation,
      owner: id,
      caps: task.caps ?? [],
      identical: task.identical ?? "attach",
      ...(task.fingerprint !== undefined && { fingerprint: task.fingerprint }),
    });
    try {
      const { kind } = ledger.reserve(wanted);
      say(kind);
      if (kind !== "reserved") continue;
    } catch (error) {
      say(isToolError(error) ? error.code : String(error));
      continue;
    }
    const call = wanted.calls[0].id;
    ledger.markSent(call, id);
    ledger.markAnswered(call, answer);
    ledger.capture(call, captured(wanted.calls[0].holdMicroUsd));
  }
}

/** Takes calls through their lives until it is killed, and says each step once it is done. */
async function loop(): Promise<void> {
  const ownership = await holdOwnership(directory, id);
  const ledger = await openLedger({ directory, clock });
  say(`owner ${ownership.id}`);
  for (let index = 0; ; index += 1) {
    const wanted = request({ operation: `${id}-${index}`, owner: id, holdMicroUsd: 1_000 + index });
    const call = wanted.calls[0].id;
    ledger.reserve(wanted);
    say(`${call} reserved`);
    if (index % 7 === 6) {
      ledger.release(call);
      say(`${call} released`);
      continue;
    }
    ledger.markSent(call, id);
    say(`${call} sent`);
    if (index % 5 === 4) {
      ledger.markUnknown(call, errorReport("connection-lost"));
      say(`${call} unknown`);
      continue;
    }
    ledger.markAnswered(call, answer);
    say(`${call} answered`);
    ledger.capture(call, captured(900 + index));
    say(`${call} captured`);
  }
}

/** Holds an ownership until stdin ends. */
async function own(): Promise<void> {
  const ownership = await holdOwnership(directory, id);
  say("held");
  stdin.resume();
  await new Promise((resolve) => stdin.once("end", resolve));
  ownership.release();
}

async function ask(): Promise<void> {
  say((await isAlive(directory, id)) ? "alive" : "dead");
}

/** Dies in the middle of the last script. */
async function migrateAndDie(): Promise<void> {
  const database = await openDatabase(`${directory}/x.db`, { busyTimeoutMs: 0, create: true });
  const scripts = task.scripts ?? [];
  migrate(database, scripts.slice(0, -1));
  database.script(`BEGIN IMMEDIATE; ${scripts.at(-1) ?? ""}`);
  kill(pid, "SIGKILL");
}

const acts: Record<WorkerTask["act"], () => Promise<void>> = { open, race, loop, own, ask, migrate: migrateAndDie };
await acts[task.act]();
