// Prices, names and ratios of the user's own models file; catalogue.test.ts has the simple cases.

import { describe, expect, test } from "vitest";
import { isToolError } from "../../core/tool-error.ts";
import { createCatalogue } from "./catalogue.ts";
import type { PriceList } from "./model.ts";

const asOf = "2026-12-01";

function pricesOf(entry: object): PriceList | undefined {
  return createCatalogue({ models: [{ id: "mine", like: "gemini-3-pro-image", asOf, ...entry }] }).find("mine")?.model
    .prices;
}

function fieldsRefused(entry: object): readonly string[] {
  try {
    createCatalogue({ models: [{ id: "mine", like: "gemini-3-pro-image", ...entry }] });
  } catch (error) {
    if (isToolError(error)) return error.details.problems?.map(({ field }) => field) ?? [];
  }
  return [];
}

describe("the price before and the price after agree", () => {
  test("a new picture rate sets the price of every size", () => {
    expect(pricesOf({ perMillionTokensUsd: { imageOut: 240 } })).toMatchObject({
      perImage: { "1K": 268_800, "2K": 268_800, "4K": 480_000 },
      rates: { standard: { imageOut: 240_000_000, textOut: 12_000_000 } },
    });
  });

  test("a fraction of a micro-dollar is rounded up", () => {
    expect(pricesOf({ perMillionTokensUsd: { imageOut: 100.0001 } })?.perImage["1K"]).toBe(112_001);
  });

  test("a size that is named keeps the price that it was given", () => {
    expect(pricesOf({ perMillionTokensUsd: { imageOut: 240 }, perImageUsd: { "4K": 0.5 } })?.perImage).toEqual({
      "1K": 268_800,
      "2K": 268_800,
      "4K": 500_000,
    });
  });

  test("another rate leaves the price of the picture alone", () => {
    expect(pricesOf({ perMillionTokensUsd: { textOut: 20 } })).toMatchObject({
      perImage: { "1K": 134_000 },
      rates: { standard: { textOut: 20_000_000, imageOut: 120_000_000 } },
    });
  });

  test("a price per picture alone leaves no rates that would contradict it", () => {
    expect(pricesOf({ perImageUsd: { "1K": 0.01 } })?.rates).toEqual({});
  });

  test("a search still costs what it did", () => {
    expect(pricesOf({ perImageUsd: { "1K": 0.01 } })?.perSearchQuery).toBe(14_000);
  });

  test("no tier keeps the old price", () => {
    expect(Object.keys(pricesOf({ perMillionTokensUsd: { imageOut: 240 } })?.rates ?? {})).toEqual(["standard"]);
  });
});

describe("refused with its place", () => {
  test.each(["2026-13-01", "2026-02-30", "2026-2-3", "yesterday", 20_261_201])("the day %j", (day) => {
    expect(fieldsRefused({ perImageUsd: { "1K": 0.1 }, asOf: day })).toEqual(["models[0].asOf"]);
  });

  test.each(["gemini-nano-banana-2.1", "GEMINI-3-PRO-IMAGE", "nano-banana-2"])(
    "the alias %s of another model",
    (name) => {
      expect(fieldsRefused({ aliases: ["free-name", name] })).toEqual(["models[0].aliases"]);
    },
  );

  test.each(["wide", "16x9", "0:1", "1:0", ""])("the ratio %j", (ratio) => {
    expect(fieldsRefused({ ratios: ["1:1", ratio] })).toEqual(["models[0].ratios"]);
  });
});

test("a known model keeps its own aliases when they are written again", () => {
  const own = createCatalogue({ models: [{ id: "gemini-3-pro-image", aliases: ["nano-banana-pro", "pro"] }] });
  expect([own.find("pro"), own.find("nano-banana-pro")].map((found) => found?.model.id)).toEqual([
    "gemini-3-pro-image",
    "gemini-3-pro-image",
  ]);
});
