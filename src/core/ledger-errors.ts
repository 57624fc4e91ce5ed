// The rows of the error table that the ledger needs: budgets, a ledger that cannot be used, and names it does not know.

import type { ErrorRow } from "./error-row.ts";

const usage = { exit: 2, billed: "no", retryable: false } as const;
const budget = { exit: 4, billed: "no", retryable: false } as const;

export const ledgerErrors = {
  "idempotency-key-reused": {
    ...usage,
    cause: "This idempotency key belongs to another request, and a key is never given away twice.",
    nextStep: "Use a new key for a new request, or repeat the request that the key belongs to.",
  },
  "operation-unknown": {
    ...usage,
    cause: "The ledger has no operation or call of this name.",
    nextStep: "See what there is: image-gen history.",
  },
  "operation-not-open": {
    ...usage,
    cause: "The call is not one that waits to be settled.",
    nextStep: "See the unresolved calls with `image-gen spend`.",
  },
  "bill-unreadable": {
    ...usage,
    cause: "The file is no billing export that can be compared with the ledger.",
    nextStep:
      "Give the CSV of Cloud Billing's cost table, or of its BigQuery export, with the columns that are named: image-gen help spend reconcile.",
  },

  "picture-gone": {
    ...usage,
    billed: "yes",
    cause: "The same request was paid for before, and its picture has been moved, changed or removed since.",
    nextStep:
      "Look where it went, or buy it again: --new, or with another --idempotency-key where one was given (a key never buys twice).",
  },

  "operation-unresolved": {
    exit: 7,
    billed: "maybe",
    retryable: false,
    cause: "The same request was sent before and its outcome is unknown, so it is not simply bought again.",
    nextStep: "Look at the provider's usage page and settle it with `image-gen spend resolve`, or buy again: --new.",
  },
  "sender-lost": {
    exit: 7,
    billed: "maybe",
    retryable: false,
    cause:
      "The process that had sent the request ended before the answer was complete; the provider may have billed it.",
    nextStep: "Look at the provider's usage page, then settle it with `image-gen spend resolve`.",
  },

  "over-budget": {
    ...budget,
    cause: "The price does not fit into what is left of a budget.",
    nextStep:
      "Wait until the budget renews, settle unresolved calls with `image-gen spend resolve`, or change it: image-gen spend budget.",
  },
  "ledger-locked": {
    ...budget,
    retryable: true,
    cause: "Another program holds the ledger and did not let go of it in time, so nothing may be spent.",
    nextStep: "Try again in a moment; if it stays, look for an image-gen process that hangs.",
  },
  "ledger-unavailable": {
    ...budget,
    cause: "The ledger cannot be opened or written, and without it nothing may be spent.",
    nextStep:
      "Make its folder writable, free some space, or choose another folder on a local disk with IMAGE_GEN_HOME.",
  },
  "ledger-damaged": {
    ...budget,
    cause: "The ledger is damaged or was replaced, and without a sound one nothing may be spent.",
    nextStep:
      "See what is wrong with `image-gen spend verify`, then rebuild it from its text mirror: image-gen spend repair.",
  },
  "ledger-newer": {
    ...budget,
    cause: "The ledger was written by a newer version of image-gen.",
    nextStep: "Update image-gen; this version leaves the ledger as it is and spends nothing.",
  },
} as const satisfies Record<string, ErrorRow>;
