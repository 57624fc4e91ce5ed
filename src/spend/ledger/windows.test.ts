// Windows: days and months of the user's own calendar, and clocks that lie.

import { afterEach, describe, expect, test } from "vitest";
import { combineCaps } from "./caps.ts";
import { readMirror } from "./mirror-reader.ts";
import { duration } from "./over-budget.ts";
import { CENT, clearAway, dayCap, failureOf, newLedger, NOON, pay, request, setClock } from "./testing/fixture.ts";
import { verifyLedger } from "./verify.ts";
import { dayOf, renewsAtMs } from "./windows.ts";

const zoneBefore = process.env["TZ"];

afterEach(() => {
  clearAway();
  setZone(zoneBefore);
});

function setZone(zone: string | undefined): void {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const caps = [dayCap(10 * CENT)];

describe("a clock", () => {
  test("that passes midnight opens a new day, and not a new month before its end", async () => {
    const clock = setClock();
    const ledger = await newLedger({ clock });
    pay(ledger, 10 * CENT);
    clock.advance(12 * HOUR - 1);
    failureOf(() => ledger.reserve(request({ caps })));
    clock.advance(1);
    const month = { window: "month", limitMicroUsd: 19 * CENT } as const;
    failureOf(() => ledger.reserve(request({ caps: [month] })));
    expect(ledger.reserve(request({ caps })).kind).toBe("reserved");
    clock.set(new Date(2026, 11, 1).getTime());
    expect(ledger.reserve(request({ caps: [month] })).kind).toBe("reserved");
  });

  test("that is set back a day, or to 1970, opens no earlier window", async () => {
    const clock = setClock();
    const ledger = await newLedger({ clock });
    pay(ledger, 10 * CENT);
    for (const ms of [NOON - DAY, 0]) {
      clock.set(ms);
      const error = failureOf(() => ledger.reserve(request({ caps })));
      expect(error.code).toBe("over-budget");
      expect(error.details.retryAfterSeconds).toBe((NOON + 12 * HOUR - ms) / 1_000);
    }
  });

  test("that was set back does not open a window in another process either", async () => {
    const first = await newLedger({ clock: setClock(NOON) });
    pay(first, 10 * CENT);
    const second = await newLedger({ directory: first.files.directory, clock: setClock(NOON - DAY) });
    expect(failureOf(() => second.reserve(request({ caps }))).code).toBe("over-budget");
  });

  test("that goes back is written down as it is, beside the highest time that was seen", async () => {
    const clock = setClock();
    const ledger = await newLedger({ clock });
    pay(ledger, 1);
    clock.set(0);
    pay(ledger, 1);
    const entries = [...readMirror(ledger.files.mirror)].map(({ entry }) => entry);
    expect(entries.at(-1)).toMatchObject({ at: "1970-01-01T00:00:00.000Z", clockHighMs: NOON, dayHigh: "2026-11-24" });
  });

  test("that jumps ahead and back again gives one window for the days between, not two", async () => {
    const clock = setClock();
    const ledger = await newLedger({ clock });
    pay(ledger, 10 * CENT);
    clock.advance(DAY);
    pay(ledger, 10 * CENT, { caps });
    clock.set(NOON);
    expect(failureOf(() => ledger.reserve(request({ caps }))).code).toBe("over-budget");
    clock.set(NOON + DAY);
    expect(failureOf(() => ledger.reserve(request({ caps }))).code).toBe("over-budget");
  });

  test("that was wrongly ahead can be accepted by a person, and the mirror follows", async () => {
    const clock = setClock(NOON + 365 * DAY);
    const ledger = await newLedger({ clock });
    pay(ledger, 10 * CENT);
    clock.set(NOON);
    failureOf(() => ledger.reserve(request({ caps })));
    ledger.acceptClock();
    expect(ledger.reserve(request({ caps })).kind).toBe("reserved");
    expect((await verifyLedger({ directory: ledger.files.directory })).problems).toEqual([]);
  });
});

describe("a time zone", () => {
  test("that moves west does not give back the day that has begun", async () => {
    setZone("Pacific/Kiritimati");
    const clock = setClock(Date.UTC(2026, 10, 24, 11));
    const ledger = await newLedger({ clock });
    expect(dayOf(clock.now())).toBe("2026-11-25");
    pay(ledger, 10 * CENT);
    setZone("Pacific/Pago_Pago");
    expect(dayOf(clock.now())).toBe("2026-11-24");
    failureOf(() => ledger.reserve(request({ caps })));
    clock.set(Date.UTC(2026, 10, 26, 11));
    expect(ledger.reserve(request({ caps })).kind).toBe("reserved");
  });

  test.each([
    ["the day that has 23 hours", "2026-03-29", 23],
    ["the day that has 25 hours", "2026-10-25", 25],
    ["an ordinary day", "2026-11-24", 24],
  ])("%s ends at its own midnight", (_name, day, hours) => {
    setZone("Europe/Berlin");
    const start = new Date(`${day}T00:00:00`).getTime();
    expect(renewsAtMs("day", day)).toBe(start + hours * HOUR);
    expect(dayOf(start + hours * HOUR - 1)).toBe(day);
    expect(dayOf(start + hours * HOUR)).not.toBe(day);
  });

  test("months end with their last day, also in February and at the end of the year", () => {
    setZone("Asia/Bangkok");
    expect(dayOf(renewsAtMs("month", "2028-02-29") ?? 0)).toBe("2028-03-01");
    expect(dayOf(renewsAtMs("month", "2026-12-31") ?? 0)).toBe("2027-01-01");
    expect(renewsAtMs("run", "2026-12-31")).toBeNull();
    expect(renewsAtMs("all", "2026-12-31")).toBeNull();
  });
});

test("caps of several sources combine to the lowest on each thing", () => {
  const user = [dayCap(100), { window: "all", project: "films", limitMicroUsd: 5 } as const];
  const agent = [dayCap(1_000), { window: "all", project: "films", limitMicroUsd: 3 } as const];
  expect(combineCaps(user, agent)).toEqual([dayCap(100), { window: "all", project: "films", limitMicroUsd: 3 }]);
});

test("durations are told as people say them", () => {
  expect([1, 60_000, 61_000, HOUR, DAY, DAY + HOUR, 30 * DAY].map(duration)).toEqual([
    "1 min",
    "1 min",
    "2 min",
    "1 h 0 min",
    "1 d",
    "1 d 1 h",
    "30 d",
  ]);
});
