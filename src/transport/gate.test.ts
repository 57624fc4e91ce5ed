import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createManualClock } from "./testing/manual-clock.ts";

const settled = async (): Promise<void> => {
  await new Promise(setImmediate);
};

test("an open gate lets everyone through at once", async () => {
  const gate = createGate(createManualClock());
  await expect(gate.pass("a")).resolves.toBeUndefined();
  expect(gate.waitMs("a")).toBe(0);
});

test("all who come to a held gate wait until it opens, and others do not", async () => {
  const clock = createManualClock();
  const gate = createGate(clock);
  gate.hold("a", clock.monotonic() + 30_000);
  let through = 0;
  const passing = Array.from({ length: 15 }, async () => {
    await gate.pass("a");
    through += 1;
  });
  await gate.pass("b");
  expect(gate.waitMs("a")).toBe(30_000);
  clock.advance(29_999);
  await settled();
  expect(through).toBe(0);
  clock.advance(1);
  await Promise.all(passing);
  expect(through).toBe(15);
});

test("a gate that is held longer meanwhile keeps those who wait", async () => {
  const clock = createManualClock();
  const gate = createGate(clock);
  gate.hold("a", clock.monotonic() + 1_000);
  let through = false;
  const passing = gate.pass("a").then(() => (through = true));
  gate.hold("a", clock.monotonic() + 5_000);
  clock.advance(1_000);
  await settled();
  expect(through).toBe(false);
  clock.advance(4_000);
  await passing;
});

test("a shorter hold does not open a gate early", () => {
  const clock = createManualClock();
  const gate = createGate(clock);
  gate.hold("a", clock.monotonic() + 5_000);
  gate.hold("a", clock.monotonic() + 1_000);
  expect(gate.waitMs("a")).toBe(5_000);
});

test("who waits can be called away with the signal's reason, and an aborted signal never passes", async () => {
  const clock = createManualClock();
  const gate = createGate(clock);
  gate.hold("a", clock.monotonic() + 5_000);
  const controller = new AbortController();
  const passing = gate.pass("a", controller.signal);
  controller.abort(new Error("enough"));
  await expect(passing).rejects.toThrow("aborted");
  expect(clock.sleeping()).toBe(0);
  await expect(gate.pass("open", controller.signal)).rejects.toThrow("enough");
});
