import { assert, constantFrom, double, integer, nat, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { type ErrorCode, errorTable } from "../core/error-table.ts";
import type { Failure } from "../core/failure.ts";
import { decideRetry, type RetryQuestion } from "./retry.ts";

const decide = (failure: Failure, asked: Partial<RetryQuestion> = {}) =>
  decideRetry({ attempt: 1, waitedMs: 0, random: () => 0.5, ...asked, failure });

const codes = Object.keys(errorTable).filter((code): code is ErrorCode => code in errorTable);

const attemptsOf = (code: ErrorCode): number => {
  let attempt = 1;
  while (attempt < 10 && decide({ code, retryAfterMs: 10 }, { attempt }).retry) attempt += 1;
  return attempt;
};

describe("how many calls a purchase may take in all", () => {
  test.each([
    ["connect-failed", 3],
    ["connect-timeout", 3],
    ["upload-interrupted", 3],
    ["rate-limited", 3],
    ["overloaded", 3],
    ["proxy-cooling-down", 3],
    ["server-error", 2],
    ["server-timeout", 2],
  ] as const)("%s: %i", (code, attempts) => {
    expect(attemptsOf(code)).toBe(attempts);
  });

  test("everything else: one", () => {
    const retried = codes.filter((code) => attemptsOf(code) > 1);
    expect(retried.toSorted()).toEqual([
      "connect-failed",
      "connect-timeout",
      "overloaded",
      "proxy-cooling-down",
      "rate-limited",
      "server-error",
      "server-timeout",
      "upload-interrupted",
    ]);
  });
});

test.each(["maybe", "yes"] as const)(
  "a failure seen to be billed: %s is not bought again, whatever its row says",
  (billed) => {
    expect(decide({ code: "overloaded" }).retry).toBe(true);
    expect(decide({ code: "overloaded", billed }).retry).toBe(false);
  },
);

describe("how long to wait", () => {
  test.each([
    [1, 0.5, 500],
    [2, 0.5, 1_000],
    [1, 0, 0],
  ])("no connection, attempt %i, dice %d: %i ms, whatever a server is said to have asked", (attempt, dice, waitMs) => {
    const failure = { code: "connect-failed", retryAfterMs: 9_000 } as const;
    expect(decide(failure, { attempt, random: () => dice })).toMatchObject({ retry: true, waitMs });
  });

  test("a provider's time is kept, with a little on top", () => {
    const failure = { code: "rate-limited", retryAfterMs: 44_097 } as const;
    expect(decide(failure, { random: () => 0 })).toMatchObject({ waitMs: 44_097 });
    expect(decide(failure, { random: () => 0.5 })).toMatchObject({ waitMs: 44_597 });
  });

  test("without a provider's time an overloaded model is left alone for at least half of the backoff", () => {
    expect(decide({ code: "overloaded" }, { random: () => 0 })).toMatchObject({ waitMs: 500 });
    expect(decide({ code: "overloaded" }, { attempt: 2, random: () => 0 })).toMatchObject({ waitMs: 1_000 });
  });

  test("a provider that asks for more than is left to wait is not tried again", () => {
    const failure = { code: "rate-limited", retryAfterMs: 30_000 } as const;
    expect(decide(failure, { waitedMs: 30_000 }).retry).toBe(true);
    expect(decide(failure, { waitedMs: 30_001 }).retry).toBe(false);
    expect(decide(failure, { maxWaitMs: 29_999 }).retry).toBe(false);
  });

  test("a cooling proxy is only waited for when it says until when", () => {
    expect(decide({ code: "proxy-cooling-down" }).retry).toBe(false);
    expect(decide({ code: "proxy-cooling-down", retryAfterMs: 20_000 }).retry).toBe(true);
    expect(decide({ code: "proxy-cooling-down", retryAfterMs: 3_600_000 }).retry).toBe(false);
  });

  test.each([Number.NaN, -1])("a provider's time of %d ms is no time", (retryAfterMs) => {
    expect(decide({ code: "rate-limited", retryAfterMs })).toMatchObject({ retry: true, waitMs: 750 });
    expect(decide({ code: "proxy-cooling-down", retryAfterMs }).retry).toBe(false);
  });

  test("a backoff or jitter that is longer than what is left to wait is cut to it", () => {
    expect(decide({ code: "connect-failed" }, { waitedMs: 59_900 })).toMatchObject({ waitMs: 100 });
    expect(decide({ code: "overloaded", retryAfterMs: 5_000 }, { maxWaitMs: 5_001 })).toMatchObject({ waitMs: 5_001 });
  });

  test("who may not wait does not try again", () => {
    expect(decide({ code: "connect-failed" }, { maxWaitMs: 0 }).retry).toBe(false);
    expect(decide({ code: "connect-failed" }, { maxWaitMs: Number.NaN }).retry).toBe(false);
  });
});

const question = {
  code: constantFrom(...codes),
  attempt: integer({ min: 1, max: 6 }),
  waitedMs: nat({ max: 100_000 }),
  maxWaitMs: nat({ max: 100_000 }),
  dice: double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
};

test("nothing that may have been billed is bought again, three calls are the most, and the wait stays within its bound", () => {
  const retryAfterMs = double();
  assert(
    property(record({ ...question, retryAfterMs }), ({ code, retryAfterMs: askedMs, dice, ...asked }) => {
      const decision = decide({ code, retryAfterMs: askedMs }, { ...asked, random: () => dice });
      if (!decision.retry) return;
      expect(errorTable[code].billed).toBe("no");
      expect(asked.attempt).toBeLessThan(3);
      expect(decision.waitMs).toBeGreaterThanOrEqual(0);
      expect(asked.waitedMs + decision.waitMs).toBeLessThanOrEqual(asked.maxWaitMs);
      expect(decision.reason).not.toBe("");
    }),
    { numRuns: 2_000 },
  );
});

test("nobody comes back before the time that the provider named", () => {
  const code = constantFrom("rate-limited", "overloaded", "server-error", "server-timeout", "proxy-cooling-down");
  assert(
    property(record({ ...question, code, retryAfterMs: nat({ max: 100_000 }) }), ({ retryAfterMs, dice, ...asked }) => {
      const decision = decide({ code: asked.code, retryAfterMs }, { ...asked, random: () => dice });
      const waitMs = decision.retry ? decision.waitMs : Number.POSITIVE_INFINITY;
      expect(waitMs).toBeGreaterThanOrEqual(retryAfterMs);
    }),
    { numRuns: 2_000 },
  );
});
