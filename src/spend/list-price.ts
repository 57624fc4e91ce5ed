// The list price of one picture: as the provider's page says it, or from its tokens where the page says only those.

import type { MicroUsd } from "../core/money.ts";
import type { Tier } from "../core/request.ts";
import { type Model, sizeOf, type TokenRates } from "../google/models/model.ts";

const PER_MILLION = 1_000_000n;

/** Tokens at a rate per million, rounded half up to whole micro-dollars; exact for any size. */
export function priceOfTokens(parts: readonly (readonly [tokens: number, rate: MicroUsd])[]): MicroUsd {
  const total = parts.reduce((sum, [tokens, rate]) => sum + BigInt(tokens) * BigInt(rate), 0n);
  return Number((total + PER_MILLION / 2n) / PER_MILLION);
}

/** Rates of the tier; those of the standard tier where the tier has none of its own, `null` for a model without rates. */
export function ratesOf(model: Model, tier: Tier): TokenRates | null {
  return model.prices.rates[tier] ?? model.prices.rates.standard ?? null;
}

/** One picture; a model of one size ignores `size`. `null` when there is no price for it. */
export function listPrice(model: Model, size: string | null, tier: Tier): MicroUsd | null {
  const key = sizeOf(size);
  if (key === undefined) return null;
  if (tier === "standard") return model.prices.perImage[key] ?? null;
  const listed = model.prices.perImageByTier?.[tier]?.[key];
  if (listed !== undefined) return listed;
  const rates = model.prices.rates[tier];
  const tokens = model.imageTokens[key];
  if (rates && tokens !== undefined) return priceOfTokens([[tokens, rates.imageOut]]);
  return model.prices.perImage[key] ?? null;
}
