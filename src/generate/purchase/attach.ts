// Attaching: the result of an operation that another call has begun, waited for when it still runs. Nothing is bought.

import type { Clock } from "../../core/clock.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { OnProgress } from "../../core/progress.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Catalogue } from "../../google/models/catalogue.ts";
import type { OperationRecord } from "../../spend/ledger/records.ts";
import type { OpenedLedger } from "./open-ledger.ts";
import { reportRecorded } from "./recorded-results.ts";

const LOOK_AGAIN_MS = 100;

export interface AttachInput {
  readonly opened: OpenedLedger;
  readonly operation: string;
  readonly because: "identical-request" | "idempotency-key";
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** Ends the waiting; the operation goes on. */
  readonly signal: AbortSignal | undefined;
  readonly tell: OnProgress;
}

/** Throws `operation-unknown`, `ledger-…`, and the signal's reason. */
export async function attachTo(input: AttachInput): Promise<Outcome> {
  const { operation, because, catalogue, clock } = input;
  const ended = await waitForEnd(input);
  const again =
    because === "idempotency-key"
      ? "its idempotency key was used before"
      : "the same request was running or never delivered (--new buys another)";
  const warning = `Nothing was bought again: ${again}; this is the result of operation ${operation}.`;
  const outcome = reportRecorded({ operation: ended, catalogue, nowMs: clock.now(), warnings: [warning] });
  if (outcome.status !== "error") {
    for (const [image, report] of outcome.images.entries()) input.tell({ type: "published", image, report });
    for (const [image, report] of (outcome.stored ?? []).entries()) input.tell({ type: "stored", image, report });
  }
  return outcome;
}

async function waitForEnd({ opened, operation, clock, signal, tell }: AttachInput): Promise<OperationRecord> {
  let hasTold = false;
  for (;;) {
    const { running } = await opened.recover(operation);
    if (running.length === 0) {
      const ended = opened.ledger.operation(operation);
      if (ended) return ended;
      throw new ToolError("operation-unknown", { message: `The ledger has no operation ${operation}.` });
    }
    if (!hasTold) {
      tell({ type: "waiting", image: 0, attempt: 1, waitMs: 0, reason: "the same request is running already" });
    }
    hasTold = true;
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}
