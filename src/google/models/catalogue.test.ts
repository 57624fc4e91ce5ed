import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isToolError, type Problem } from "../../core/tool-error.ts";
import { createCatalogue } from "./catalogue.ts";
import type { Model } from "./model.ts";
import { matchPixels, nearestShape, pixelsFor } from "./pixels.ts";

const catalogue = createCatalogue();

function model(id: string): Model {
  const found = catalogue.find(id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found.model;
}

describe("finding", () => {
  test.each([
    ["gemini-3-pro-image", "gemini-3-pro-image", null],
    ["models/gemini-3-pro-image", "gemini-3-pro-image", null],
    ["GEMINI-3-PRO-IMAGE", "gemini-3-pro-image", null],
    ["nano-banana-pro", "gemini-3-pro-image", "nano-banana-pro"],
    ["gemini-3-pro-image-preview", "gemini-3-pro-image", "gemini-3-pro-image-preview"],
    ["nano-banana-2", "gemini-3.1-flash-image", "nano-banana-2"],
    ["nano-banana-2.1", "gemini-nano-banana-2.1", "nano-banana-2.1"],
  ])("%s is %s", (name, id, alias) => {
    expect(catalogue.find(name)).toMatchObject({ model: { id }, alias });
  });

  test("the default is gemini-3-pro-image", () => {
    expect(catalogue.default.id).toBe("gemini-3-pro-image");
  });

  test("an unknown name is not found, and the nearest are told", () => {
    expect(catalogue.find("gemini-3-pro-imag")).toBeUndefined();
    expect(catalogue.nearestTo("gemini-3-pro-imag")[0]).toBe("gemini-3-pro-image");
  });

  test("ids and aliases are all different", () => {
    const names = catalogue.models.flatMap(({ id, aliases }) => [id, ...aliases.map(({ name }) => name)]);
    expect(new Set(names).size).toBe(names.length);
  });

  test("every replacement is a model that is known", () => {
    const replacements = catalogue.models.flatMap(({ replacement }) => replacement ?? []);
    for (const id of replacements) expect(catalogue.find(id)?.model.id).toBe(id);
  });
});

describe("pixels", () => {
  test("what a model does not draw has no pixels", () => {
    expect(pixelsFor(model("gemini-3-pro-image"), "1:8", "1K")).toBeUndefined();
    expect(pixelsFor(model("gemini-3-pro-image"), "1:1", "512")).toBeUndefined();
  });

  test("every picture that a model draws is found again by its pixels", () => {
    const drawn = catalogue.models
      .filter(({ kind }) => kind === "image")
      .flatMap((row) => row.sizes.flatMap((size) => row.ratios.map((ratio) => ({ row, size, ratio }))));
    fc.assert(
      fc.property(fc.constantFrom(...drawn), ({ row, size, ratio }) => {
        const pixels = pixelsFor(row, ratio, size) ?? { width: 0, height: 0 };
        expect(matchPixels(row, pixels.width, pixels.height)).toMatchObject(pixels);
        expect(nearestShape(row, pixels.width, pixels.height)).toMatchObject(pixels);
      }),
    );
  });

  test("odd pixels find the nearest shape, ratio first", () => {
    expect(nearestShape(model("gemini-3-pro-image"), 1920, 1080)).toMatchObject({ ratio: "16:9" });
  });
});

function refusalOf(overlay: unknown): readonly Problem[] {
  try {
    createCatalogue(overlay);
  } catch (error) {
    if (isToolError(error)) return error.details.problems ?? [];
  }
  return [];
}

describe("the user's own models file", () => {
  test("adds a model like another, with its own price", () => {
    const own = createCatalogue({
      models: [
        {
          id: "my-model",
          like: "gemini-3-pro-image",
          aliases: ["mine"],
          perImageUsd: { "1K": 0.01 },
          asOf: "2026-11-01",
        },
      ],
    });
    expect(own.find("mine")?.model).toMatchObject({
      id: "my-model",
      runnable: true,
      prices: { asOf: "2026-11-01", perImage: { "1K": 10_000, "4K": 240_000 } },
    });
  });

  test("changes a price and nothing else", () => {
    const own = createCatalogue({
      models: [{ id: "gemini-3-pro-image", perImageUsd: { "2K": 0.2 }, asOf: "2026-12-01" }],
    });
    expect(own.default).toMatchObject({
      label: "Nano Banana Pro",
      prices: { perImage: { "1K": 134_000, "2K": 200_000 } },
    });
    expect(catalogue.default.prices.perImage["2K"]).toBe(134_000);
  });

  test("all its mistakes are told at once, each with its place", () => {
    const refused = refusalOf({
      models: [
        { id: "a", like: "gemini-3-pro-imag" },
        { id: "gemini-3-pro-image", pricePerImage: 1, perImageUsd: { "3K": 1, "1K": "free" } },
      ],
    });
    expect(refused.map(({ field }) => field)).toEqual([
      "models[0].like",
      "models[1].pricePerImage",
      "models[1].asOf",
      "models[1].perImageUsd.3K",
      "models[1].perImageUsd.1K",
    ]);
    expect(refused[0]?.suggestion).toBe("gemini-3-pro-image");
  });

  test.each([[[]], ["text"], [{ modles: [] }]])("%j is no models file", (overlay) => {
    expect(() => createCatalogue(overlay)).toThrow(/models file/);
  });
});
