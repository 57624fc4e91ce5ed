import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tiers } from "../core/request.ts";
import { createCatalogue } from "../google/models/catalogue.ts";
import { type EstimateInput, estimateCost, holdOf } from "./estimate.ts";
import { listPrice, priceOfTokens } from "./list-price.ts";

const catalogue = createCatalogue();
const pictures = catalogue.models.filter(({ kind }) => kind !== "video");

const estimate = (more: Partial<EstimateInput> = {}) =>
  estimateCost({
    model: catalogue.default,
    size: "1K",
    tier: "standard",
    count: 1,
    promptBytes: 20,
    metered: true,
    ...more,
  });

describe("tokens at a rate", () => {
  test.each([
    [[[1, 500_000]], 1],
    [[[1, 499_999]], 0],
    [[[1120, 120_000_000]], 134_400],
    [
      [
        [1, 250_000],
        [1, 250_000],
      ],
      1,
    ],
    [[], 0],
  ] as const)("%j make %i micro-dollars, rounded half up and only once", (parts, price) => {
    expect(priceOfTokens(parts)).toBe(price);
  });

  test("are exact where a floating-point product would not be", () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), fc.nat(10 ** 9), (tokens, rate) => {
        const exact = (BigInt(tokens) * BigInt(rate) + 500_000n) / 1_000_000n;
        expect(BigInt(priceOfTokens([[tokens, rate]]))).toBe(exact);
      }),
    );
  });
});

describe("every model, size and tier", () => {
  const wishes = pictures.flatMap((model) =>
    [...model.sizes, null].flatMap((size) => model.tiers.map((tier) => ({ model, size, tier }))),
  );

  test("has an estimate of whole micro-dollars above nothing, and a worst case not below it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...wishes),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(10 ** 6),
        (wish, count, bytes) => {
          const { perImageMicroUsd, estimatedMicroUsd, worstCaseMicroUsd, assumed } = estimate({
            ...wish,
            count,
            promptBytes: bytes,
          });
          expect([perImageMicroUsd, worstCaseMicroUsd].every((price) => Number.isSafeInteger(price) && price > 0)).toBe(
            true,
          );
          expect(estimatedMicroUsd).toBe(perImageMicroUsd * count);
          expect(worstCaseMicroUsd).toBeGreaterThanOrEqual(estimatedMicroUsd);
          expect(assumed).toBe(false);
        },
      ),
    );
  });

  test("does not cost less in a larger size", () => {
    for (const model of pictures) {
      for (const tier of model.tiers) {
        const prices = model.sizes.map((size) => listPrice(model, size, tier) ?? Number.NaN);
        expect(prices).toEqual(prices.toSorted((a, b) => a - b));
      }
    }
  });
});

describe("what has no price of its own", () => {
  test("counts as the model's dearest picture, and says that it is assumed", () => {
    expect(estimate({ size: "512" })).toMatchObject({ perImageMicroUsd: 240_000, assumed: true });
  });

  test("is no size at all: no list price", () => {
    expect(listPrice(catalogue.default, "3K", "standard")).toBeNull();
  });

  test("no size said is the model's one size", () => {
    for (const tier of tiers) {
      expect(listPrice(catalogue.default, null, tier)).toBe(listPrice(catalogue.default, "1K", tier));
    }
  });

  test("a model whose price was assumed by the caller stays so", () => {
    expect(estimate({ assumed: true }).assumed).toBe(true);
  });
});

test("a model without prices per token has its list price as worst case", () => {
  const imagen = catalogue.find("imagen-4.0-generate-001")?.model ?? catalogue.default;
  expect(estimate({ model: imagen, count: 3 })).toMatchObject({
    estimatedMicroUsd: 120_000,
    worstCaseMicroUsd: 120_000,
  });
});

test("a Gemini model with a price per picture alone may still be billed for a draft", () => {
  const own = createCatalogue({
    models: [{ id: "mine", like: catalogue.default.id, perImageUsd: { "1K": 0.01 }, asOf: "2026-12-01" }],
  });
  const model = own.find("mine")?.model ?? catalogue.default;
  expect(estimate({ model })).toMatchObject({ perImageMicroUsd: 10_000, worstCaseMicroUsd: 20_000 });
});

test("searching adds four queries of $0.014 to each picture's worst case, and nothing to the price of the picture", () => {
  const [without, searching] = [estimate({ count: 3 }), estimate({ count: 3, search: true })];
  expect(searching.worstCaseMicroUsd - without.worstCaseMicroUsd).toBe(3 * 4 * 14_000);
  expect(searching.estimatedMicroUsd).toBe(without.estimatedMicroUsd);
});

test("whether it is billed per picture is passed on, and the price is told all the same", () => {
  expect(estimate({ metered: false })).toMatchObject({ metered: false, estimatedMicroUsd: 134_000 });
});

describe("the least that is held", () => {
  const wish = { tier: "standard", count: 1, promptBytes: 20, metered: true } as const;
  const holds = pictures
    .flatMap((model) => [...model.sizes, null].map((size) => ({ ...wish, model, size })))
    .map((input) => ({ input, hold: holdOf(input) }))
    .filter(({ hold }) => hold.tokensWithin(hold.leastMicroUsd) !== null);

  test("is below the worst case and covers the list price", () => {
    expect(holds.length).toBeGreaterThan(5);
    for (const { input, hold } of holds) {
      const price = listPrice(input.model, input.size, input.tier) ?? 0;
      expect(hold.leastMicroUsd).toBeLessThan(hold.worstCaseMicroUsd);
      expect(hold.leastMicroUsd).toBeGreaterThanOrEqual(price);
    }
  });

  test("with its limit of tokens no answer of one picture and text costs more, and two pictures do not fit", () => {
    for (const { input, hold } of holds) {
      fc.assert(
        fc.property(fc.integer({ min: hold.leastMicroUsd, max: hold.worstCaseMicroUsd }), (amount) => {
          const limit = hold.tokensWithin(amount) ?? 0;
          const imageTokens = input.model.imageTokens[input.size ?? "1K"] ?? 0;
          const rates = input.model.prices.rates.standard;
          if (!rates || imageTokens === 0) return;
          expect(limit).toBeLessThan(2 * imageTokens);
          const dearestAnswer = priceOfTokens([
            [imageTokens, rates.imageOut],
            [limit - imageTokens, rates.textOut],
            [input.promptBytes, rates.textIn],
          ]);
          // Each part is rounded by itself.
          expect(dearestAnswer).toBeLessThanOrEqual(amount + 2);
        }),
        { numRuns: 30 },
      );
    }
  });
});
