// Transitions: what each step records, what a repeat does, and what is refused however it is tried.

import { afterEach, describe, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { callStates, followingStates, operationState } from "./states.ts";
import {
  answer,
  captured,
  CENT,
  clearAway,
  dayCap,
  errorReport,
  failureOf,
  loseSight,
  newLedger,
  OWNER,
  pay,
  request,
  reserveCall,
  setClock,
} from "./testing/fixture.ts";

afterEach(clearAway);

test("a call keeps everything that was learnt about it", async () => {
  const clock = setClock(1_000);
  const ledger = await newLedger({ clock });
  const wanted = request({
    project: "films",
    prompt: "ผีเสื้อ \u0000 \ud800 🦋",
    intent: { nested: [1, null, "x"] },
    idempotencyKey: "k",
  });
  const { id } = wanted.calls[0];
  const picture = { path: "/pictures/a.png", sha256: "ab".repeat(32) };
  ledger.reserve(wanted);
  clock.advance(1);
  ledger.markSent(id, OWNER);
  clock.advance(1);
  ledger.recordFailedAttempt(id, errorReport("rate-limited"));
  clock.advance(1);
  ledger.markSent(id, OWNER);
  clock.advance(1);
  ledger.markAnswered(id, answer);
  clock.advance(1);
  ledger.capture(id, captured(9 * CENT, { picture }));
  clock.advance(1);
  ledger.markDelivered(wanted.operation);
  expect(ledger.operation(wanted.operation)).toEqual({
    id: wanted.operation,
    state: "captured",
    startedAtMs: 1_000,
    day: expect.stringMatching(/^19(70-01-01|69-12-31)$/),
    run: "run-1",
    project: "films",
    model: "model-a",
    endpoint: "generativelanguage",
    auth: "api-key",
    rehearsal: false,
    metered: true,
    fingerprint: wanted.fingerprint,
    idempotencyKey: "k",
    prompt: wanted.prompt,
    intent: wanted.intent,
    deliveredAtMs: 1_006,
    calls: [
      {
        id,
        operation: wanted.operation,
        image: 0,
        state: "captured",
        owner: OWNER,
        holdMicroUsd: 10 * CENT,
        estimateMicroUsd: 5 * CENT,
        actualMicroUsd: 9 * CENT,
        listPriceMicroUsd: 9 * CENT,
        basis: "usage",
        countedMicroUsd: 9 * CENT,
        usage: { promptTokens: 1, imageTokens: 1_120, textTokens: 0, thoughtTokens: 0 },
        modelVersion: "model-a-001",
        responseId: "response-1",
        handle: null,
        spoolPath: "/spool/answer",
        picture,
        error: null,
        paid: null,
        attempts: 2,
        attemptErrors: [{ number: 1, atMs: 1_002, error: errorReport("rate-limited") }],
        reservedAtMs: 1_000,
        sentAtMs: 1_003,
        answeredAtMs: 1_004,
        endedAtMs: 1_005,
      },
    ],
  });
});

describe("sending", () => {
  test("is allowed once per attempt", async () => {
    const ledger = await newLedger();
    const call = reserveCall(ledger);
    ledger.markSent(call, OWNER);
    expect(failureOf(() => ledger.markSent(call, OWNER)).message).toContain("is sent");
  });

  test("is allowed to the owner only, and to the new one after an adoption", async () => {
    const ledger = await newLedger();
    const wanted = request();
    const { id } = wanted.calls[0];
    ledger.reserve(wanted);
    expect(ledger.adopt(wanted.operation, OWNER, "01NEW")).toBe(1);
    expect(ledger.adopt(wanted.operation, OWNER, "01LATE")).toBe(0);
    failureOf(() => ledger.markSent(id, OWNER));
    expect(ledger.markSent(id, "01NEW")).toBe(true);
  });

  test("is refused for a call that was released meanwhile", async () => {
    const ledger = await newLedger();
    const call = reserveCall(ledger);
    ledger.release(call);
    failureOf(() => ledger.markSent(call, OWNER));
    expect(ledger.standings([dayCap(1)], "run-1")[0]?.heldMicroUsd).toBe(0);
  });

  test("counts attempts that broke off before their last byte and those that were refused", async () => {
    const ledger = await newLedger();
    const call = reserveCall(ledger);
    ledger.recordFailedAttempt(call, errorReport("connect-failed"));
    ledger.markSent(call, OWNER);
    ledger.recordFailedAttempt(call, errorReport("rate-limited"));
    ledger.markSent(call, OWNER);
    ledger.reject(call, errorReport("rate-limited"));
    const record = ledger.history({ limit: 1 })[0];
    expect(record?.images[0]?.attempts).toBe(3);
    expect(ledger.totals({ by: "all" })[0]).toMatchObject({ retries: 2, refusals: 1 });
  });
});

describe("a repeat after a crash", () => {
  test("changes nothing", async () => {
    const ledger = await newLedger();
    const call = pay(ledger, 7 * CENT);
    const before = ledger.history({ limit: 0 });
    expect(ledger.markAnswered(call, { ...answer, responseId: "another" })).toBe(false);
    expect(ledger.capture(call, captured(1))).toBe(false);
    expect(ledger.history({ limit: 0 })).toEqual(before);
  });

  test("is told from the first time for every last step", async () => {
    const ledger = await newLedger();
    const released = reserveCall(ledger);
    const rejected = reserveCall(ledger);
    const unknown = loseSight(ledger);
    const report = errorReport("refused-safety");
    expect([ledger.release(released), ledger.release(released)]).toEqual([true, false]);
    expect([ledger.reject(rejected, report), ledger.reject(rejected, report)]).toEqual([true, false]);
    expect(ledger.markUnknown(unknown)).toBe(false);
    expect([ledger.settle(unknown, { paid: true }), ledger.settle(unknown, { paid: true })]).toEqual([true, false]);
    expect(ledger.markUnknown(unknown)).toBe(false);
  });

  test("of a delivery is told from the first time", async () => {
    const ledger = await newLedger();
    const wanted = request();
    ledger.reserve(wanted);
    expect([ledger.markDelivered(wanted.operation), ledger.markDelivered(wanted.operation)]).toEqual([true, false]);
  });
});

test("an answer that turns up after all ends the doubt", async () => {
  const ledger = await newLedger();
  const call = loseSight(ledger);
  ledger.markAnswered(call, answer);
  ledger.capture(call, captured(3 * CENT));
  expect(ledger.history({ limit: 1 })[0]).toMatchObject({ state: "captured", cost: { actualMicroUsd: 3 * CENT } });
});

test("a settlement cannot be turned round, and only unknown calls can be settled", async () => {
  const ledger = await newLedger();
  const call = loseSight(ledger);
  ledger.settle(call, { paid: true });
  expect(failureOf(() => ledger.settle(call, { paid: false })).code).toBe("operation-not-open");
  expect(failureOf(() => ledger.settle(pay(ledger, 1), { paid: false })).code).toBe("operation-not-open");
});

test("names that the ledger does not know are said to be unknown", async () => {
  const ledger = await newLedger();
  expect(failureOf(() => ledger.release("nothing")).code).toBe("operation-unknown");
  expect(failureOf(() => ledger.markDelivered("nothing")).code).toBe("operation-unknown");
});

test("several steps together happen all or not at all", async () => {
  const ledger = await newLedger();
  const [one, two] = [reserveCall(ledger), reserveCall(ledger)];
  failureOf(() =>
    ledger.together((steps) => {
      steps.release(one);
      steps.markAnswered(two, answer);
    }),
  );
  expect(ledger.openOperations()).toHaveLength(2);
  ledger.together((steps) => {
    steps.release(one);
    steps.release(two);
  });
  expect(ledger.openOperations()).toEqual([]);
});

describe("the database itself refuses", () => {
  const forbidden = callStates.flatMap((from) =>
    callStates.filter((to) => to !== from && !followingStates[from].includes(to)).map((to) => ({ from, to })),
  );

  /** SQL that takes a fresh call to a state. */
  const ways: Record<(typeof callStates)[number], readonly string[]> = {
    reserved: [],
    sent: ["state = 'sent'"],
    answered: ["state = 'sent'", "state = 'answered'"],
    captured: ["state = 'sent'", "state = 'answered'", "state = 'captured', basis = 'usage'"],
    rejected: ["state = 'rejected'"],
    released: ["state = 'released'"],
    unknown: ["state = 'sent'", "state = 'unknown'"],
    settled: ["state = 'sent'", "state = 'unknown'", "state = 'settled', paid = 1"],
  };

  test.each(forbidden)("$from → $to", async ({ from, to }) => {
    const ledger = await newLedger();
    reserveCall(ledger);
    const database = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
    for (const set of ways[from]) expect(database.run(`UPDATE calls SET ${set}`)).toBe(1);
    const last = ways[to].at(-1) ?? "state = 'reserved', paid = NULL";
    expect(failureOf(() => database.run(`UPDATE calls SET ${last}`)).message).toMatch(/may not follow|CHECK/);
    database.close();
  });

  test.each([
    "UPDATE calls SET hold_micro_usd = 0",
    "UPDATE calls SET day = '2000-01-01'",
    "UPDATE calls SET counts = 0, hold_micro_usd = 0",
    "UPDATE calls SET model = 'other'",
    "UPDATE calls SET actual_micro_usd = -1",
    "UPDATE calls SET actual_micro_usd = 1.5",
    "UPDATE operations SET prompt = 'other'",
    "DELETE FROM calls",
    "DELETE FROM operations",
    "INSERT OR REPLACE INTO keys SELECT 'k', 'no such operation', 'x'",
    `INSERT INTO calls (ordinal, id, operation, image, state, owner, day, run, project, model, counts, hold_micro_usd,
       estimate_micro_usd, basis, attempts, reserved_at_ms)
     SELECT 9, 'x', operation, 9, 'captured', owner, day, run, project, model, counts, 0, 0, 'usage', 0, 0 FROM calls`,
  ])("%s", async (sql) => {
    const ledger = await newLedger();
    reserveCall(ledger);
    const database = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
    expect(failureOf(() => database.run(sql)).code).toBe("internal");
    database.close();
  });

  test("to change a call that has ended", async () => {
    const ledger = await newLedger();
    pay(ledger, 5);
    const database = await openDatabase(ledger.files.ledger, { busyTimeoutMs: 0 });
    expect(failureOf(() => database.run("UPDATE calls SET actual_micro_usd = 0")).message).toContain("has ended");
    database.close();
  });
});

test("an operation shows the state that needs most attention", () => {
  expect(operationState(["captured", "unknown", "sent"])).toBe("unknown");
  expect(operationState(["captured", "reserved"])).toBe("reserved");
  expect(operationState(["released", "captured", "rejected"])).toBe("captured");
  expect(operationState([])).toBe("released");
});
