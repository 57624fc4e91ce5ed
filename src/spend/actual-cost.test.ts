import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TokenUsage } from "../core/answer.ts";
import { tiers } from "../core/request.ts";
import { createCatalogue } from "../google/models/catalogue.ts";
import { type BilledCall, reportCost } from "./actual-cost.ts";
import { estimateCost } from "./estimate.ts";

const catalogue = createCatalogue();
const pictures = catalogue.models.filter(({ kind }) => kind !== "video");

const tokens = fc.nat(10 ** 9);
const usages: fc.Arbitrary<TokenUsage> = fc
  .record({
    promptTokens: tokens,
    imageShare: fc.double({ min: 0, max: 1, noNaN: true }),
    imageTokens: tokens,
    textTokens: tokens,
    thoughtTokens: tokens,
    servedTier: fc.constantFrom(...tiers, null),
  })
  .map(({ imageShare, ...usage }) => ({ ...usage, promptImageTokens: Math.floor(usage.promptTokens * imageShare) }));

const calls: fc.Arbitrary<BilledCall> = fc.record({
  usage: fc.option(usages, { nil: null }),
  hasPicture: fc.boolean(),
  isUnknown: fc.boolean(),
});

function report(model: (typeof pictures)[number], list: readonly BilledCall[], metered = true) {
  const estimate = estimateCost({ model, size: null, tier: "standard", count: 1, promptBytes: 1, metered });
  return reportCost({ model, tier: "standard", estimate, calls: list });
}

describe("whatever the calls", () => {
  const any = [fc.constantFrom(...pictures), fc.array(calls, { maxLength: 5 })] as const;

  test("the cost is a whole number from 0, or not known", () => {
    fc.assert(
      fc.property(...any, (model, list) => {
        const { actualMicroUsd, basis } = report(model, list);
        const isAmount = Number.isSafeInteger(actualMicroUsd) && Number(actualMicroUsd) >= 0;
        expect(isAmount).toBe(basis !== "unknown");
        expect(actualMicroUsd === null).toBe(basis === "unknown");
      }),
    );
  });

  test("one call more never makes it less", () => {
    fc.assert(
      fc.property(...any, calls, (model, list, more) => {
        const before = report(model, list, false).listPriceMicroUsd ?? Number.NaN;
        const after = report(model, [...list, more], false).listPriceMicroUsd ?? Number.NaN;
        expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  test("an unmetered route bills nothing", () => {
    fc.assert(
      fc.property(...any, (model, list) => {
        expect(report(model, list, false)).toMatchObject({ actualMicroUsd: 0, basis: "unmetered" });
      }),
    );
  });
});

const usage: TokenUsage = {
  promptTokens: 100,
  promptImageTokens: 0,
  imageTokens: 1120,
  textTokens: 0,
  thoughtTokens: 0,
  servedTier: null,
};

test("nothing sent costs nothing", () => {
  expect(report(catalogue.default, [])).toMatchObject({ actualMicroUsd: 0, basis: "usage" });
});

test("a refusal without usage costs nothing, and a picture beside it is still by usage", () => {
  const refused = { usage: null, hasPicture: false, isUnknown: false };
  const drawn = { usage, hasPicture: true, isUnknown: false };
  expect(report(catalogue.default, [refused, drawn])).toMatchObject({ actualMicroUsd: 134_600, basis: "usage" });
});

test("usage that came makes a call known, however it ended", () => {
  expect(report(catalogue.default, [{ usage, hasPicture: false, isUnknown: true }]).basis).toBe("usage");
});

test("a model without prices per token has its list price, usage or not", () => {
  const imagen = catalogue.find("imagen-4.0-generate-001")?.model ?? catalogue.default;
  expect(report(imagen, [{ usage, hasPicture: true, isUnknown: false }])).toMatchObject({
    actualMicroUsd: 40_000,
    basis: "list-price",
  });
});
