// Several processes on one ledger: first starts, races for the last cents, and kills at any moment.

import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import type { Ledger } from "./ledger.ts";
import { migrate } from "./migrate.ts";
import type { CallState } from "./states.ts";
import { CENT, clearAway, dayCap, DOLLAR, newFolder, newLedger, request } from "./testing/fixture.ts";
import { buildWorkers, type Workers } from "./testing/processes.ts";
import { verifyLedger } from "./verify.ts";
import { isAlive } from "./owners.ts";

let workers: Workers;

beforeAll(async () => {
  workers = await buildWorkers();
});
afterAll(() => workers.clear());
afterEach(clearAway);

/** Numbers that look like chance and are the same every time; the seed is printed with a failure. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function directoryOfItsOwn(): string {
  return join(newFolder(), "ledger");
}

test("twenty first starts at once make one ledger", async () => {
  const directory = directoryOfItsOwn();
  const ids = Array.from({ length: 20 }, (_, index) => `01P${index}`);
  const said = await Promise.all(ids.map((id) => workers.run({ act: "open", directory, id })));
  expect(said.flat().toSorted()).toEqual(["created", ...Array.from({ length: 19 }, () => "opened")]);
  expect(readdirSync(directory).filter((name) => !/^ledger\.db(-wal|-shm)?$/.test(name))).toEqual([]);
  expect((await verifyLedger({ directory })).ok).toBe(true);
});

test("32 processes with 4 calls of $0.10 each spend exactly the dollar of the cap", async () => {
  const directory = directoryOfItsOwn();
  const caps = [dayCap(DOLLAR)];
  const ids = Array.from({ length: 32 }, (_, index) => `01R${index}`);
  const said = await Promise.all(ids.map((id) => workers.run({ act: "race", directory, id, count: 4, caps })));
  const words = said.flat();
  expect(words.filter((word) => word === "reserved")).toHaveLength(10);
  expect(words.filter((word) => word === "over-budget")).toHaveLength(118);
  const ledger = await newLedger({ directory });
  expect(ledger.totals({ by: "all" })[0]).toMatchObject({ calls: 10, spentMicroUsd: DOLLAR, heldMicroUsd: 0 });
  expect((await verifyLedger({ directory })).problems).toEqual([]);
});

test("eight identical requests at once buy once", async () => {
  const directory = directoryOfItsOwn();
  const ids = Array.from({ length: 8 }, (_, index) => `01I${index}`);
  const said = await Promise.all(ids.map((id) => workers.run({ act: "race", directory, id, fingerprint: "the same" })));
  expect(said.flat().toSorted()).toEqual([...Array.from({ length: 7 }, () => "attached"), "reserved"]);
});

describe("killed at any moment", () => {
  const rounds = 12;

  test.each([20_261_124, 4_711])(
    "nothing that was reported is lost, and the free budget is exact (seed %i)",
    async (seed) => {
      const directory = directoryOfItsOwn();
      const chance = numbers(seed);
      const reported = new Map<string, CallState>();
      for (let round = 0; round < rounds; round += 2) {
        const pair = [round, round + 1].map((number) => workers.start({ act: "loop", directory, id: `01K${number}` }));
        for (const worker of pair) {
          await worker.said(`owner 01K${round + pair.indexOf(worker)}`);
          setTimeout(() => worker.process.kill("SIGKILL"), chance() * 150);
        }
        await Promise.all(pair.map((worker) => worker.ended()));
        for (const line of pair.flatMap((worker) => worker.lines)) {
          const [call = "", state = ""] = line.split(" ");
          if (call !== "owner") reported.set(call, state as CallState);
        }
      }
      expect(reported.size).toBeGreaterThan(rounds / 2);
      const ledger = await newLedger({ directory });
      expect(behindReport(ledger, reported)).toEqual([]);
      // What recovery does with the calls of dead owners.
      await recover(ledger, directory);
      const spent = ledger.totals({ by: "all" })[0];
      const [standing] = ledger.standings([dayCap(DOLLAR)], "run-1");
      expect(standing?.leftMicroUsd).toBe(DOLLAR - (spent?.spentMicroUsd ?? 0) - (spent?.unknownMicroUsd ?? 0));
      expect(standing?.unresolvedCalls).toBe(standing?.unknownCalls);
      expect((await verifyLedger({ directory })).problems).toEqual([]);
      expect(ledger.reserve(request({ holdMicroUsd: standing?.leftMicroUsd ?? 0, caps: [dayCap(DOLLAR)] })).kind).toBe(
        "reserved",
      );
    },
  );

  test("in the middle of a change of the schema, the next start begins from the step before", async () => {
    const directory = newFolder();
    mkdirSync(directory, { recursive: true });
    const scripts = ["CREATE TABLE one (a)", "CREATE TABLE two (a); INSERT INTO one VALUES (1)"];
    await workers.run({ act: "migrate", directory, id: "01M", scripts });
    const database = await openDatabase(join(directory, "x.db"), { busyTimeoutMs: 0 });
    expect(database.get("PRAGMA user_version")).toMatchObject({ user_version: 1 });
    migrate(database, scripts);
    expect(database.get("PRAGMA user_version")).toMatchObject({ user_version: 2 });
    expect(database.all("SELECT a FROM one")).toHaveLength(1);
    database.close();
  });
});

const order: readonly CallState[] = ["reserved", "sent", "answered", "unknown", "released", "captured"];

/** Calls that stand further back than their process had reported. */
function behindReport(ledger: Ledger, reported: ReadonlyMap<string, CallState>): string[] {
  const found = new Map<string, CallState>();
  for (const { operation } of ledger.history({ limit: 0 })) {
    for (const call of ledger.operation(operation)?.calls ?? []) found.set(call.id, call.state);
  }
  return [...reported].flatMap(([call, state]) => {
    const now = found.get(call);
    return now !== undefined && order.indexOf(now) >= order.indexOf(state) ? [] : [`${call}: ${state}, now ${now}`];
  });
}

async function recover(ledger: Ledger, directory: string): Promise<void> {
  for (const { calls } of ledger.openOperations()) {
    for (const { id, owner, state } of calls) {
      if (await isAlive(directory, owner)) throw new Error(`${owner} is said to be alive`);
      if (state === "reserved") ledger.release(id);
      if (state === "sent" || state === "answered") ledger.markUnknown(id);
    }
  }
}

test("a hold of ten cents is what the workers race for", () => {
  expect(request().calls[0].holdMicroUsd).toBe(10 * CENT);
});
