// Owners: life is told by a lock of the kernel's, across processes, stops and kills.

import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { holdOwnership, isAlive, removeDeadOwners } from "./owners.ts";
import { clearAway, newFolder } from "./testing/fixture.ts";
import { buildWorkers, type Workers } from "./testing/processes.ts";

let workers: Workers;

beforeAll(async () => {
  workers = await buildWorkers();
});
afterAll(() => workers.clear());
afterEach(clearAway);

test("an owner in this process is alive until it lets go, and leaves no file", async () => {
  const directory = newFolder();
  const ownership = await holdOwnership(directory, "01A");
  expect(await isAlive(directory, "01A")).toBe(true);
  expect(await isAlive(directory, "01A")).toBe(true);
  expect(statSync(join(directory, "owners", "01A.owner")).mode & 0o777).toBe(0o600);
  ownership.release();
  expect(await isAlive(directory, "01A")).toBe(false);
  expect(readdirSync(join(directory, "owners"))).toEqual([]);
});

test("an owner in another process is alive, also while it is stopped, until it is killed", async () => {
  const directory = newFolder();
  const worker = workers.start({ act: "own", directory, id: "01B" });
  await worker.said("held");
  expect(await isAlive(directory, "01B")).toBe(true);
  worker.process.kill("SIGSTOP");
  expect(await isAlive(directory, "01B")).toBe(true);
  worker.process.kill("SIGCONT");
  expect(await isAlive(directory, "01B")).toBe(true);
  worker.process.kill("SIGKILL");
  await worker.ended();
  expect(await isAlive(directory, "01B")).toBe(false);
  expect(existsSync(join(directory, "owners", "01B.owner"))).toBe(true);
  expect(await removeDeadOwners(directory)).toEqual(["01B"]);
  expect(readdirSync(join(directory, "owners"))).toEqual([]);
});

test("asking from many sides at once makes nobody look alive and disturbs no owner", async () => {
  const directory = newFolder();
  const dead = workers.start({ act: "own", directory, id: "01C" });
  await dead.said("held");
  dead.process.kill("SIGKILL");
  await dead.ended();
  const living = await holdOwnership(directory, "01D");
  const asked = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      workers.run({ act: "ask", directory, id: index % 2 === 0 ? "01C" : "01D" }),
    ),
  );
  expect(asked.map(([word]) => word)).toEqual(Array.from({ length: 4 }, () => ["dead", "alive"]).flat());
  expect(await isAlive(directory, "01D")).toBe(true);
  living.release();
});

test("an owner that ends in good order is dead", async () => {
  const directory = newFolder();
  const worker = workers.start({ act: "own", directory, id: "01E" });
  await worker.said("held");
  worker.process.stdin?.end();
  await worker.ended();
  expect(await isAlive(directory, "01E")).toBe(false);
});

test("an id that nobody held is not alive, and one id is never held twice", async () => {
  const directory = newFolder();
  expect(await isAlive(directory, "01F")).toBe(false);
  expect(await removeDeadOwners(directory)).toEqual([]);
  const ownership = await holdOwnership(directory, "01F");
  await expect(holdOwnership(directory, "01F")).rejects.toMatchObject({ code: "ledger-unavailable" });
  ownership.release();
});

test.each(["../escape", "a/b", "", "a".repeat(65), "a\u0000"])("%j is no id", async (id) => {
  await expect(isAlive(newFolder(), id)).rejects.toMatchObject({ code: "internal" });
});

test("other files beside the owners are let be", async () => {
  const directory = newFolder();
  mkdirSync(join(directory, "owners"));
  writeFileSync(join(directory, "owners", "notes.txt"), "");
  expect(await removeDeadOwners(directory)).toEqual([]);
  expect(readdirSync(join(directory, "owners"))).toEqual(["notes.txt"]);
});
