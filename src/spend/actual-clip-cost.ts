// What a clip has cost, from the tokens that the provider's answer counts. Pure.

import type { ClipTokenRates } from "../core/clip.ts";
import type { MicroUsd } from "../core/money.ts";
import type { UsageReport } from "../core/outcome.ts";

export function actualClipCost(rates: ClipTokenRates, usage: UsageReport): MicroUsd {
  const { promptTokens, textTokens, thoughtTokens, videoTokens = 0 } = usage;
  const millionths =
    promptTokens * rates.input + (textTokens + thoughtTokens) * rates.textOut + videoTokens * rates.videoOut;
  return Math.ceil(millionths / 1_000_000);
}
