import { existsSync, readdirSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { ledgerDirectory } from "./ledger-files.ts";
import {
  CENT,
  clearAway,
  dayCap,
  loseSight,
  newFolder,
  newLedger,
  pay,
  reserveCall,
  setClock,
} from "./testing/fixture.ts";
import { hasLedger, viewLedger } from "./view.ts";

afterEach(clearAway);

describe("looking where there is no ledger", () => {
  test("shows an empty one and makes nothing", async () => {
    const state = join(newFolder(), "state");
    const view = await viewLedger({ directory: ledgerDirectory(state), clock: setClock() });
    expect(view.history({ limit: 0 })).toEqual([]);
    expect(view.openOperations()).toEqual([]);
    expect(view.totals({ by: "all" })).toMatchObject([{ calls: 0, spentMicroUsd: 0 }]);
    expect(view.totals({ by: "day" })).toEqual([]);
    expect(view.standings([dayCap(5 * CENT)], "")).toMatchObject([{ spentMicroUsd: 0, leftMicroUsd: 5 * CENT }]);
    expect(view.operation("x") ?? view.operationOfCall("x")).toBeUndefined();
    view.close();
    expect(existsSync(state)).toBe(false);
  });

  test("leaves an empty folder empty", async () => {
    const directory = newFolder();
    (await viewLedger({ directory, clock: setClock() })).close();
    expect(readdirSync(directory)).toEqual([]);
    expect(hasLedger(directory)).toBe(false);
  });

  test("a file in the folder's place and a mirror without its ledger are refused as everywhere", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    await expect(viewLedger({ directory: join(folder, "file"), clock: setClock() })).rejects.toMatchObject({
      code: "ledger-unavailable",
    });
    const ledger = await newLedger();
    pay(ledger, CENT);
    ledger.close();
    for (const suffix of ["", "-wal", "-shm"]) {
      if (existsSync(`${ledger.files.ledger}${suffix}`)) unlinkSync(`${ledger.files.ledger}${suffix}`);
    }
    const { directory } = ledger.files;
    expect(hasLedger(directory)).toBe(true);
    await expect(viewLedger({ directory, clock: setClock() })).rejects.toMatchObject({ code: "ledger-damaged" });
  });
});

describe("looking at a ledger", () => {
  test("shows what is in it, by project and model too", async () => {
    const ledger = await newLedger();
    pay(ledger, CENT, { project: "films", model: "model-b" });
    pay(ledger, CENT, { prompt: "the second" });
    const view = await viewLedger({ directory: ledger.files.directory, clock: setClock() });
    expect(view.history({ limit: 0 }).map(({ prompt }) => prompt)).toEqual(["the second", "a fox"]);
    expect(view.history({ limit: 0, project: "films" })).toHaveLength(1);
    expect(view.history({ limit: 0, model: "model-a" }).map(({ prompt }) => prompt)).toEqual(["the second"]);
    expect(view.history({ limit: 0, project: "films", model: "model-a" })).toEqual([]);
    view.close();
  });

  test("finds the operation of a call", async () => {
    const ledger = await newLedger();
    const call = reserveCall(ledger, { operation: "01OPERATION" });
    expect(ledger.operationOfCall(call)?.id).toBe("01OPERATION");
    expect(ledger.operationOfCall("01OPERATION")).toBeUndefined();
  });
});

test("spent calls are those that were billed or may have been", async () => {
  const clock = setClock();
  const ledger = await newLedger({ clock });
  pay(ledger, 3 * CENT);
  clock.advance(1_000);
  loseSight(ledger, { holdMicroUsd: 7 * CENT, model: "model-b" });
  ledger.settle(loseSight(ledger), { paid: true, actualMicroUsd: 2 * CENT });
  ledger.settle(loseSight(ledger), { paid: false });
  pay(ledger, CENT, { rehearsal: true });
  pay(ledger, CENT, { metered: false });
  reserveCall(ledger);
  const start = clock.now() - 1_000;
  expect(ledger.spentCalls()).toEqual([
    { atMs: start, model: "model-a", spentMicroUsd: 3 * CENT, unknownMicroUsd: 0 },
    { atMs: start + 1_000, model: "model-b", spentMicroUsd: 0, unknownMicroUsd: 7 * CENT },
    { atMs: start + 1_000, model: "model-a", spentMicroUsd: 2 * CENT, unknownMicroUsd: 0 },
  ]);
});
