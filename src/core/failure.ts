// Failure: what went wrong with one attempt, with the evidence that the retry decision needs.

import type { Billed, ErrorCode } from "./error-table.ts";

export interface Failure {
  readonly code: ErrorCode;
  /** One sentence of what was seen; the row's cause when absent. */
  readonly message?: string;
  readonly httpStatus?: number;
  /** The provider's own words, not yet redacted or cleaned. */
  readonly providerMessage?: string;
  /** When the provider says to come back: `RetryInfo`, `reset_seconds`, `Retry-After`, "retry in 44s". */
  readonly retryAfterMs?: number;
  /** Replaces the row's next step: a link to switch an API on, the name of a replacement model. */
  readonly nextStep?: string;
  /** Replaces the row's sentence when this occasion knows better. */
  readonly cause?: string;
  /** Replaces the row's value when the evidence says otherwise. */
  readonly billed?: Billed;
}
