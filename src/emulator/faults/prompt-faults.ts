// Faults that a person at a terminal can ask for with a word in the prompt: `[[emulator:429]]`.
// Leaves everything finer to planned instructions. Unknown words do nothing, so that no prompt can surprise.

import type { FaultAction } from "./fault-actions.ts";

/** The words and what they do. Documented in docs/emulator.md. */
export const promptFaults: Readonly<Record<string, readonly FaultAction[]>> = {
  "429": [{ type: "error", name: "quota-per-minute", retryDelay: "2s" }],
  "429-zero": [{ type: "error", name: "quota-zero" }],
  "500": [{ type: "error", name: "internal" }],
  "503": [{ type: "error", name: "overloaded" }],
  blocked: [{ type: "refusal", blockReason: "PROHIBITED_CONTENT" }],
  refused: [{ type: "refusal", finishReason: "IMAGE_SAFETY" }],
  text: [{ type: "text-only" }],
  drafts: [{ type: "drafts", count: 2 }],
  cut: [{ type: "cut", afterFraction: 0.5 }],
  stall: [{ type: "stall", where: "mid-body" }],
  slow: [{ type: "slow", bytesPerSecond: 200_000 }],
  html: [{ type: "html", page: "captive-portal" }],
  "video-fails": [{ type: "operation", end: "failed" }],
  "video-filtered": [{ type: "operation", end: "filtered" }],
  "video-expired": [{ type: "operation", end: "expired" }],
  "video-never": [{ type: "operation", end: "never" }],
  damaged: [{ type: "truncated-picture", keep: 0.5 }],
};

/** The actions asked for in a prompt. */
export function faultsInPrompt(prompt: string): readonly FaultAction[] {
  const words = prompt.matchAll(/\[\[emulator:([a-z0-9-]{1,20})\]\]/g);
  return [...words].flatMap(([, word = ""]) => (Object.hasOwn(promptFaults, word) ? (promptFaults[word] ?? []) : []));
}
