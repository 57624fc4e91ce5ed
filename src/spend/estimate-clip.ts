// What a clip costs before it is made: seconds × the list price of one. A clip costs neither more nor less than that.

import type { ClipEstimate } from "../core/clip.ts";
import type { Model } from "../google/models/model.ts";

/** `null` when the model has no price for the resolution. */
export function estimateClip(
  { prices }: Model,
  resolution: string,
  seconds: number,
  metered: boolean,
): ClipEstimate | null {
  const perSecondMicroUsd = prices.perSecond?.[resolution];
  if (perSecondMicroUsd === undefined) return null;
  const estimatedMicroUsd = Math.ceil(perSecondMicroUsd * seconds);
  return { perSecondMicroUsd, seconds, estimatedMicroUsd, pricedAsOf: prices.asOf, metered };
}
