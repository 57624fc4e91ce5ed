// Evidence: what a failed call means for its hold. Pure; the rule is reliability facts §1.3: without proof that nothing was
// bought, the hold stays.

import type { TokenUsage } from "../../core/answer.ts";
import { errorTable } from "../../core/error-table.ts";
import type { Failure } from "../../core/failure.ts";

/**
 * - `released`: never sent as a whole.
 * - `rejected`: the provider answered, and its answer proves that nothing is billed.
 * - `captured`: the provider answered, without a usable picture, and may bill what its answer counts.
 * - `unknown`: perhaps billed, and nobody says.
 */
export type Evidence = "released" | "rejected" | "captured" | "unknown";

export interface Circumstances {
  /** The last byte of the request may have left. */
  readonly wasSent: boolean;
  /** What the answer counts; `null` when it counts nothing. */
  readonly usage: TokenUsage | null;
}

export function evidenceOf(failure: Failure, { wasSent, usage }: Circumstances): Evidence {
  if (!wasSent) return "released";
  const { billed: usual, exit } = errorTable[failure.code];
  const billed = failure.billed ?? usual;
  // A picture that came in damaged is paid.
  if (billed === "yes") return "captured";
  // The answer is over and there is no picture. What it counts is its price, and without that the hold is.
  const isRefusal = exit === 5 && failure.httpStatus === 200;
  if (isRefusal && (usage !== null || billed === "maybe")) return "captured";
  return billed === "no" ? "rejected" : "unknown";
}
