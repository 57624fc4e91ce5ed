// The tokens that an interaction's answer counts. Prices are spend's business. Source: google-apis facts §1.5 and the types of
// @google/genai 2.32.0.

import type { UsageReport } from "../../core/outcome.ts";
import { fieldOf, isObject, listOf } from "./json-values.ts";

/** `null` when the answer counts nothing. */
export function readInteractionUsage(interaction: unknown): UsageReport | null {
  const usage = fieldOf(interaction, "usage");
  if (!isObject(usage)) return null;
  const input = countOf(fieldOf(usage, "total_input_tokens"));
  const output = countOf(fieldOf(usage, "total_output_tokens"));
  const thought = countOf(fieldOf(usage, "total_thought_tokens"));
  const byModality = listOf(fieldOf(usage, "output_tokens_by_modality"));
  const ofModality = (wanted: string): number =>
    byModality
      .filter((entry) => String(fieldOf(entry, "modality")).toLowerCase() === wanted)
      .reduce<number>((sum, entry) => sum + countOf(fieldOf(entry, "tokens")), 0);
  const videoTokens = ofModality("video");
  if (input + output + thought + videoTokens === 0) return null;
  // Thoughts are within the output or beside it, as the answer's own total says.
  const total = countOf(fieldOf(usage, "total_tokens"));
  const isWithin = total > 0 && total < input + output + thought;
  const thoughtTokens = Math.min(thought, isWithin ? Math.max(0, output - videoTokens) : thought);
  const others = Math.max(0, output - videoTokens) - (isWithin ? thoughtTokens : 0);
  return { promptTokens: input, imageTokens: 0, textTokens: others, thoughtTokens, videoTokens };
}

function countOf(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
