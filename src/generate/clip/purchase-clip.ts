// The hold of one clip is set aside, or it turns out that it was bought already.

import type { ClipPlan, ClipRequest, OnClipEvent } from "../../core/clip.ts";
import type { Clock } from "../../core/clock.ts";
import type { Ledger } from "../../spend/ledger/ledger.ts";
import type { Reservation } from "../../spend/ledger/reserve.ts";
import { callId } from "../purchase/book.ts";
import type { ImageGenOptions } from "../options.ts";
import { capsOf, purchaseOf } from "../purchase/purchase.ts";
import { reservePatiently } from "../purchase/reserve-patiently.ts";
import { assumedPrice } from "./assumed-price.ts";
import { clipIntentOf } from "./clip-intent.ts";

export interface ClipPurchase {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly plan: ClipPlan;
  readonly request: ClipRequest;
  readonly fingerprint: string;
  readonly options: ImageGenOptions;
  readonly run: string;
  /** Already held, see owners.ts. */
  readonly owner: string;
  readonly maxWaitMs: number;
  readonly signal: AbortSignal | undefined;
  readonly tell: OnClipEvent;
  readonly recover: () => Promise<void>;
}

/** Throws `over-budget`, `price-unknown`, `idempotency-key-reused`, `interrupted`, and `ledger-…`. Nothing was sent. */
export async function purchaseClip(input: ClipPurchase): Promise<Reservation> {
  const { plan, request, options, tell } = input;
  const { estimatedMicroUsd, metered, assumed } = plan.cost;
  const caps = capsOf({ options, request });
  if (metered && assumed && caps.length > 0) throw assumedPrice(plan);
  const tellWaiting = (waitMs: number, reason: string): void =>
    tell({ type: "waiting", image: 0, attempt: 1, waitMs, reason });
  return await reservePatiently(
    { ...input, tellWaiting },
    {
      ...purchaseOf(input),
      intent: clipIntentOf(plan, options.command),
      calls: [
        {
          id: callId(plan.operation, 0),
          image: 0,
          holdMicroUsd: estimatedMicroUsd,
          estimateMicroUsd: estimatedMicroUsd,
        },
      ],
      caps,
    },
  );
}
