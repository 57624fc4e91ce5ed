// Purchase: the holds of one operation are set aside, or it turns out that it was bought already. A budget that is only
// full because other calls run is waited for.

import type { Clock } from "../../core/clock.ts";
import type { Cap } from "../../core/cap.ts";
import { formatUsd, microUsdOf } from "../../core/money.ts";
import type { Plan } from "../../core/plan.ts";
import type { OnProgress } from "../../core/progress.ts";
import type { GenerateRequest } from "../../core/request.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Model } from "../../google/models/model.ts";
import { estimateInputOf, type Hold, holdOf } from "../../spend/estimate.ts";
import type { Ledger } from "../../spend/ledger/ledger.ts";
import type { Reservation, ReservedCall, ReserveRequest } from "../../spend/ledger/reserve.ts";
import { type Book, callId, openBook } from "./book.ts";
import { intentOf } from "./intent.ts";
import type { ImageGenOptions } from "../options.ts";
import { reservePatiently } from "./reserve-patiently.ts";

export interface PurchaseInput {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly plan: Plan;
  readonly model: Model;
  readonly request: GenerateRequest;
  readonly fingerprint: string;
  readonly options: ImageGenOptions;
  /** What caps of window `run` sum over. */
  readonly run: string;
  /** Already held, see owners.ts. */
  readonly owner: string;
  readonly maxWaitMs: number;
  readonly signal: AbortSignal | undefined;
  readonly tell: OnProgress;
  /** Resolves what dead processes have left, so that their holds are in nobody's way. */
  readonly recover: () => Promise<void>;
  readonly takeWarnings: () => readonly string[];
}

export type Purchase =
  | { readonly kind: "bought"; readonly book: Book; readonly warnings: readonly string[] }
  | Extract<Reservation, { kind: "attached" }>;

/** Throws `over-budget`, `price-unknown`, `idempotency-key-reused`, `interrupted`, and `ledger-…`. Nothing was sent. */
export async function purchase(input: PurchaseInput): Promise<Purchase> {
  const { plan, ledger, clock } = input;
  const caps = capsOf(input);
  const counts = plan.cost.metered && !plan.rehearsal;
  if (counts && caps.length > 0 && plan.cost.assumed) {
    throw new ToolError("price-unknown", {
      message: `The price of ${plan.route.model} is not known, so no budget can be kept.`,
    });
  }
  const hold = holdOf(estimateInputOf(plan.request, input.model, plan.cost));
  const wanted = reserveRequest(input, hold, caps);
  const tellWaiting = (waitMs: number, reason: string): void =>
    input.tell({ type: "waiting", image: 0, attempt: 1, waitMs, reason });
  const reservation = await reservePatiently({ ...input, tellWaiting }, wanted);
  if (reservation.kind === "attached") return reservation;
  const tokenLimits = reservation.holdsMicroUsd.map((holdMicroUsd) =>
    counts && holdMicroUsd < hold.worstCaseMicroUsd ? hold.tokensWithin(holdMicroUsd) : null,
  );
  const [limit] = tokenLimits.filter((tokens) => tokens !== null);
  const { owner, takeWarnings } = input;
  const book = openBook({ ledger, clock, operation: plan.operation, owner, tokenLimits, takeWarnings });
  return {
    kind: "bought",
    book,
    warnings: limit === undefined ? [] : [lastOfBudget(reservation.holdsMicroUsd, limit)],
  };
}

function lastOfBudget(holds: readonly number[], tokens: number): string {
  return `The budget leaves only ${formatUsd(Math.min(...holds))} for a picture, so its answer is limited to ${tokens} tokens: enough for the picture, not for a draft beside it.`;
}

/** The person's own, and that of this one request. */
export function capsOf({
  options,
  request: { budgetUsd },
}: {
  readonly options: ImageGenOptions;
  readonly request: { readonly budgetUsd?: number };
}): readonly Cap[] {
  const own = options.caps ?? [];
  return budgetUsd === undefined ? own : [...own, { window: "run", limitMicroUsd: microUsdOf(budgetUsd) }];
}

function reserveRequest(input: PurchaseInput, hold: Hold, caps: readonly Cap[]): ReserveRequest {
  const { plan, options } = input;
  const call = (image: number): ReservedCall => ({
    id: callId(plan.operation, image),
    image,
    holdMicroUsd: hold.worstCaseMicroUsd,
    leastMicroUsd: hold.leastMicroUsd,
    estimateMicroUsd: plan.cost.perImageMicroUsd + plan.cost.referencesMicroUsd,
  });
  return {
    ...purchaseOf(input),
    intent: intentOf(plan, options.command),
    calls: [call(0), ...Array.from({ length: plan.request.count - 1 }, (_, index) => call(index + 1))],
    caps,
  };
}

/** What the purchase of a picture and of a clip have in common. */
interface Purchasing {
  readonly plan: Pick<Plan, "operation" | "rehearsal" | "route"> & {
    readonly cost: { readonly metered: boolean };
    readonly request: { readonly prompt: string };
  };
  readonly request: Pick<GenerateRequest, "buyAgain" | "idempotencyKey">;
  readonly options: Pick<ImageGenOptions, "project">;
  readonly owner: string;
  readonly run: string;
  readonly fingerprint: string;
}

/** Who buys what, by which way, and whether it may be bought again: a reservation without its calls, caps and intent. */
export function purchaseOf(input: Purchasing): Omit<ReserveRequest, "calls" | "caps" | "intent"> {
  const { plan, request, options } = input;
  return {
    operation: plan.operation,
    owner: input.owner,
    run: input.run,
    project: options.project ?? plan.route.projectId,
    model: plan.route.model,
    endpoint: plan.route.endpoint,
    auth: plan.route.auth,
    rehearsal: plan.rehearsal,
    metered: plan.cost.metered,
    fingerprint: input.fingerprint,
    prompt: plan.request.prompt,
    identical: request.buyAgain === true ? "buy" : "attach",
    ...(request.idempotencyKey === undefined ? {} : { idempotencyKey: request.idempotencyKey }),
  };
}
