import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../core/error-table.ts";
import { evidenceOf } from "./evidence.ts";

const usage = {
  promptTokens: 5,
  promptImageTokens: 0,
  imageTokens: 0,
  textTokens: 9,
  thoughtTokens: 0,
  servedTier: null,
};

describe("what a failed call means for its hold", () => {
  test.each<[ErrorCode, number | undefined, boolean, string]>([
    ["connect-failed", undefined, false, "rejected"],
    ["rate-limited", 429, false, "rejected"],
    ["server-error", 500, false, "rejected"],
    ["bad-request", 400, false, "rejected"],
    ["connection-lost", undefined, false, "unknown"],
    ["connection-lost", undefined, true, "unknown"],
    ["timeout", undefined, false, "unknown"],
    ["foreign-answer", 200, false, "unknown"],
    ["answer-incomplete", 200, true, "unknown"],
    ["interrupted", undefined, false, "unknown"],
    ["internal", undefined, false, "unknown"],
    ["refused-safety", 200, true, "captured"],
    ["refused-safety", 200, false, "rejected"],
    ["no-image", 200, false, "captured"],
    ["answer-damaged", 200, false, "captured"],
  ])("%s with status %s, usage %s, once it was sent: %s", (code, httpStatus, counts, expected) => {
    const failure = { code, ...(httpStatus === undefined ? {} : { httpStatus }) };
    expect(evidenceOf(failure, { wasSent: true, usage: counts ? usage : null })).toBe(expected);
    expect(evidenceOf(failure, { wasSent: false, usage: null })).toBe("released");
  });

  test("evidence of the occasion wins over the table", () => {
    expect(evidenceOf({ code: "interrupted", billed: "no" }, { wasSent: true, usage: null })).toBe("rejected");
    expect(evidenceOf({ code: "server-error", billed: "maybe" }, { wasSent: true, usage: null })).toBe("unknown");
  });
});
