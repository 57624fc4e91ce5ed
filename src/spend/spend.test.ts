import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TokenUsage } from "../core/answer.ts";
import { createCatalogue } from "../google/models/catalogue.ts";
import type { Model } from "../google/models/model.ts";
import { type BilledCall, reportCost } from "./actual-cost.ts";
import { calculateImageCost } from "./calculate-image-cost.ts";
import { compareWithVideo } from "./compare.ts";
import { estimateCost } from "./estimate.ts";
import { listPrice } from "./list-price.ts";
import { recommendModel } from "./recommend.ts";

const catalogue = createCatalogue();
const nowMs = Date.parse("2026-11-24T12:00:00Z");

function model(id: string): Model {
  const found = catalogue.find(id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found.model;
}

// Gemini API pricing page of 2026-09-24, and of 2026-10-09 for nano-banana-2.1 (facts §3).
test.each([
  ["gemini-3-pro-image", "1K", "standard", 134_000],
  ["gemini-3-pro-image", "2K", "standard", 134_000],
  ["gemini-3-pro-image", "4K", "standard", 240_000],
  ["gemini-3-pro-image", "1K", "flex", 67_000],
  ["gemini-3-pro-image", "4K", "flex", 120_000],
  ["gemini-3-pro-image", "1K", "priority", 241_920],
  ["gemini-3.1-flash-image", "512", "standard", 45_000],
  ["gemini-3.1-flash-image", "1K", "standard", 67_000],
  ["gemini-3.1-flash-image", "2K", "standard", 101_000],
  ["gemini-3.1-flash-image", "4K", "standard", 151_000],
  ["gemini-3.1-flash-lite-image", "1K", "standard", 33_600],
  ["gemini-nano-banana-2.1", "1K", "standard", 33_600],
  ["gemini-nano-banana-2.1", "2K", "standard", 50_400],
  ["gemini-nano-banana-2.1", "4K", "standard", 113_000],
  ["gemini-2.5-flash-image", "1K", "standard", 39_000],
  ["gemini-2.5-flash-image", "1K", "flex", 19_500],
  ["gemini-2.5-flash-image", "1K", "priority", 70_200],
  ["imagen-4.0-fast-generate-001", "1K", "standard", 20_000],
  ["imagen-4.0-ultra-generate-001", "2K", "standard", 60_000],
] as const)("%s %s, %s costs %i micro-dollars", (id, size, tier, price) => {
  expect(listPrice(model(id), size, tier)).toBe(price);
});

const estimate = (count = 1, promptBytes = 20) =>
  estimateCost({ model: catalogue.default, size: "1K", tier: "standard", count, promptBytes, metered: true });

describe("the price before", () => {
  test("is the list price times the pictures; the worst case has a draft, the prompt and some thinking more", () => {
    expect(estimate(3)).toMatchObject({
      perImageMicroUsd: 134_000,
      estimatedMicroUsd: 402_000,
      pricedAsOf: "2026-09-24",
    });
    expect(estimate(1).worstCaseMicroUsd).toBe(2 * 134_400 + 20 * 2 + 2_048 * 12);
  });

  test("never shrinks with more pictures or a longer prompt, and is a whole number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(10 ** 6), (count, bytes) => {
        const { estimatedMicroUsd, worstCaseMicroUsd } = estimate(count, bytes);
        expect(Number.isSafeInteger(worstCaseMicroUsd)).toBe(true);
        expect(worstCaseMicroUsd).toBeGreaterThanOrEqual(estimatedMicroUsd);
        expect(estimate(count + 1, bytes + 1).worstCaseMicroUsd).toBeGreaterThan(worstCaseMicroUsd);
      }),
    );
  });
});

const usage = (more: Partial<TokenUsage> = {}): TokenUsage => ({
  promptTokens: 0,
  promptImageTokens: 0,
  imageTokens: 1120,
  textTokens: 0,
  thoughtTokens: 0,
  servedTier: null,
  ...more,
});

const cost = (calls: readonly BilledCall[], metered = true) =>
  reportCost({ model: catalogue.default, tier: "standard", estimate: { ...estimate(calls.length), metered }, calls });

const drawn = (tokens: TokenUsage | null): BilledCall => ({ usage: tokens, hasPicture: true, isUnknown: false });

describe("the true cost after", () => {
  test("1120 image tokens at 120 a million are 134400 micro-dollars", () => {
    expect(cost([drawn(usage())])).toMatchObject({
      basis: "usage",
      actualMicroUsd: 134_400,
      estimatedMicroUsd: 134_000,
    });
  });

  test("every modality has its own rate", () => {
    const tokens = usage({
      promptTokens: 615,
      promptImageTokens: 516,
      textTokens: 238,
      thoughtTokens: 208,
      imageTokens: 2240,
    });
    expect(cost([drawn(tokens)]).actualMicroUsd).toBe(615 * 2 + 2240 * 120 + (238 + 208) * 12);
  });

  test("the tier that was served wins over the one that was asked for", () => {
    expect(cost([drawn(usage({ servedTier: "flex" }))]).actualMicroUsd).toBe(67_200);
  });

  test("each search is billed by itself, at the model's price", () => {
    expect(cost([{ ...drawn(usage()), searchQueries: 2 }]).actualMicroUsd).toBe(134_400 + 2 * 14_000);
  });

  test("a refusal costs what its prompt costs", () => {
    const refused = { usage: usage({ promptTokens: 100, imageTokens: 0 }), hasPicture: false, isUnknown: false };
    expect(cost([refused])).toMatchObject({ basis: "usage", actualMicroUsd: 200 });
  });

  test("a picture without usage counts at list price, and says so", () => {
    expect(cost([drawn(usage()), drawn(null)])).toMatchObject({ basis: "list-price", actualMicroUsd: 268_400 });
  });

  test("unknown is unknown, never 0", () => {
    const lost = { usage: null, hasPicture: false, isUnknown: true };
    expect(cost([drawn(usage()), lost])).toMatchObject({ basis: "unknown", actualMicroUsd: null });
  });

  test("an unmetered route costs nothing and still shows the list price", () => {
    expect(cost([drawn(usage())], false)).toMatchObject({
      basis: "unmetered",
      actualMicroUsd: 0,
      listPriceMicroUsd: 134_400,
    });
  });

  test("is the sum of its calls, a whole number and never negative, whatever the tokens", () => {
    const tokens = fc.nat(10 ** 6);
    const any = fc.record({ promptTokens: tokens, imageTokens: tokens, textTokens: tokens, thoughtTokens: tokens });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), (usages) => {
        const calls = usages.map((one) => drawn(usage(one)));
        const sum = calls.reduce((total, call) => total + (cost([call]).actualMicroUsd ?? Number.NaN), 0);
        expect(cost(calls).actualMicroUsd).toBe(sum);
        expect(Number.isSafeInteger(sum) && sum >= 0).toBe(true);
      }),
    );
  });
});

describe("calculateImageCost", () => {
  test("known", () => {
    expect(calculateImageCost("gemini-3-pro-image", 3)).toEqual({
      model: "gemini-3-pro-image",
      count: 3,
      pricePerImage: 0.134,
      totalCostUsd: 0.402,
      isFreeTier: false,
    });
  });

  test("by alias", () => {
    expect(calculateImageCost("nano-banana-2")).toMatchObject({
      model: "gemini-3.1-flash-image",
      pricePerImage: 0.067,
    });
  });

  test("unknown: the default's price, marked as assumed", () => {
    expect(calculateImageCost("no-such-model", 2)).toMatchObject({
      pricePerImage: 0.134,
      totalCostUsd: 0.268,
      assumed: true,
    });
  });

  test("no count that is none", () => {
    expect(() => calculateImageCost("gemini-3-pro-image", -1)).toThrow(RangeError);
  });
});

describe("recommendations", () => {
  test.each([
    [{}, "gemini-nano-banana-2.1"],
    [{ quality: "draft" }, "gemini-nano-banana-2.1"],
    [{ quality: "best" }, "gemini-3-pro-image"],
    [{ size: "4K" }, "gemini-nano-banana-2.1"],
    [{ size: "512" }, "gemini-3.1-flash-image"],
    [{ size: "4K", quality: "best" }, "gemini-3-pro-image"],
  ] as const)("%j: %s", (wish, id) => {
    expect(recommendModel({ catalogue, nowMs, ...wish })).toMatchObject({ best: { model: id } });
  });

  test("nothing cheaper that could do it is passed over", () => {
    const found = recommendModel({ catalogue, nowMs, size: "2K", aspectRatio: "16:9" });
    if ("problems" in found) throw new Error("There is no recommendation.");
    const prices = [found.best, ...found.alternatives].map(({ perImageMicroUsd }) => perImageMicroUsd);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    expect(found.givenUp).toContain("Nano Banana Pro draws finer detail and text.");
  });

  test("what nobody can do is told, all at once", () => {
    expect(recommendModel({ catalogue, nowMs, size: "8K", aspectRatio: "7:5", references: 99 })).toMatchObject({
      problems: [{ field: "--size" }, { field: "--ar" }, { field: "--references" }],
    });
  });
});

test("a clip is compared at 5 and 8 seconds, cheapest first, by models that are still served", () => {
  const { picture, clips } = compareWithVideo({
    catalogue,
    model: catalogue.default,
    size: "1K",
    tier: "standard",
    count: 1,
    nowMs,
  });
  expect(picture.microUsd).toBe(134_000);
  expect(new Set(clips.map(({ seconds }) => seconds))).toEqual(new Set([5, 8]));
  expect(clips.map(({ microUsd }) => microUsd)).toEqual(
    clips.map(({ microUsd }) => microUsd).toSorted((a, b) => a - b),
  );
  expect(
    clips.find((clip) => clip.model === "veo-3.1-generate-001" && clip.resolution === "720p" && clip.seconds === 8),
  ).toMatchObject({
    microUsd: 3_200_000,
  });
  expect(clips.some(({ model: id }) => id.endsWith("preview"))).toBe(false);
});
