import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readUsage } from "./read-usage.ts";

const withPicture = { hasPicture: true };
const without = { hasPicture: false };

describe("usage", () => {
  test("is split by modality, with the undetailed rest as text", () => {
    // The sample of google-apis facts §1.3: two drafts of 1120 tokens, 238 tokens beyond the details.
    const usage = readUsage(
      {
        promptTokenCount: 615,
        candidatesTokenCount: 2478,
        thoughtsTokenCount: 208,
        totalTokenCount: 3301,
        promptTokensDetails: [
          { modality: "TEXT", tokenCount: 99 },
          { modality: "IMAGE", tokenCount: 516 },
        ],
        candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 2240 }],
      },
      withPicture,
    );
    expect(usage).toEqual({
      promptTokens: 615,
      promptImageTokens: 516,
      imageTokens: 2240,
      textTokens: 238,
      thoughtTokens: 208,
      servedTier: null,
    });
  });

  test("of a refusal does not count the thoughts twice", () => {
    const refusal = { promptTokenCount: 12, candidatesTokenCount: 90, thoughtsTokenCount: 90, totalTokenCount: 102 };
    expect(readUsage(refusal, without)).toMatchObject({ promptTokens: 12, textTokens: 0, thoughtTokens: 90 });
  });

  test("whose total counts answer and thoughts apart keeps both, even when they are equal", () => {
    const usage = { promptTokenCount: 12, candidatesTokenCount: 90, thoughtsTokenCount: 90, totalTokenCount: 192 };
    expect(readUsage(usage, without)).toMatchObject({ textTokens: 90, thoughtTokens: 90 });
  });

  test("without details is taken for picture tokens when a picture came, never the cheaper reading", () => {
    const usage = { promptTokenCount: 5, candidatesTokenCount: 1290, totalTokenCount: 1295 };
    expect(readUsage(usage, withPicture)).toMatchObject({ imageTokens: 1290, textTokens: 0 });
    expect(readUsage(usage, without)).toMatchObject({ imageTokens: 0, textTokens: 1290 });
  });

  test("counts what tools put into the prompt as prompt", () => {
    expect(readUsage({ promptTokenCount: 5, toolUsePromptTokenCount: 30 }, without)).toMatchObject({
      promptTokens: 35,
    });
  });

  test("of a blocked prompt has the prompt only", () => {
    expect(readUsage({ promptTokenCount: 20, totalTokenCount: 20 }, without)).toMatchObject({
      promptTokens: 20,
      imageTokens: 0,
      textTokens: 0,
      thoughtTokens: 0,
    });
  });

  test.each([
    [{ serviceTier: "flex" }, "flex"],
    [{ serviceTier: "standard" }, "standard"],
    [{ trafficType: "ON_DEMAND" }, "standard"],
    [{ trafficType: "ON_DEMAND_FLEX" }, "flex"],
    [{ trafficType: "ON_DEMAND_PRIORITY" }, "priority"],
    [{ trafficType: "PROVISIONED_THROUGHPUT" }, null],
    [{ serviceTier: "constructor" }, null],
    [{}, null],
  ])("%j was served as %s", (tier, served) => {
    expect(readUsage({ promptTokenCount: 1, ...tier }, without)?.servedTier).toBe(served);
  });

  test.each([undefined, null, 7, "x", [], {}, { thoughtsTokenCount: 4 }])("%j is no usage", (value) => {
    expect(readUsage(value, withPicture)).toBeNull();
  });

  test.each([-1, 1.5, "12", 1e308, 1_000_000_001, Number.NaN, true, {}])(
    "with the number %j is not believed",
    (number) => {
      expect(readUsage({ promptTokenCount: 5, candidatesTokenCount: number }, withPicture)).toBeNull();
      const details = [{ modality: "IMAGE", tokenCount: number }];
      expect(readUsage({ promptTokenCount: 5, candidatesTokensDetails: details }, withPicture)).toBeNull();
    },
  );

  test("is made of non-negative integers whatever is read", () => {
    const anything = fc.dictionary(
      fc.constantFrom(
        "promptTokenCount",
        "candidatesTokenCount",
        "thoughtsTokenCount",
        "totalTokenCount",
        "promptTokensDetails",
        "candidatesTokensDetails",
      ),
      fc.oneof(
        fc.integer({ min: -2, max: 3_000 }),
        fc.array(fc.record({ modality: fc.constantFrom("IMAGE", "TEXT"), tokenCount: fc.nat(3_000) })),
        fc.anything(),
      ),
    );
    fc.assert(
      fc.property(anything, fc.boolean(), (value, hasPicture) => {
        const usage = readUsage(value, { hasPicture });
        if (usage === null) return;
        const { servedTier: _tier, ...numbers } = usage;
        expect(Object.values(numbers).every((number) => Number.isSafeInteger(number) && number >= 0)).toBe(true);
        expect(usage.promptImageTokens).toBeLessThanOrEqual(usage.promptTokens);
      }),
    );
  });
});
