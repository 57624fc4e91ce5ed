// Book: what the ledger is told of one operation's pictures while they are drawn, and the same without a ledger.
// A step after the sending is tried for a while when the ledger is locked, and never stops the picture.

import type { Answer } from "../../core/answer.ts";
import type { Clock } from "../../core/clock.ts";
import type { Failure } from "../../core/failure.ts";
import type { CostReport, ImageReport, UsageReport } from "../../core/outcome.ts";
import type { ErrorReport } from "../../core/tool-error.ts";
import type { Ledger } from "../../spend/ledger/ledger.ts";
import type { CallCost } from "../../spend/ledger/transitions.ts";
import { evidenceOf } from "./evidence.ts";
import { createPatientRecord } from "./patient-record.ts";

/** Of one picture, counted from 0. */
export interface Book {
  /** Most output tokens that its hold pays for, when it is less than the worst case; else `null`. */
  tokenLimit(image: number): number | null;
  /** Immediately before the last byte leaves. Throws a `ledger-…` error when it cannot be recorded; then nothing may be sent. */
  sending(image: number): void;
  /** Refused for now, surely not billed; another attempt follows. */
  failedAttempt(image: number, error: ErrorReport): Promise<void>;
  /** A whole picture is in the spool. */
  answered(image: number, answer: Answer, cost: CostReport, spoolPath: string): Promise<void>;
  /** The provider has left the picture in the caller's bucket: that is its place. */
  stored(image: number, uri: string, answer: Answer, cost: CostReport): Promise<void>;
  /** False: it could not be recorded. The picture must stay in the spool then, for recovery to find it. */
  published(image: number, report: ImageReport, answer: Answer, cost: CostReport): Promise<boolean>;
  /** There is no picture and no further attempt. */
  failed(image: number, failure: Failure, error: ErrorReport, cost: CostReport, answer: Answer | null): Promise<void>;
  /** Pictures that were never started. */
  releaseRest(): Promise<void>;
  /** The caller has seen the result. */
  delivered(): Promise<void>;
  /** Another operation: none of its pictures is drawn any more. */
  isOver(operation: string): boolean;
  /** What the ledger could not record since the last look. */
  takeWarnings(): readonly string[];
}

const nothing = async (): Promise<void> => {};

/** For a caller who keeps no ledger. */
export const noBook: Book = {
  tokenLimit: () => null,
  sending: () => {},
  failedAttempt: nothing,
  answered: nothing,
  stored: nothing,
  published: async () => true,
  failed: nothing,
  releaseRest: nothing,
  delivered: nothing,
  isOver: () => false,
  takeWarnings: () => [],
};

export interface BookInput {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly operation: string;
  readonly owner: string;
  readonly tokenLimits: readonly (number | null)[];
  /** What the ledger itself has warned of. */
  readonly takeWarnings: () => readonly string[];
}

export function callId(operation: string, image: number): string {
  return `${operation}-${image}`;
}

/** Whether nobody works on an operation any more. */
export function isOver(ledger: Ledger, operation: string): boolean {
  const calls = ledger.operation(operation)?.calls;
  return calls?.every(({ state }) => state !== "reserved" && state !== "sent") ?? false;
}

export function openBook({ ledger, clock, operation, owner, tokenLimits, takeWarnings }: BookInput): Book {
  const sent = new Set<number>();
  const ended = new Set<number>();
  const warnings: string[] = [];
  const record = createPatientRecord(clock, warnings);
  return {
    takeWarnings: () => [...warnings.splice(0), ...takeWarnings()],
    isOver: (other) => isOver(ledger, other),
    tokenLimit: (image) => tokenLimits[image] ?? null,
    sending(image) {
      ledger.markSent(callId(operation, image), owner);
      sent.add(image);
    },
    async failedAttempt(image, error) {
      sent.delete(image);
      await record(() => ledger.recordFailedAttempt(callId(operation, image), error));
    },
    async answered(image, answer, cost, spoolPath) {
      const { responseId, modelVersion } = answer;
      const entry = { ...costOf(cost, answer), spoolPath, responseId, modelVersion };
      await record(() => ledger.markAnswered(callId(operation, image), entry));
    },
    async stored(image, uri, answer, cost) {
      ended.add(image);
      const entry = costOf(cost, answer);
      const { modelVersion } = answer;
      // Imagen's answers have no id: the column keeps the address, as it does for clips.
      await record(() =>
        ledger.together((steps) => {
          steps.markAnswered(callId(operation, image), { ...entry, spoolPath: null, responseId: uri, modelVersion });
          steps.capture(callId(operation, image), { ...entry, picture: null, error: null });
        }),
      );
    },
    async published(image, { path, sha256 }, answer, cost) {
      ended.add(image);
      const entry = { ...costOf(cost, answer), picture: { path, sha256 }, error: null };
      return await record(() => ledger.capture(callId(operation, image), entry));
    },
    async failed(image, failure, error, cost, answer) {
      ended.add(image);
      const call = callId(operation, image);
      const evidence = evidenceOf(failure, { wasSent: sent.has(image), usage: answer?.usage ?? null });
      await record(() =>
        ledger.together((steps) => {
          if (evidence === "released") steps.release(call, error);
          else if (evidence === "rejected") steps.reject(call, error);
          else if (evidence === "unknown") steps.markUnknown(call, error);
          else {
            const entry = costOf(cost, answer);
            const { responseId = null, modelVersion = null } = answer ?? {};
            steps.markAnswered(call, { ...entry, spoolPath: null, responseId, modelVersion });
            steps.capture(call, { ...entry, picture: null, error });
          }
        }),
      );
    },
    async releaseRest() {
      const rest = tokenLimits.map((_, image) => image).filter((image) => !ended.has(image) && !sent.has(image));
      if (rest.length === 0) return;
      await record(() =>
        ledger.together((steps) => {
          for (const image of rest) steps.release(callId(operation, image));
        }),
      );
    },
    delivered: async () => void (await record(() => ledger.markDelivered(operation))),
  };
}

/** Usage that did not come back counts as the whole hold: the list price would only be a guess. */
function costOf(cost: CostReport, answer: Answer | null): CallCost {
  return {
    actualMicroUsd: cost.basis === "list-price" || cost.basis === "unknown" ? null : cost.actualMicroUsd,
    listPriceMicroUsd: cost.listPriceMicroUsd,
    basis: cost.basis,
    usage: usageOf(answer),
  };
}

function usageOf(answer: Answer | null): UsageReport | null {
  if (!answer?.usage) return null;
  const { searchQueries } = answer;
  const { promptTokens, imageTokens, textTokens, thoughtTokens } = answer.usage;
  return { promptTokens, imageTokens, textTokens, thoughtTokens, ...(searchQueries > 0 ? { searchQueries } : {}) };
}
