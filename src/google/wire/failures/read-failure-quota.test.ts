// Which 429 is which: for good, until tomorrow, or for a moment. Bodies after google-apis facts §4, 2026-11-22.

import { describe, expect, test } from "vitest";
import { googleError, info, readFailed as read } from "../testing/failed-answer.ts";

const oauth = { endpoint: "cloudcode-pa", auth: "oauth" } as const;
const violation = (quotaId: string, more: object = {}) => ({
  "@type": "type.googleapis.com/google.rpc.QuotaFailure",
  violations: [{ quotaId, ...more }],
});
const exhausted = (message: string, ...details: object[]) =>
  googleError(429, "RESOURCE_EXHAUSTED", message, ...details);

describe("quota", () => {
  test("of zero is for good, and no time to come back is told", () => {
    const message =
      "You exceeded your current quota.\n* Quota exceeded for metric: generate_content_free_tier_requests, limit: 0, model: x\nPlease retry in 44.09s.";
    const failure = read(429, exhausted(message, violation("GenerateRequestsPerDayPerProjectPerModel-FreeTier")));
    expect(failure.code).toBe("quota-zero");
    expect(failure).not.toHaveProperty("retryAfterMs");
  });

  test.each([
    ["limit: 0", "quota-zero"],
    ["limit: 0, limit: 10", "quota-zero"],
    ["limit: 10", "rate-limited"],
    ["limit: 0.5", "rate-limited"],
    ["limit: 05", "rate-limited"],
  ])("%j is %s", (message, code) => {
    expect(read(429, exhausted(message)).code).toBe(code);
  });

  test("of zero by its value is for good", () => {
    expect(read(429, exhausted("m", violation("PerMinute", { quotaValue: "0" }))).code).toBe("quota-zero");
  });

  test("per day is used up until it is renewed", () => {
    expect(read(429, exhausted("m", violation("GenerateRequestsPerDayPerProjectPerModel")))).toMatchObject({
      code: "quota-exhausted",
    });
  });

  test("per day tells no time to come back, though Google names some seconds", () => {
    const failure = read(
      429,
      exhausted("Please retry in 44.09s.", violation("GenerateRequestsPerDayPerProjectPerModel")),
    );
    expect(failure.code).toBe("quota-exhausted");
    expect(failure.retryAfterMs).toBeUndefined();
  });

  test("per minute passes", () => {
    expect(
      read(429, exhausted("Please retry in 12.5s.", violation("GenerateRequestsPerMinutePerProjectPerModel"))),
    ).toMatchObject({
      code: "rate-limited",
      retryAfterMs: 12_500,
    });
  });

  test("without a time does not speak of one", () => {
    expect(read(429, exhausted("Resource exhausted.")).nextStep).toMatch(/No time to wait was told/);
    expect(read(429, exhausted("Please retry in 12.5s.")).nextStep).toBeUndefined();
  });

  test.each([
    ["Resource has been exhausted (e.g. check quota).", "rate-limited"],
    ["Resource exhausted. Please try again later.", "rate-limited"],
    ["Your prepayment credits are depleted.", "prepay-empty"],
  ])("%j is %s", (message, code) => {
    expect(read(429, exhausted(message)).code).toBe(code);
  });

  test.each([
    ["RATE_LIMIT_EXCEEDED", 429, "rate-limited"],
    ["QUOTA_EXHAUSTED", 429, "quota-exhausted"],
    ["MODEL_CAPACITY_EXHAUSTED", 429, "overloaded"],
    ["MODEL_CAPACITY_EXHAUSTED", 503, "overloaded"],
    ["INSUFFICIENT_G1_CREDITS_BALANCE", 429, "prepay-empty"],
    ["SECURITY_POLICY_VIOLATED", 403, "permission-denied"],
  ])("Code Assist's %s with %d is %s", (reason, status, code) => {
    const body = googleError(status, "RESOURCE_EXHAUSTED", "m", info(reason));
    expect(read(status, body, oauth).code).toBe(code);
  });

  test("402 is an empty prepaid account", () => {
    expect(read(402, googleError(402, "RESOURCE_EXHAUSTED", "m")).code).toBe("prepay-empty");
  });
});
