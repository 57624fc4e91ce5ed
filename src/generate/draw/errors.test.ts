import { describe, expect, test } from "vitest";
import type { Failure } from "../../core/failure.ts";
import { isToolError, reportError, ToolError } from "../../core/tool-error.ts";
import { errorOfFailure, failureOfError, toToolError } from "./errors.ts";

const full: Failure = {
  code: "rate-limited",
  message: "Seen.",
  httpStatus: 429,
  providerMessage: "secret words",
  retryAfterMs: 1_001,
  nextStep: "Wait.",
  cause: "Too many.",
  billed: "maybe",
};

const masked = (text: string): string => text.replaceAll("secret", "[masked]");

describe("a failure as an error", () => {
  test("keeps all that was seen, cleaned, with the time rounded up", () => {
    expect(reportError(errorOfFailure(full, masked, "/kept"))).toMatchObject({
      code: "rate-limited",
      message: "Seen.",
      httpStatus: 429,
      providerMessage: "[masked] words",
      retryAfterSeconds: 2,
      nextStep: "Wait.",
      cause: "Too many.",
      billed: "maybe",
      savedAt: "/kept",
    });
  });

  test.each(["message", "nextStep", "providerMessage"] as const)("never shows a secret in its %s", (field) => {
    const error = errorOfFailure({ code: "bad-request", [field]: "a secret" }, masked);
    expect(JSON.stringify(reportError(error))).not.toContain("secret");
  });

  test("has the row's words where nothing was seen", () => {
    const error = errorOfFailure({ code: "overloaded" }, masked);
    expect(reportError(error)).toEqual(reportError(new ToolError("overloaded")));
  });

  test("does not tell empty words of the provider's", () => {
    expect(reportError(errorOfFailure({ ...full, providerMessage: "x" }, () => "")).providerMessage).toBeNull();
  });
});

test("an error as a failure and back is the same error", () => {
  const error = errorOfFailure({ ...full, retryAfterMs: 2_000 }, (text) => text);
  expect(reportError(errorOfFailure(failureOfError(error), (text) => text))).toEqual(reportError(error));
});

describe("something thrown", () => {
  test("stays what it is when it is ours", () => {
    const error = new ToolError("timeout");
    expect(toToolError(error)).toBe(error);
  });

  test("is interrupted and not billed when it is an abort", () => {
    expect(reportError(toToolError(AbortSignal.abort().reason))).toMatchObject({ code: "interrupted", billed: "no" });
  });

  test.each([new Error("boom"), "boom"])("is a fault of our own when nobody knows it: %s", (thrown) => {
    const error = toToolError(thrown);
    expect([isToolError(error), error.code, error.message, error.exitCode]).toEqual([true, "internal", "boom", 10]);
  });
});
