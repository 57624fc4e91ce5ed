// usageMetadata: the provider's token counts by modality, as the price needs them. What a token costs is spend's business.

import type { TokenUsage } from "../../core/answer.ts";
import { fieldOf, isObject, type JsonObject, listOf } from "./json-values.ts";

/** More tokens than any answer can have: such a number is not believed. */
const MOST_TOKENS = 1_000_000_000;

// Google's names for the tiers. Gemini says `serviceTier`, Vertex AI `trafficType`; a traffic type without a price of ours
// (OFFPEAK, PROVISIONED_THROUGHPUT) stays unknown. Source: google-apis facts §1.3, 2026-11-22.
const tierNames: ReadonlyMap<unknown, "standard" | "flex" | "priority"> = new Map([
  ["standard", "standard"],
  ["flex", "flex"],
  ["priority", "priority"],
  ["ON_DEMAND", "standard"],
  ["ON_DEMAND_FLEX", "flex"],
  ["ON_DEMAND_PRIORITY", "priority"],
]);

export interface UsageContext {
  /** Whether the answer held a picture: without details by modality, its tokens are then counted as picture tokens. */
  readonly hasPicture: boolean;
}

/**
 * The usage, or `null` when none came or a number in it cannot be believed (negative, fractional, text, beyond 10^9): a wrong
 * number must never make a call look cheap.
 *
 * Facts (google-apis §1.3, measured): `candidatesTokenCount` can exceed its details, the rest is text; on a refusal it
 * repeats the thoughts and the total does not count them twice.
 */
export function readUsage(value: unknown, { hasPicture }: UsageContext): TokenUsage | null {
  if (!isObject(value)) return null;
  const count = (name: string) => tokenCount(fieldOf(value, name));
  const prompt = count("promptTokenCount");
  const toolPrompt = count("toolUsePromptTokenCount");
  const candidates = count("candidatesTokenCount");
  const thoughts = count("thoughtsTokenCount");
  const total = count("totalTokenCount");
  const promptImages = imageTokens(value, "promptTokensDetails");
  const candidateImages = imageTokens(value, "candidatesTokensDetails");
  const numbers = [prompt, toolPrompt, candidates, thoughts, total, promptImages, candidateImages];
  if (numbers.some(Number.isNaN)) return null;
  if ([prompt, candidates, total].every((number) => number === undefined)) return null;

  const promptTokens = (prompt ?? 0) + (toolPrompt ?? 0);
  const thoughtTokens = thoughts ?? 0;
  const repeatsThoughts =
    thoughtTokens > 0 &&
    candidates === thoughtTokens &&
    candidateImages === undefined &&
    (total === undefined || total === promptTokens + thoughtTokens);
  const outputTokens = repeatsThoughts ? 0 : (candidates ?? 0);
  // No details although a picture came: the dearer reading, so that the cost is never told too low.
  const pictureTokens = candidateImages ?? (hasPicture ? outputTokens : 0);
  return {
    promptTokens,
    promptImageTokens: Math.min(promptImages ?? 0, promptTokens),
    imageTokens: pictureTokens,
    textTokens: Math.max(0, outputTokens - pictureTokens),
    thoughtTokens,
    servedTier: servedTier(value),
  };
}

/** `undefined` when absent, `NaN` when not believable. */
function tokenCount(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS
    ? value
    : Number.NaN;
}

function imageTokens(usage: JsonObject, name: string): number | undefined {
  const details = listOf(fieldOf(usage, name)).filter((detail) => fieldOf(detail, "modality") === "IMAGE");
  if (details.length === 0) return undefined;
  const sum = details.reduce<number>((total, detail) => total + (tokenCount(fieldOf(detail, "tokenCount")) ?? 0), 0);
  return sum <= MOST_TOKENS ? sum : Number.NaN;
}

function servedTier(usage: JsonObject): TokenUsage["servedTier"] {
  const tier = fieldOf(usage, "serviceTier");
  return tierNames.get(tier) ?? tierNames.get(fieldOf(usage, "trafficType")) ?? null;
}
