// usageMetadata as Google counts it: by modality, with thoughts, and with candidates that exceed the sum of their details.
// Leaves dollars to prices.ts. Numbers: facts on Google's APIs, sections 1.3 and 3.1.

import { createHash } from "node:crypto";
import type { JsonObject } from "./json.ts";
import type { BilledTokens } from "./prices.ts";
import type { PictureOrder } from "./requests/generate-content-rules.ts";

/** Tokens of an answer, and the document that tells them. */
export interface Usage {
  readonly metadata: JsonObject;
  readonly billed: BilledTokens;
}

/** How an answer came out, as far as tokens go. */
export interface Outcome {
  /** Pictures made, drafts included. */
  readonly imageCount: number;
  /** Letters of text in the answer. */
  readonly textLength: number;
  readonly kind: "answer" | "refusal" | "blocked";
}

/** Usage of one answer. The same order gives the same numbers. */
export function countUsage(order: PictureOrder, outcome: Outcome): Usage {
  const { model, conversation } = order;
  const promptText = tokensOfText(conversation.textLength);
  const promptImages = conversation.pictureCount * model.tokensPerInputImage;
  const prompt = promptText + promptImages;
  const promptTokensDetails = [
    { modality: "TEXT", tokenCount: promptText },
    ...(promptImages > 0 ? [{ modality: "IMAGE", tokenCount: promptImages }] : []),
  ];
  const base: JsonObject = { promptTokenCount: prompt };
  const tier = tierOf(order);
  if (outcome.kind === "blocked") {
    return {
      metadata: { ...base, totalTokenCount: prompt, promptTokensDetails, ...tier },
      billed: { input: 0, text: 0, image: 0 },
    };
  }
  const spread = createHash("sha256").update(conversation.prompt).digest();
  const thoughts = model.thinkingLevels === null ? 0 : thoughtTokens(order, spread.readUInt8(0));
  const thoughtsField: JsonObject = thoughts > 0 ? { thoughtsTokenCount: thoughts } : {};
  if (outcome.kind === "refusal") {
    // On refusals candidates equals thoughts, and the total counts them once (measured, facts 1.3).
    const candidates: JsonObject = thoughts > 0 ? { candidatesTokenCount: thoughts } : {};
    return {
      metadata: {
        ...base,
        ...candidates,
        totalTokenCount: prompt + thoughts,
        promptTokensDetails,
        ...thoughtsField,
        ...tier,
      },
      billed: { input: 0, text: 0, image: 0 },
    };
  }
  const image = (model.imageTokens[order.size] ?? 0) * outcome.imageCount;
  const beyond = model.signsThoughts && outcome.imageCount > 0 ? 88 + spread.readUInt8(1) : 0;
  const candidates = image + tokensOfText(outcome.textLength) + beyond;
  const details = image > 0 ? { candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: image }] } : {};
  return {
    metadata: {
      ...base,
      candidatesTokenCount: candidates,
      totalTokenCount: prompt + candidates + thoughts,
      promptTokensDetails,
      ...details,
      ...thoughtsField,
      ...tier,
    },
    billed: { input: prompt, text: candidates - image + thoughts, image },
  };
}

/** Tokens of a text: about one for four letters, at least one for any text. */
export function tokensOfText(length: number): number {
  return Math.ceil(length / 4);
}

function thoughtTokens(order: PictureOrder, spread: number): number {
  if (order.model.thinkingLevels === "ignored") return 180 + (spread % 60);
  if (order.thinkingLevel === "HIGH") return 600 + spread;
  return order.thinkingLevel === "MEDIUM" ? 250 + (spread % 90) : 120 + (spread % 60);
}

/** The tier as the back end tells it: `serviceTier` on the Gemini API, `trafficType` on Vertex AI. */
function tierOf(order: PictureOrder): JsonObject {
  if (order.backend === "gemini") return { serviceTier: order.tier };
  if (order.backend === "code-assist") return {};
  const names: Readonly<Record<string, string>> = { flex: "ON_DEMAND_FLEX", priority: "ON_DEMAND_PRIORITY" };
  return { trafficType: names[order.tier] ?? "ON_DEMAND" };
}
