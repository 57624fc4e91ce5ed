// The price before: the list price that is said, and the upper estimate that a cautious budget reserves.

import type { MicroUsd } from "../core/money.ts";
import type { Estimate } from "../core/plan.ts";
import type { PlannedRequest, Tier } from "../core/request.ts";
import { type Model, sizeOf } from "../google/models/model.ts";
import { listPrice, priceOfTokens, ratesOf } from "./list-price.ts";

/** Measured: about 208 tokens of thinking and up to 630 tokens that no detail explains (google-apis facts §1.3). */
const THINKING_ALLOWANCE_TOKENS = 2_048;
/** The measured thinking and the tokens that nothing explains. */
const USUAL_TEXT_TOKENS = 838;
/** The lines before and after a document in a request. */
const FRAME_BYTES = 200;
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
  /** Reference pictures of one call. Default 0. */
  readonly references?: number;
  /** Google Search may be used, which is billed by the query. Default false. */
  readonly search?: boolean;
  /** Google bills each call. */
  readonly metered: boolean;
  /** The model is not in the catalogue and was given another's price. */
  readonly assumed?: boolean;
}

export function estimateInputOf(
  { prompt, sentPrompt = prompt, system, size, tier, count, search, references, documents, session }: PlannedRequest,
  model: Model,
  { metered, assumed }: { readonly metered: boolean; readonly assumed: boolean },
): EstimateInput {
  const documentBytes = documents.reduce((sum, { name, bytes }) => sum + (bytes ?? 0) + name.length + FRAME_BYTES, 0);
  const promptBytes =
    Buffer.byteLength(sentPrompt) + Buffer.byteLength(system ?? "") + documentBytes + (session?.textBytes ?? 0);
  return {
    model,
    size,
    tier,
    count,
    search,
    promptBytes,
    references: references.length + (session?.pictures ?? 0),
    metered,
    assumed,
  };
}

/** A size without a price of its own counts as the model's dearest. */
export function estimateCost(input: EstimateInput): Estimate {
  const { model, tier, count } = input;
  const perImage = listPrice(model, input.size, tier);
  const referencesMicroUsd = referencesOf(input);
  return {
    perImageMicroUsd: perImage ?? dearest(model),
    referencesMicroUsd,
    estimatedMicroUsd: ((perImage ?? dearest(model)) + referencesMicroUsd) * count,
    worstCaseMicroUsd: worstCaseOf(input) * count,
    pricedAsOf: model.prices.asOf,
    assumed: input.assumed === true || perImage === null,
    metered: input.metered,
  };
}

/** What to set aside for one picture. */
export interface Hold {
  /** One draft, thinking, prompt and searches. */
  readonly worstCaseMicroUsd: MicroUsd;
  /** Enough for the picture and usual thinking, without a draft: what {@link Hold.tokensWithin} needs at least. */
  readonly leastMicroUsd: MicroUsd;
  /**
   * Most tokens that the answer may have so that the call stays below an amount: room for one picture and not for two, the
   * rest for text. Pictures come and are billed whole (google-apis facts §1.3). `null` for a model without a price per token.
   */
  tokensWithin(microUsd: MicroUsd): number | null;
}

export function holdOf(input: EstimateInput): Hold {
  const { model, tier } = input;
  const worstCaseMicroUsd = worstCaseOf(input);
  const rates = ratesOf(model, tier);
  const imageTokens = tokensOfPicture(input);
  if (!rates || imageTokens === undefined || rates.textOut === 0) {
    return { worstCaseMicroUsd, leastMicroUsd: worstCaseMicroUsd, tokensWithin: () => null };
  }
  const withPicture = inputOf(input) + priceOfTokens([[imageTokens, rates.imageOut]]);
  const least = withPicture + priceOfTokens([[USUAL_TEXT_TOKENS, rates.textOut]]);
  return {
    worstCaseMicroUsd,
    leastMicroUsd: Math.min(worstCaseMicroUsd, least),
    tokensWithin(microUsd) {
      const text = Math.floor(((microUsd - withPicture) * 1_000_000) / rates.textOut);
      return imageTokens + Math.min(Math.max(text, 0), imageTokens - 1);
    },
  };
}

function dearest(model: Model): MicroUsd {
  return Math.max(0, ...Object.values(model.prices.perImage));
}

function tokensOfPicture({ model, size }: EstimateInput): number | undefined {
  const key = sizeOf(size);
  return key && model.imageTokens[key];
}

/** Everything that is billed beside the answer. */
function inputOf(input: EstimateInput): MicroUsd {
  const { model, tier, promptBytes, search } = input;
  const searches = search === true ? (model.prices.perSearchQuery ?? 0) * SEARCH_QUERIES_ALLOWANCE : 0;
  const rates = ratesOf(model, tier);
  return searches + referencesOf(input) + (rates ? priceOfTokens([[promptBytes, rates.textIn]]) : 0);
}

/** Pictures that are read are billed as tokens; a model without rates bills pictures that are drawn, and nothing else. */
function referencesOf({ model, tier, references = 0 }: EstimateInput): MicroUsd {
  const rates = ratesOf(model, tier);
  return rates ? priceOfTokens([[model.referenceTokens * references, rates.imageIn]]) : 0;
}

function worstCaseOf(input: EstimateInput): MicroUsd {
  const { model, tier } = input;
  const price = listPrice(model, input.size, tier) ?? dearest(model);
  const rates = ratesOf(model, tier);
  // A price per picture alone does not tell whether its provider bills drafts; Imagen, which is priced so, draws none.
  if (!rates) return (model.kind === "image" ? price * PICTURES_WITH_DRAFT : price) + inputOf(input);
  const imageTokens = tokensOfPicture(input);
  const picture = imageTokens === undefined ? price : Math.max(price, priceOfTokens([[imageTokens, rates.imageOut]]));
  return picture * PICTURES_WITH_DRAFT + inputOf(input) + priceOfTokens([[THINKING_ALLOWANCE_TOKENS, rates.textOut]]);
}
