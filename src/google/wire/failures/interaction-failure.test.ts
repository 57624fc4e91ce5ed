import { expect, test } from "vitest";
import type { UsageReport } from "../../../core/outcome.ts";
import { failureOfInteraction, failureOfStop, failureOfWords, isUnknownInteraction } from "./interaction-failure.ts";

const counted: UsageReport = { promptTokens: 9, imageTokens: 0, textTokens: 20, thoughtTokens: 0, videoTokens: 0 };

test.each([
  ["a word", { code: "internal", message: "oh" }, "server-error"],
  ["a word for safety", { code: "PROHIBITED_CONTENT", message: "no" }, "refused-safety"],
  ["a number", { code: 8, message: "full" }, "rate-limited"],
  [
    "words about a policy",
    { code: "invalid_request", message: "It was blocked for safety reasons." },
    "refused-safety",
  ],
  ["the name of a field", { code: "invalid_request", message: "safety_settings is unknown" }, "bad-request"],
  ["nothing", {}, "server-error"],
])("a failure with %s", (_what, error, code) => {
  expect(failureOfInteraction({ error }, null)).toMatchObject({ code, billed: "no" });
  expect(failureOfInteraction({ error }, counted)).toMatchObject({ code, billed: "yes" });
});

test("words in place of a clip are a refusal when they say so, and cost what is counted", () => {
  expect(failureOfWords("It may violate our policies.", counted)).toMatchObject({
    code: "refused-safety",
    billed: "yes",
    providerMessage: "It may violate our policies.",
  });
  expect(failureOfWords("Which sea?", null)).toMatchObject({ code: "no-image", billed: "maybe" });
});

test("a stop names the provider's word for it", () => {
  expect(failureOfStop("budget_exceeded", null)).toMatchObject({ code: "clip-stopped", billed: "maybe" });
  expect(failureOfStop("cancelled", counted).message).toContain("cancelled");
});

test("an id that is not known is a 400 in these words, and no other", () => {
  const failure = { code: "bad-request", httpStatus: 400 } as const;
  expect(isUnknownInteraction({ ...failure, providerMessage: "Invalid interaction name: interactions/x." })).toBe(true);
  expect(isUnknownInteraction({ ...failure, providerMessage: "Multiple authentication credentials received" })).toBe(
    false,
  );
});
