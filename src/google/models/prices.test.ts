// Every price of the fact sheet (google-apis facts §3), typed from its tables and not from the rows.

import { describe, expect, test } from "vitest";
import { createCatalogue } from "./catalogue.ts";
import type { Model } from "./model.ts";

const catalogue = createCatalogue();

function model(id: string): Model {
  const found = catalogue.find(id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found.model;
}

const usd = (microUsd: number | undefined): number | undefined => microUsd && microUsd / 1_000_000;

// §3.1 Gemini API page of 2026-09-24, §3.2 page of 2026-10-09. Text in, text and thinking out, picture out.
test.each([
  ["gemini-3-pro-image", "standard", 2, 12, 120],
  ["gemini-3-pro-image", "batch", 1, 6, 60],
  ["gemini-3-pro-image", "flex", 1, 6, 60],
  ["gemini-3-pro-image", "priority", 3.6, 21.6, 216],
  ["gemini-3.1-flash-image", "standard", 0.5, 3, 60],
  ["gemini-3.1-flash-lite-image", "standard", 0.25, 1.5, 30],
  ["gemini-2.5-flash-image", "standard", 0.3, 2.5, 30],
  ["gemini-nano-banana-2.1", "standard", 1.5, 7.5, 30],
  ["gemini-nano-banana-2.1", "batch", 0.75, 3.75, 15],
] as const)("%s, %s: a million tokens cost %f in, %f out, %f as pictures", (id, tier, textIn, textOut, imageOut) => {
  const rates = model(id).prices.rates[tier];
  expect([usd(rates?.textIn), usd(rates?.imageIn)]).toEqual([textIn, textIn]);
  expect([usd(rates?.textOut), usd(rates?.imageOut)]).toEqual([textOut, imageOut]);
});

test.each([
  ["gemini-3-pro-image", "1K", 1120, 0.134],
  ["gemini-3-pro-image", "2K", 1120, 0.134],
  ["gemini-3-pro-image", "4K", 2000, 0.24],
  ["gemini-3.1-flash-image", "512", 747, 0.045],
  ["gemini-3.1-flash-image", "1K", 1120, 0.067],
  ["gemini-3.1-flash-image", "2K", 1680, 0.101],
  ["gemini-3.1-flash-image", "4K", 2520, 0.151],
  ["gemini-3.1-flash-lite-image", "1K", 1120, 0.0336],
  ["gemini-2.5-flash-image", "1K", 1290, 0.039],
  ["gemini-nano-banana-2.1", "1K", 1120, 0.0336],
  ["gemini-nano-banana-2.1", "2K", 1680, 0.0504],
  ["gemini-nano-banana-2.1", "4K", 3780, 0.113],
] as const)("%s %s: a picture has %i tokens and costs $%f", (id, size, tokens, price) => {
  const { imageTokens, prices } = model(id);
  expect([imageTokens[size], usd(prices.perImage[size])]).toEqual([tokens, price]);
});

test.each([
  ["gemini-3-pro-image", "batch", { "1K": 0.067, "2K": 0.067, "4K": 0.12 }],
  ["gemini-3-pro-image", "flex", { "1K": 0.067, "2K": 0.067, "4K": 0.12 }],
  ["gemini-3.1-flash-image", "batch", { "512": 0.022, "1K": 0.034, "2K": 0.05, "4K": 0.076 }],
  ["gemini-3.1-flash-lite-image", "batch", { "1K": 0.0168 }],
  ["gemini-2.5-flash-image", "batch", { "1K": 0.0195 }],
  ["gemini-2.5-flash-image", "flex", { "1K": 0.0195 }],
  ["gemini-2.5-flash-image", "priority", { "1K": 0.0702 }],
] as const)("%s, %s: %j", (id, tier, wanted) => {
  const listed = Object.entries(model(id).prices.perImageByTier?.[tier] ?? {});
  expect(Object.fromEntries(listed.map(([size, price]) => [size, usd(price)]))).toEqual(wanted);
});

// A reference picture: 560 tokens, $0.0011 with gemini-3-pro-image.
test.each([
  ["gemini-3-pro-image", 560],
  ["gemini-3.1-flash-image", 1120],
  ["gemini-2.5-flash-image", 258],
])("%s counts a reference picture as %i tokens", (id, tokens) => {
  expect(model(id).referenceTokens).toBe(tokens);
});

// §3.3, per second with sound.
const standard = { "720p": 0.4, "1080p": 0.4, "4k": 0.6 };
const fast = { "720p": 0.1, "1080p": 0.12, "4k": 0.3 };
const lite = { "720p": 0.05, "1080p": 0.08 };
test.each([
  ["veo-3.1-generate-001", standard],
  ["veo-3.1-generate-preview", standard],
  ["veo-3.1-fast-generate-001", fast],
  ["veo-3.1-fast-generate-preview", fast],
  ["veo-3.1-lite-generate-001", lite],
  ["veo-3.1-lite-generate-preview", lite],
])("a second of %s costs %j", (id, wanted) => {
  const listed = Object.entries(model(id).prices.perSecond ?? {});
  expect(Object.fromEntries(listed.map(([resolution, price]) => [resolution, usd(price)]))).toEqual(wanted);
});

test.each(["gemini-omni-1.1-flash", "gemini-omni-1.2-flash"])("a second of %s is 5792 tokens of 720p", (id) => {
  expect(usd(model(id).prices.perSecond?.["720p"])).toBeCloseTo((5792 * 17.5) / 1_000_000, 6);
  expect(usd(model(id).prices.perSecond?.["1080p"])).toBe(0.15);
  expect(model(id).clip).toMatchObject({
    tokens: { input: 1_500_000, textOut: 9_000_000, videoOut: 17_500_000 },
    assumedPrices: ["360p", "4k"],
  });
});

// §3.4, historic, on Vertex AI: the only place that they are sent to.
test.each([
  ["imagen-3.0-fast-generate-001", 0.02],
  ["imagen-3.0-generate-001", 0.04],
  ["imagen-3.0-generate-002", 0.04],
  ["imagen-3.0-capability-001", 0.04],
  ["imagen-4.0-fast-generate-001", 0.02],
  ["imagen-4.0-generate-001", 0.04],
  ["imagen-4.0-ultra-generate-001", 0.06],
  ["imagen-4.0-upscale-preview", 0.06],
])("a picture of %s cost $%f", (id, price) => {
  expect(new Set(Object.values(model(id).prices.perImage).map(usd))).toEqual(new Set([price]));
});

describe("every row", () => {
  test("has a price for each size that it draws, a day and a source", () => {
    const pictures = catalogue.models.filter(({ kind }) => kind !== "video");
    for (const { sizes, prices } of pictures) {
      expect(Object.keys(prices.perImage).toSorted()).toEqual(sizes.toSorted());
      expect(prices.asOf).toMatch(/^2026-\d\d-\d\d$/);
      expect(prices.source).not.toBe("");
    }
  });

  test("has the price of a search query, $0.014, exactly where it can search", () => {
    for (const { search, prices } of catalogue.models) expect(prices.perSearchQuery).toBe(search ? 14_000 : undefined);
  });

  test("lists prices that its tokens give, rounded to a tenth of a cent", () => {
    const listed = catalogue.models
      .filter(({ kind, runnable, id }) => runnable && kind === "image" && !id.startsWith("gemini-2.0"))
      .flatMap(({ id, sizes, imageTokens, prices }) =>
        sizes.map((size) => ({
          id,
          size,
          difference: Math.abs(
            ((imageTokens[size] ?? 0) * (prices.rates.standard?.imageOut ?? 0)) / 1_000_000 -
              (prices.perImage[size] ?? Number.NaN),
          ),
        })),
      );
    expect(listed.filter(({ difference }) => !(difference < 500))).toEqual([]);
  });
});
