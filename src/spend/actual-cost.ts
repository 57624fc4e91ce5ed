// The true cost after: from the tokens that the provider counted, by modality and tier; refusals and drafts included.

import type { TokenUsage } from "../core/answer.ts";
import type { MicroUsd } from "../core/money.ts";
import type { CostReport } from "../core/outcome.ts";
import type { Estimate } from "../core/plan.ts";
import type { Tier } from "../core/request.ts";
import type { Model } from "../google/models/model.ts";
import { priceOfTokens, ratesOf } from "./list-price.ts";

/**
 * What one answer's usage costs by the list; `null` for a model that has no price per token.
 * Tokens beyond the detailed modalities count as text: whether Google bills them so is not confirmed (facts §3.4).
 */
function costOfUsage(model: Model, usage: TokenUsage, tier: Tier): MicroUsd | null {
  const rates = ratesOf(model, usage.servedTier ?? tier);
  if (!rates) return null;
  return priceOfTokens([
    [usage.promptTokens - usage.promptImageTokens, rates.textIn],
    [usage.promptImageTokens, rates.imageIn],
    [usage.imageTokens, rates.imageOut],
    [usage.textTokens + usage.thoughtTokens, rates.textOut],
  ]);
}

/** What became of one call, as far as money goes. */
export interface BilledCall {
  readonly usage: TokenUsage | null;
  /** Searches that the model made; none when absent. */
  readonly searchQueries?: number;
  /** A picture came. */
  readonly hasPicture: boolean;
  /** Nobody knows whether it was billed. */
  readonly isUnknown: boolean;
}

export interface CostReportInput {
  readonly model: Model;
  readonly tier: Tier;
  readonly estimate: Estimate;
  readonly calls: readonly BilledCall[];
}

/** The cost of an operation. Usage that is missing is filled with the list price, and `basis` says so. */
export function reportCost({ model, tier, estimate, calls }: CostReportInput): CostReport {
  let sum = 0;
  let fromUsage = true;
  let isUnknown = false;
  for (const call of calls) {
    sum += (call.searchQueries ?? 0) * (model.prices.perSearchQuery ?? 0);
    const cost = call.usage === null ? null : costOfUsage(model, call.usage, tier);
    if (cost !== null) sum += cost;
    else if (call.hasPicture) {
      sum += estimate.perImageMicroUsd + estimate.referencesMicroUsd;
      fromUsage = false;
    }
    if (call.isUnknown && cost === null) isUnknown = true;
  }
  const common = {
    currency: "USD",
    estimatedMicroUsd: estimate.estimatedMicroUsd,
    pricedAsOf: estimate.pricedAsOf,
    freeTier: false,
  } as const;
  if (!estimate.metered) return { ...common, actualMicroUsd: 0, listPriceMicroUsd: sum, basis: "unmetered" };
  if (isUnknown) return { ...common, actualMicroUsd: null, listPriceMicroUsd: null, basis: "unknown" };
  return { ...common, actualMicroUsd: sum, listPriceMicroUsd: sum, basis: fromUsage ? "usage" : "list-price" };
}
