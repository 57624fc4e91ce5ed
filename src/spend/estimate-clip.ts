// What a clip costs before it is made: seconds × the list price of one, and what is given with it where that is billed too.

import type { ClipEstimate } from "../core/clip.ts";
import type { Model } from "../google/models/model.ts";

export interface ClipEstimateInput {
  readonly model: Model;
  readonly resolution: string;
  readonly seconds: number;
  readonly prompt: string;
  /** Pictures that are given. */
  readonly pictures: number;
  readonly metered: boolean;
}

/** `null` when the model has no price for the resolution. */
export function estimateClip(input: ClipEstimateInput): ClipEstimate | null {
  const { model, resolution, seconds, metered } = input;
  const { clip, prices } = model;
  const perSecondMicroUsd = prices.perSecond?.[resolution];
  if (perSecondMicroUsd === undefined) return null;
  const tokens = clip?.tokens ?? null;
  // A token is at least one byte of the prompt.
  const inputTokens = Buffer.byteLength(input.prompt) + input.pictures * (clip?.tokensPerPicture ?? 0);
  const inputMicroUsd = tokens === null ? 0 : Math.ceil((inputTokens * tokens.input) / 1_000_000);
  return {
    perSecondMicroUsd,
    seconds,
    inputMicroUsd,
    estimatedMicroUsd: Math.ceil(perSecondMicroUsd * seconds) + inputMicroUsd,
    tokens,
    assumed: clip?.assumedPrices.includes(resolution) ?? false,
    pricedAsOf: prices.asOf,
    metered,
  };
}
