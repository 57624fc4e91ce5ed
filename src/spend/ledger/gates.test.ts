// Gates: one "not before" of a provider holds for every process, and for no longer than it was meant.

import { afterEach, expect, test } from "vitest";
import { clearAway, newLedger, NOON, setClock } from "./testing/fixture.ts";

afterEach(clearAway);

const key = { endpoint: "generativelanguage", credential: "hash", model: "model-a" };

test("a gate holds other processes until its time, and then no more", async () => {
  const clock = setClock();
  const first = await newLedger({ clock });
  const second = await newLedger({ clock, directory: first.files.directory });
  expect(second.gateUntil(key)).toBeNull();
  first.holdGate(key, NOON + 30_000);
  expect(second.gateUntil(key)).toBe(NOON + 30_000);
  clock.advance(29_999);
  expect(second.gateUntil(key)).toBe(NOON + 30_000);
  clock.advance(1);
  expect(second.gateUntil(key)).toBeNull();
});

test.each([{ endpoint: "aiplatform" }, { credential: "another" }, { model: "model-b" }])(
  "a gate does not hold %j",
  async (other) => {
    const ledger = await newLedger();
    ledger.holdGate(key, NOON + 30_000);
    expect(ledger.gateUntil({ ...key, ...other })).toBeNull();
  },
);

test("of two times the later one holds, in whatever order they come", async () => {
  const ledger = await newLedger();
  ledger.holdGate(key, NOON + 30_000.5);
  ledger.holdGate(key, NOON + 10_000);
  expect(ledger.gateUntil(key)).toBe(NOON + 30_001);
});

test("a clock that goes back a day does not turn seconds into a day", async () => {
  const clock = setClock();
  const ledger = await newLedger({ clock });
  ledger.holdGate(key, NOON + 30_000);
  clock.advance(-86_400_000);
  expect(ledger.gateUntil(key)).toBeNull();
  ledger.holdGate(key, clock.now() + 5_000);
  expect(ledger.gateUntil(key)).toBe(clock.now() + 5_000);
});
