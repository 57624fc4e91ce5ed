// What is sent a second time and what never is: the attempts of the command, against the emulator's log and its bill.
// Most of it is waiting, so the tests run beside each other, each with an emulator of its own.

import { describe, expect, test } from "vitest";
import type { Emulator, FaultAction, PlannedFault } from "../../src/emulator/index.ts";
import { documentOf, leadingTo, openEmulator, runCommand } from "./run-command.ts";

/** Runs the command against these faults. */
async function meet(faults: readonly PlannedFault[], words: readonly string[] = []) {
  const emulator = await openEmulator();
  emulator.plan(faults);
  const finished = await runCommand(["a red fox", "--auth", "api-key", "--json", ...words], {
    environment: { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey },
  });
  return { emulator, finished, document: documentOf(finished) };
}

/** Milliseconds from the first arrival to each. */
function sinceTheFirst(emulator: Emulator): number[] {
  const [first = 0, ...others] = emulator.requests().map(({ time }) => Date.parse(time));
  return [0, ...others.map((time) => time - first)];
}

const forEver = (action: FaultAction): readonly PlannedFault[] => [{ times: 99, action }];

describe.concurrent("a passing fault, then a picture: paid once", () => {
  const passing: readonly (readonly [string, readonly FaultAction[]])[] = [
    ["a 500", [{ type: "status", status: 500 }]],
    ["a 503", [{ type: "error", name: "overloaded" }]],
    ["a 504", [{ type: "error", name: "deadline" }]],
    [
      "a 429 and a 503",
      [
        { type: "status", status: 429, retryDelay: "0.1s" },
        { type: "status", status: 503, retryDelay: "0.1s" },
      ],
    ],
    ["a 429 without a time", [{ type: "error", name: "quota-short" }]],
  ];
  test.each(passing)("%s", async (_name, faults) => {
    const { emulator, finished, document } = await meet(faults.map((action) => ({ action })));
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    expect(document).toMatchObject({ status: "ok", attempts: faults.length + 1 });
    expect(emulator.bill()).toMatchObject({ requests: faults.length + 1, billed: 1, images: 1 });
    expect(emulator.faults().remaining).toBe(0);
  });

  test("a time that the provider names is waited for", async () => {
    const { emulator } = await meet([{ action: { type: "status", status: 429, retryDelay: "1s" } }]);
    expect(sinceTheFirst(emulator)[1]).toBeGreaterThanOrEqual(999);
  });

  test("a wait that one picture was told holds back those of the run that have not begun, and all are drawn", async () => {
    const action: FaultAction = { type: "status", status: 429, retryDelay: "0.5s" };
    const { emulator, finished } = await meet([{ action }], ["-n", "5"]);
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    expect(emulator.bill()).toMatchObject({ requests: 6, billed: 5, images: 5 });
    // Four were on their way; the fifth had not begun.
    expect(sinceTheFirst(emulator)[4]).toBeGreaterThanOrEqual(499);
  });
});

describe.concurrent("a fault that does not pass ends, and nothing is billed", () => {
  const lasting: readonly (readonly [string, FaultAction, string, number])[] = [
    ["a 503 for ever", { type: "status", status: 503, retryDelay: "0.1s" }, "overloaded", 3],
    ["a 429 for ever", { type: "status", status: 429, retryDelay: "0.1s" }, "rate-limited", 3],
    ["a 504 for ever", { type: "status", status: 504, retryDelay: "0.1s" }, "server-timeout", 2],
  ];
  test.each(lasting)("%s: %s", async (_name, action, code, calls) => {
    const { emulator, finished, document } = await meet(forEver(action));
    expect(finished.exitCode).toBe(6);
    expect(document).toMatchObject({
      error: { code, billed: "no", retryable: true },
      attempts: calls,
      cost: { actualMicroUsd: 0 },
    });
    expect(emulator.bill()).toMatchObject({ requests: calls, billed: 0 });
  });
});

describe.concurrent("the time to come back", () => {
  test.each([
    ["9999s", 9999],
    ["3600.5s", 3601],
  ])("%s cannot be waited for: at once, one call, retryAfterSeconds %i", async (retryDelay, retryAfterSeconds) => {
    const { finished, document } = await meet(forEver({ type: "status", status: 429, retryDelay }));
    expect(finished.exitCode).toBe(6);
    expect(document).toMatchObject({ error: { code: "rate-limited", retryAfterSeconds }, attempts: 1 });
  });

  test.each<FaultAction>([
    { type: "status", status: 429, retryDelay: "-5s" },
    { type: "status", status: 429, retryDelay: "abc" },
    { type: "status", status: 429, retryAfter: "Wed, 21 Oct 2015 07:28:00 GMT" },
  ])("%j is none: three calls in all, and no time is made up", async (action) => {
    const { emulator, finished, document } = await meet(forEver(action));
    expect(finished.exitCode).toBe(6);
    expect(document).toMatchObject({ error: { retryAfterSeconds: null }, attempts: 3 });
    expect(emulator.requests()).toHaveLength(3);
  });
});

describe.concurrent("what may have been billed is never sent again", () => {
  const doubtful: readonly FaultAction[] = [
    { type: "drop" },
    { type: "cut", afterBytes: 0 },
    { type: "cut", afterFraction: 0.1 },
    { type: "cut", afterFraction: 0.5 },
    { type: "stall", where: "before-headers" },
    { type: "stall", where: "after-headers" },
    { type: "stall", where: "mid-body" },
    { type: "html", page: "bad-gateway" },
  ];
  test.each(doubtful)("%j: one call, exit 7, and the cost is not said to be nothing", async (action) => {
    const { emulator, finished, document } = await meet(forEver(action), ["--timeout", "1"]);
    expect(finished.exitCode).toBe(7);
    expect(document).toMatchObject({
      error: { billed: "maybe", retryable: false },
      attempts: 1,
      cost: { basis: "unknown" },
    });
    expect([emulator.requests().length, finished.files]).toEqual([1, []]);
  });

  test("after such a call no further picture of the run is begun", async () => {
    const { emulator, finished } = await meet(forEver({ type: "drop" }), ["-n", "20"]);
    expect(finished.exitCode).toBe(7);
    expect(emulator.requests().length).toBeLessThanOrEqual(4);
  });
});
