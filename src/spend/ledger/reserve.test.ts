// Reservations: what fits into the budgets, what is refused and in which words, and what is attached to instead.

import { afterEach, describe, expect, test } from "vitest";
import { reportError } from "../../core/tool-error.ts";
import type { ReserveRequest } from "./reserve.ts";
import {
  captured,
  CENT,
  clearAway,
  dayCap,
  DOLLAR,
  errorReport,
  failureOf,
  loseSight,
  newLedger,
  OWNER,
  pay,
  request,
  type RequestParts,
  reserveCall,
  answer,
} from "./testing/fixture.ts";

afterEach(clearAway);

describe("budgets", () => {
  test("a price that just fits is reserved and one micro-dollar more is refused", async () => {
    const ledger = await newLedger();
    expect(ledger.reserve(request({ caps: [dayCap(10 * CENT)] })).kind).toBe("reserved");
    expect(failureOf(() => ledger.reserve(request({ holdMicroUsd: 1, caps: [dayCap(10 * CENT)] }))).code).toBe(
      "over-budget",
    );
  });

  test("a refusal leaves nothing behind", async () => {
    const ledger = await newLedger();
    failureOf(() => ledger.reserve(request({ caps: [dayCap(9 * CENT)] })));
    expect(ledger.history({ limit: 0 })).toEqual([]);
    expect(ledger.reserve(request({ holdMicroUsd: 9 * CENT, caps: [dayCap(9 * CENT)] })).kind).toBe("reserved");
  });

  test("all pictures of an operation are held together or not at all", async () => {
    const ledger = await newLedger();
    failureOf(() => ledger.reserve(request({ count: 3, caps: [dayCap(29 * CENT)] })));
    expect(ledger.openOperations()).toEqual([]);
    ledger.reserve(request({ count: 3, caps: [dayCap(30 * CENT)] }));
    expect(ledger.totals({ by: "all" })[0]?.heldMicroUsd).toBe(30 * CENT);
  });

  test("a cap of zero lets nothing be spent, and an unmetered route or a rehearsal all the same", async () => {
    const ledger = await newLedger();
    const caps = [dayCap(0)];
    expect(failureOf(() => ledger.reserve(request({ holdMicroUsd: 1, caps }))).code).toBe("over-budget");
    expect(ledger.reserve(request({ metered: false, caps })).kind).toBe("reserved");
    expect(ledger.reserve(request({ rehearsal: true, caps })).kind).toBe("reserved");
    expect(ledger.standings(caps, "run-1")[0]).toMatchObject({ spentMicroUsd: 0, heldMicroUsd: 0, unresolvedCalls: 0 });
  });

  test("captured, unknown and held amounts count alike; released and rejected ones not", async () => {
    const ledger = await newLedger();
    const caps = [dayCap(DOLLAR)];
    pay(ledger, 4 * CENT);
    loseSight(ledger);
    reserveCall(ledger);
    ledger.release(reserveCall(ledger));
    const rejected = reserveCall(ledger);
    ledger.markSent(rejected, OWNER);
    ledger.reject(rejected, errorReport("refused-safety"));
    expect(ledger.standings(caps, "run-1")).toMatchObject([
      {
        spentMicroUsd: 4 * CENT,
        heldMicroUsd: 20 * CENT,
        unresolvedCalls: 2,
        unknownCalls: 1,
        leftMicroUsd: 76 * CENT,
      },
    ]);
  });

  test.each([
    { name: "run", cap: { window: "run" } as const, other: { run: "run-2" } },
    { name: "project", cap: { window: "all", project: "films" } as const, other: { project: "books" } },
    { name: "model", cap: { window: "all", model: "model-a" } as const, other: { model: "model-b" } },
    {
      name: "model within a project this month",
      cap: { window: "month", project: "films", model: "model-a" } as const,
      other: { project: "films", model: "model-b" },
    },
  ])("a cap on one $name leaves the others alone", async ({ cap, other }) => {
    const ledger = await newLedger();
    const caps = [{ ...cap, limitMicroUsd: 10 * CENT }];
    const own = { project: "films" };
    ledger.reserve(request({ ...own, caps }));
    expect(ledger.reserve(request({ ...own, ...other, caps })).kind).toBe("reserved");
    expect(failureOf(() => ledger.reserve(request({ ...own, caps }))).code).toBe("over-budget");
  });

  test("of two caps on the same things the lower one counts, in whatever order they come", async () => {
    const ledger = await newLedger();
    const low = dayCap(5 * CENT);
    const high = dayCap(DOLLAR);
    expect(failureOf(() => ledger.reserve(request({ caps: [low, high] }))).code).toBe("over-budget");
    expect(failureOf(() => ledger.reserve(request({ caps: [high, low] }))).code).toBe("over-budget");
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "a cap of %s is refused as no amount",
    async (limit) => {
      const ledger = await newLedger();
      expect(failureOf(() => ledger.reserve(request({ caps: [dayCap(limit)] }))).code).toBe("config-invalid");
    },
  );

  test.each([-1, 0.5, Number.NaN])("a hold of %s is refused", async (holdMicroUsd) => {
    const ledger = await newLedger();
    expect(failureOf(() => ledger.reserve(request({ holdMicroUsd }))).code).toBe("internal");
  });

  test("a call that cost more than its hold counts as much as it cost", async () => {
    const ledger = await newLedger();
    pay(ledger, 25 * CENT);
    expect(failureOf(() => ledger.reserve(request({ caps: [dayCap(30 * CENT)] }))).code).toBe("over-budget");
    expect(ledger.history({ limit: 1 })[0]?.cost).toMatchObject({
      actualMicroUsd: 25 * CENT,
      overrunMicroUsd: 15 * CENT,
    });
  });

  test.each([null, -5, 1.5, Number.NaN, 1e308])("an actual cost of %s counts as the whole hold", async (actual) => {
    const ledger = await newLedger();
    pay(ledger, actual);
    expect(ledger.standings([dayCap(DOLLAR)], "run-1")[0]?.spentMicroUsd).toBe(10 * CENT);
  });

  test("a call settled as paid counts and one settled as not paid is free again", async () => {
    const ledger = await newLedger();
    const [paid, paidLess, free] = [loseSight(ledger), loseSight(ledger), loseSight(ledger)];
    ledger.settle(paid, { paid: true });
    ledger.settle(paidLess, { paid: true, actualMicroUsd: 3 * CENT });
    ledger.settle(free, { paid: false });
    expect(ledger.standings([dayCap(DOLLAR)], "run-1")[0]).toMatchObject({ spentMicroUsd: 13 * CENT, heldMicroUsd: 0 });
  });
});

describe("the refusal", () => {
  test("says the price, what is spent and held, the cap and how long", async () => {
    const ledger = await newLedger();
    pay(ledger, 40 * CENT, { holdMicroUsd: 40 * CENT });
    loseSight(ledger, { holdMicroUsd: 30 * CENT });
    reserveCall(ledger, { holdMicroUsd: 20 * CENT });
    const error = failureOf(() => ledger.reserve(request({ holdMicroUsd: 13 * CENT + 4_000, caps: [dayCap(DOLLAR)] })));
    expect(error.message).toBe(
      "$0.134 does not fit into the day budget of $1.00: $0.40 is spent and $0.50 is held by 2 unresolved calls (1 of unknown outcome). It renews in 12 h 0 min.",
    );
    expect(reportError(error)).toMatchObject({
      exitCode: 4,
      billed: "no",
      retryAfterSeconds: 12 * 3_600,
      problems: [{ field: "day", given: "$0.134", allowed: ["$0.10"] }],
    });
    expect(reportError(error).nextStep).toContain("spend resolve");
  });

  test("names every cap that is passed, and no time when one of them never renews", async () => {
    const ledger = await newLedger();
    const caps = [dayCap(1), { window: "all", project: "films", limitMicroUsd: 2 } as const];
    const error = failureOf(() => ledger.reserve(request({ project: "films", caps })));
    expect(error.details.problems?.map(({ field }) => field)).toEqual(["day", 'overall, project "films"']);
    expect(reportError(error).retryAfterSeconds).toBeNull();
  });

  test("does not tell to wait for a price above the whole cap", async () => {
    const ledger = await newLedger();
    const error = failureOf(() => ledger.reserve(request({ holdMicroUsd: 2, caps: [dayCap(1)] })));
    expect(reportError(error)).toMatchObject({
      retryAfterSeconds: null,
      nextStep: expect.stringMatching(/^Waiting does not help.*spend budget set/),
    });
  });

  test("does not tell to wait where nothing but the run is in the way", async () => {
    const ledger = await newLedger();
    const error = failureOf(() => ledger.reserve(request({ caps: [{ window: "run", limitMicroUsd: 1 }] })));
    expect(reportError(error).nextStep).toMatch(/^Waiting does not help/);
  });
});

describe("identical requests", () => {
  const same = { fingerprint: "the same" };

  test.each(["reserved", "sent", "answered", "captured", "unknown"] as const)(
    "a repeat attaches to an undelivered operation that is %s",
    async (state) => {
      const ledger = await newLedger();
      const first = request(same);
      const id = first.calls[0].id;
      ledger.reserve(first);
      if (state !== "reserved") ledger.markSent(id, OWNER);
      if (state === "answered" || state === "captured") ledger.markAnswered(id, answer);
      if (state === "captured") ledger.capture(id, captured(1));
      if (state === "unknown") ledger.markUnknown(id);
      expect(ledger.findRunningOrUndelivered("the same")?.state).toBe(state);
      expect(ledger.reserve(request(same))).toEqual({
        kind: "attached",
        operation: first.operation,
        because: "identical-request",
      });
    },
  );

  test("a repeat attaches to an unknown operation, seen or not, until a person has settled it", async () => {
    const ledger = await newLedger();
    const call = loseSight(ledger, same);
    const [operation = ""] = ledger.openOperations().map(({ id }) => id);
    ledger.markDelivered(operation);
    expect(ledger.reserve(request(same))).toMatchObject({ kind: "attached", operation });
    ledger.settle(call, { paid: false });
    expect(ledger.reserve(request(same)).kind).toBe("reserved");
  });

  test("a repeat buys when the first was delivered, bought nothing, or buying is asked for", async () => {
    const ledger = await newLedger();
    const first = request(same);
    ledger.reserve(first);
    expect(ledger.reserve(request({ ...same, identical: "buy" })).kind).toBe("reserved");
    for (const { id } of ledger.openOperations()) ledger.markDelivered(id);
    const third = reserveCall(ledger, same);
    ledger.release(third);
    expect(ledger.reserve(request(same)).kind).toBe("reserved");
  });

  test("a rehearsal never stands for a real request", async () => {
    const ledger = await newLedger();
    ledger.reserve(request({ ...same, rehearsal: true }));
    expect(ledger.reserve(request(same)).kind).toBe("reserved");
    expect(ledger.findRunningOrUndelivered("the same", { rehearsal: true })?.rehearsal).toBe(true);
  });

  test("attaching needs no budget", async () => {
    const ledger = await newLedger();
    ledger.reserve(request({ ...same, caps: [dayCap(10 * CENT)] }));
    expect(ledger.reserve(request({ ...same, caps: [dayCap(10 * CENT)] })).kind).toBe("attached");
  });
});

describe("idempotency keys", () => {
  const keyed = { fingerprint: "the same", idempotencyKey: "k" };

  test("the same key gives the same operation, delivered or not, even when buying is asked for", async () => {
    const ledger = await newLedger();
    const first = request(keyed);
    ledger.reserve(first);
    ledger.markDelivered(first.operation);
    expect(ledger.reserve(request({ ...keyed, identical: "buy" }))).toEqual({
      kind: "attached",
      operation: first.operation,
      because: "idempotency-key",
    });
    expect(ledger.operationOfKey("k")?.id).toBe(first.operation);
  });

  test("another request under the same key is refused", async () => {
    const ledger = await newLedger();
    ledger.reserve(request(keyed));
    expect(failureOf(() => ledger.reserve(request({ ...keyed, fingerprint: "another" }))).code).toBe(
      "idempotency-key-reused",
    );
  });

  test("a key under which nothing was bought is still good, and passes to the operation that buys", async () => {
    const ledger = await newLedger();
    ledger.release(reserveCall(ledger, keyed));
    const second = request(keyed);
    expect(ledger.reserve(second).kind).toBe("reserved");
    expect(ledger.operationOfKey("k")?.id).toBe(second.operation);
    expect(ledger.reserve(request(keyed)).kind).toBe("attached");
  });

  test("an unknown outcome keeps the key until a person says that it was not paid", async () => {
    const ledger = await newLedger();
    const call = loseSight(ledger, keyed);
    expect(ledger.reserve(request(keyed)).kind).toBe("attached");
    ledger.settle(call, { paid: false });
    expect(ledger.reserve(request(keyed)).kind).toBe("reserved");
  });
});

describe("when the worst case does not fit", () => {
  const cap = { window: "day", limitMicroUsd: 25 * CENT } as const;
  const withLeast = (parts: RequestParts, leastMicroUsd: number): ReserveRequest => {
    const wanted = request({ caps: [cap], ...parts });
    const [first, ...rest] = wanted.calls;
    return { ...wanted, calls: [{ ...first, leastMicroUsd }, ...rest.map((call) => ({ ...call, leastMicroUsd }))] };
  };

  test("what the cap leaves is set aside, as long as it is the least", async () => {
    const ledger = await newLedger();
    expect(ledger.reserve(withLeast({ holdMicroUsd: 10 * CENT }, 5 * CENT))).toMatchObject({
      holdsMicroUsd: [10 * CENT],
    });
    expect(ledger.reserve(withLeast({ holdMicroUsd: 20 * CENT }, 5 * CENT))).toMatchObject({
      holdsMicroUsd: [15 * CENT],
    });
    expect(ledger.standings([cap], "run-1")[0]).toMatchObject({ heldMicroUsd: 25 * CENT, leftMicroUsd: 0 });
  });

  test("it is shared out evenly among the calls, and never beyond the cap", async () => {
    const ledger = await newLedger();
    const reservation = ledger.reserve(withLeast({ holdMicroUsd: 10 * CENT, count: 3 }, 5 * CENT));
    expect(reservation).toMatchObject({ holdsMicroUsd: [83_333, 83_333, 83_333] });
  });

  test("less than the least is refused, and it is told whether running calls are in the way", async () => {
    const ledger = await newLedger();
    const first = reserveCall(ledger, { holdMicroUsd: 22 * CENT });
    const second = withLeast({ holdMicroUsd: 20 * CENT }, 5 * CENT);
    expect(() => ledger.reserve(second)).toThrow("$0.05 does not fit");
    expect(ledger.fitsWithoutRunningCalls(second)).toBe(true);
    ledger.markSent(first, OWNER);
    ledger.markUnknown(first);
    expect(ledger.fitsWithoutRunningCalls(second)).toBe(false);
  });
});

test("what costs nothing fits into a budget that was passed", async () => {
  const ledger = await newLedger();
  pay(ledger, 30 * CENT, { holdMicroUsd: 20 * CENT, caps: [dayCap(25 * CENT)] });
  expect(ledger.reserve(request({ holdMicroUsd: 0, caps: [dayCap(25 * CENT)] }))).toMatchObject({ holdsMicroUsd: [0] });
});
