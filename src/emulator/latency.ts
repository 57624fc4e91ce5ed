// How long the real models take, for those who want to see their program wait.
// Leaves waiting to the clock. Source: facts on Google's APIs, section 1.3 (edits 22–25 s, complex 35–142 s), and the 3–10 s
// of the original design for plain pictures.

import { createHash } from "node:crypto";

/** "none", "measured" as the real models were, or a fixed number of milliseconds. */
export type LatencySetting = "none" | "measured" | number;

/** What the time depends on. */
interface TimedOrder {
  readonly size: string;
  readonly thinkingLevel: string | null;
  readonly conversation: { readonly prompt: string; readonly pictureCount: number };
}

/** Milliseconds for an order; the same order takes the same time. */
export function latencyOf(order: TimedOrder, setting: LatencySetting): number {
  if (setting === "none") return 0;
  if (setting !== "measured") return setting;
  const share = createHash("sha256").update(order.conversation.prompt).digest().readUInt16LE(8) / 65_536;
  const between = (fromMs: number, toMs: number): number => Math.round(fromMs + (toMs - fromMs) * share);
  if (order.size === "4K" || order.thinkingLevel === "HIGH") return between(35_000, 142_000);
  return order.conversation.pictureCount > 0 ? between(22_000, 25_000) : between(3000, 10_000);
}
