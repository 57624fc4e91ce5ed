// The price of some pictures of a model, as the original design asked for it.

import type { Catalogue } from "../google/models/catalogue.ts";
import { createCatalogue } from "../google/models/catalogue.ts";
import { listPrice } from "./list-price.ts";

export interface ImageCost {
  readonly model: string;
  readonly count: number;
  /** US dollars, standard tier, 1K. */
  readonly pricePerImage: number;
  /** US dollars. */
  readonly totalCostUsd: number;
  /** None of the image models has a free tier. */
  readonly isFreeTier: boolean;
  /** Present when the model is not known and the default model's price was taken. */
  readonly assumed?: true;
}

/**
 * List price of `count` pictures of 1K.
 *
 * @param catalogue default: the built-in one.
 * @throws RangeError when `count` is not a whole number from 0.
 */
export function calculateImageCost(model: string, count = 1, catalogue: Catalogue = createCatalogue()): ImageCost {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError("count must be a whole number from 0.");
  const found = catalogue.find(model)?.model;
  const size = found?.sizes.includes("1K") ? "1K" : (found?.sizes[0] ?? null);
  const own = found ? listPrice(found, size, "standard") : null;
  const perImage = own ?? listPrice(catalogue.default, "1K", "standard") ?? 0;
  return {
    model: found?.id ?? model,
    count,
    pricePerImage: perImage / 1_000_000,
    totalCostUsd: (perImage * count) / 1_000_000,
    isFreeTier: false,
    ...(own === null ? { assumed: true } : {}),
  };
}
