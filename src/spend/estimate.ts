// The price before: the list price that is said, and the upper estimate that a cautious budget reserves.

import type { MicroUsd } from "../core/money.ts";
import type { Estimate } from "../core/plan.ts";
import type { Tier } from "../core/request.ts";
import { type Model, sizeOf } from "../google/models/model.ts";
import { listPrice, priceOfTokens, ratesOf } from "./list-price.ts";

/** Measured: about 208 tokens of thinking and up to 630 tokens that no detail explains (google-apis facts §1.3). */
const THINKING_ALLOWANCE_TOKENS = 2_048;
/** The model decides how often it looks something up; nobody has measured it, a few are reserved. */
const SEARCH_QUERIES_ALLOWANCE = 4;
/** Measured: 2240 image tokens for one 1120-token picture, so one draft is billed beside the result. */
const PICTURES_WITH_DRAFT = 2;

export interface EstimateInput {
  readonly model: Model;
  /** `null`: the model's one size. */
  readonly size: string | null;
  readonly tier: Tier;
  readonly count: number;
  /** UTF-8 bytes of everything that is read: an upper bound of its tokens. */
  readonly promptBytes: number;
  /** Google Search may be used, which is billed by the query. Default false. */
  readonly search?: boolean;
  /** Google bills each call. */
  readonly metered: boolean;
  /** The model is not in the catalogue and was given another's price. */
  readonly assumed?: boolean;
}

/** A size without a price of its own counts as the model's dearest. */
export function estimateCost(input: EstimateInput): Estimate {
  const { model, tier, count, promptBytes } = input;
  const perImage = listPrice(model, input.size, tier);
  const price = perImage ?? dearest(model);
  const searches = input.search === true ? (model.prices.perSearchQuery ?? 0) * SEARCH_QUERIES_ALLOWANCE : 0;
  return {
    perImageMicroUsd: price,
    estimatedMicroUsd: price * count,
    worstCaseMicroUsd: (worstCase(model, input.size, tier, price, promptBytes) + searches) * count,
    pricedAsOf: model.prices.asOf,
    assumed: input.assumed === true || perImage === null,
    metered: input.metered,
  };
}

function dearest(model: Model): MicroUsd {
  return Math.max(0, ...Object.values(model.prices.perImage));
}

function worstCase(model: Model, size: string | null, tier: Tier, price: MicroUsd, promptBytes: number): MicroUsd {
  const rates = ratesOf(model, tier);
  // A price per picture alone does not tell whether its provider bills drafts; Imagen, which is priced so, draws none.
  if (!rates) return model.kind === "image" ? price * PICTURES_WITH_DRAFT : price;
  const key = sizeOf(size);
  const imageTokens = key && model.imageTokens[key];
  const pictures =
    imageTokens === undefined
      ? price * PICTURES_WITH_DRAFT
      : Math.max(price, priceOfTokens([[imageTokens, rates.imageOut]])) * PICTURES_WITH_DRAFT;
  return (
    pictures +
    priceOfTokens([
      [promptBytes, rates.textIn],
      [THINKING_ALLOWANCE_TOKENS, rates.textOut],
    ])
  );
}
