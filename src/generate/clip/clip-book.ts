// What the ledger is told of one clip while it is made, and the same without a ledger. A clip is call 0 of its operation.

import type { Clock } from "../../core/clock.ts";
import type { Failure } from "../../core/failure.ts";
import type { CostReport, UsageReport } from "../../core/outcome.ts";
import type { ErrorReport } from "../../core/tool-error.ts";
import type { Ledger } from "../../spend/ledger/ledger.ts";
import type { CallCost } from "../../spend/ledger/transitions.ts";
import { callId, isOver } from "../purchase/book.ts";
import { evidenceOf } from "../purchase/evidence.ts";
import { createPatientRecord } from "../purchase/patient-record.ts";

/** Where a clip is: a published file, or an address in the caller's bucket. */
export type ClipPlace =
  | { readonly kind: "file"; readonly path: string; readonly sha256: string }
  | { readonly kind: "bucket"; readonly uri: string };

/** A price, and the tokens that it was made of. */
export type CountedCost = CostReport & { readonly usage: UsageReport | null };

export interface ClipBook {
  /** Immediately before the last byte leaves. Throws a `ledger-…` error; then nothing may be sent. */
  sending(): void;
  /** Refused for now, surely not billed; another attempt follows. */
  failedAttempt(error: ErrorReport): Promise<void>;
  /** The provider has named its operation; before it is asked for. */
  begun(handle: string): Promise<void>;
  /** A whole clip is in the spool, or in the caller's bucket. */
  answered(cost: CountedCost, spoolPath: string | null, uri: string | null): Promise<void>;
  /** False: it could not be recorded, so the clip must stay in the spool. */
  published(place: ClipPlace, cost: CountedCost): Promise<boolean>;
  /** There is no clip and no further attempt. */
  failed(failure: Failure, error: ErrorReport, cost: CostReport, usage: UsageReport | null): Promise<void>;
  /** Never sent. */
  release(): Promise<void>;
  delivered(): Promise<void>;
  /** Another operation: nobody works on it any more. */
  isOver(operation: string): boolean;
  takeWarnings(): readonly string[];
}

const nothing = async (): Promise<void> => {};

/** For a caller who keeps no ledger. */
export const noClipBook: ClipBook = {
  sending: () => {},
  failedAttempt: nothing,
  begun: nothing,
  answered: nothing,
  published: async () => true,
  failed: nothing,
  release: nothing,
  delivered: nothing,
  isOver: () => false,
  takeWarnings: () => [],
};

export interface ClipBookInput {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly operation: string;
  readonly owner: string;
  /** The request has been sent already, by somebody else. */
  readonly isResumed: boolean;
  readonly takeWarnings: () => readonly string[];
}

export function openClipBook(input: ClipBookInput): ClipBook {
  const { ledger, operation, owner } = input;
  const call = callId(operation, 0);
  const warnings: string[] = [];
  const record = createPatientRecord(input.clock, warnings);
  let wasSent = input.isResumed;
  return {
    sending() {
      ledger.markSent(call, owner);
      wasSent = true;
    },
    async failedAttempt(error) {
      wasSent = false;
      await record(() => ledger.recordFailedAttempt(call, error));
    },
    begun: async (handle) => void (await record(() => ledger.recordHandle(call, handle))),
    async answered(cost, spoolPath, uri) {
      // Clips have no id of an answer: the column keeps the address of a clip in a bucket, for whoever asks later.
      const answer = { ...costOf(cost), spoolPath, responseId: uri, modelVersion: null };
      await record(() => ledger.markAnswered(call, answer));
    },
    async published(place, cost) {
      const picture = place.kind === "file" ? { path: place.path, sha256: place.sha256 } : null;
      return await record(() => ledger.capture(call, { ...costOf(cost), picture, error: null }));
    },
    async failed(failure, error, cost, usage) {
      const evidence = evidenceOf(failure, { wasSent, usage: null });
      await record(() =>
        ledger.together((steps) => {
          if (evidence === "released") steps.release(call, error);
          else if (evidence === "rejected") steps.reject(call, error);
          else if (evidence === "unknown") steps.markUnknown(call, error);
          else {
            const counted = costOf({ ...cost, usage });
            steps.markAnswered(call, { ...counted, spoolPath: null, responseId: null, modelVersion: null });
            steps.capture(call, { ...counted, picture: null, error });
          }
        }),
      );
    },
    release: async () => void (await record(() => ledger.release(call))),
    delivered: async () => void (await record(() => ledger.markDelivered(operation))),
    isOver: (other) => isOver(ledger, other),
    takeWarnings: () => [...warnings.splice(0), ...input.takeWarnings()],
  };
}

function costOf({ actualMicroUsd, listPriceMicroUsd, basis, usage }: CountedCost): CallCost {
  return { actualMicroUsd, listPriceMicroUsd, basis, usage };
}
