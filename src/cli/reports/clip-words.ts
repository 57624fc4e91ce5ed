// Words for a clip's length, size and price: the same on a terminal, in a pipe and in a plan.

import type { ClipPlan, ClipReport, ClipSuccess } from "../../core/clip.ts";
import { formatUsd } from "../../core/money.ts";
import { costSentence } from "./cost-sentence.ts";

/** `7 s more, 15 s in all, 720p (1280 x 720), without sound` */
export function clipShape({ request, expected }: ClipPlan): string {
  const { seconds, resolution, audio } = request;
  const whole = expected.seconds === null ? "" : `, ${rounded(expected.seconds)} s in all`;
  const length = request.extends === null ? `${seconds} s` : `${seconds} s more${whole}`;
  const sound = audio === null ? "" : audio ? ", with sound" : ", without sound";
  return `${length}, ${resolution} (${expected.width} x ${expected.height})${sound}`;
}

/** `$0.70 ($0.10 a second)` */
export function clipPrice({ cost, rehearsal }: ClipPlan): string {
  const price = `${formatUsd(cost.estimatedMicroUsd)} (${formatUsd(cost.perSecondMicroUsd)} a second)`;
  if (cost.metered) return price;
  return `${price}${rehearsal ? ", list price; nothing is paid in a rehearsal" : ", list price; this route is not billed"}`;
}

/** A clip is billed by the second, so that its list price is its price. */
export function clipCost({ cost, rehearsal }: Pick<ClipSuccess, "cost" | "rehearsal">): string {
  return cost.basis === "list-price" && !rehearsal
    ? `Paid: ${formatUsd(cost.actualMicroUsd ?? cost.estimatedMicroUsd)}`
    : costSentence(cost, rehearsal);
}

/** `15 s, 720p (1280 x 720), with sound`, as far as the file says it. */
export function shapeOfClip({ seconds, width, height, hasAudio }: ClipReport, resolution: string | null): string {
  const size = width === null || height === null ? null : `${width} x ${height}`;
  const named = size !== null && resolution !== null ? `${resolution} (${size})` : size;
  const sound = hasAudio === null ? null : hasAudio ? "with sound" : "without sound";
  return [seconds === null ? null : `${rounded(seconds)} s`, named, sound].filter((part) => part !== null).join(", ");
}

/** `11 s to 6 min` */
export function usualRange({ from, to }: { readonly from: number; readonly to: number }): string {
  return `${fullAmount(from)} to ${fullAmount(to)}`;
}

function fullAmount(seconds: number): string {
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
