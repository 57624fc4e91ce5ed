// What tokens cost, in the emulator's own table: list prices of the Gemini API page of 2026-09-24 and, for
// gemini-nano-banana-2.1, of 2026-10-07 (facts on Google's APIs, section 3). Leaves counting tokens to usage.ts.

/** Micro-dollars per thousand tokens are whole numbers; dollars per million are how Google writes them. */
interface Rates {
  readonly inputUsdPerMillion: number;
  readonly textUsdPerMillion: number;
  readonly imageUsdPerMillion: number;
}

const rates: Readonly<Record<string, Rates>> = {
  "gemini-3-pro-image": { inputUsdPerMillion: 2, textUsdPerMillion: 12, imageUsdPerMillion: 120 },
  "gemini-3.1-flash-image": { inputUsdPerMillion: 0.5, textUsdPerMillion: 3, imageUsdPerMillion: 60 },
  "gemini-3.1-flash-lite-image": { inputUsdPerMillion: 0.25, textUsdPerMillion: 1.5, imageUsdPerMillion: 30 },
  "gemini-nano-banana-2.1": { inputUsdPerMillion: 1.5, textUsdPerMillion: 7.5, imageUsdPerMillion: 30 },
  "gemini-2.5-flash-image": { inputUsdPerMillion: 0.3, textUsdPerMillion: 2.5, imageUsdPerMillion: 30 },
};

/** Flex is half, priority 1.8 times the standard price, for the models that have these tiers. */
const tierFactors: Readonly<Record<string, number>> = { standard: 1, flex: 0.5, priority: 1.8 };

/** Tokens of one answer by what they are billed as. */
export interface BilledTokens {
  readonly input: number;
  /** Text and thoughts. */
  readonly text: number;
  readonly image: number;
}

/** One search query of the Gemini 3 models, beyond the free ones of the month: $14 for a thousand. */
export const searchQueryMicroUsd = 14_000;

/** List price in whole micro-dollars, rounded up; 0 for a model without a price. */
export function priceOf(modelId: string, tier: string, tokens: BilledTokens): number {
  const row = rates[modelId];
  if (row === undefined) return 0;
  // Dollars per million tokens are micro-dollars per token.
  const microUsd =
    tokens.input * row.inputUsdPerMillion + tokens.text * row.textUsdPerMillion + tokens.image * row.imageUsdPerMillion;
  return Math.ceil(Math.round(microUsd * (tierFactors[tier] ?? 1) * 1000) / 1000);
}
