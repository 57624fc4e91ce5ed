// Outcome: the one shape of an answer, for --json, the library and later the MCP server (design §4).
// Version rises only when a field changes its meaning.

import type { MicroUsd } from "./money.ts";
import type { ErrorReport } from "./tool-error.ts";
import type { AuthMethod, EndpointName } from "./route.ts";
import type { PlannedRequest } from "./request.ts";

/** One published picture. */
export interface ImageReport {
  /** Absolute path. */
  readonly path: string;
  /** From the bytes, never from what the provider said. */
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Ratio and size are those that were asked for (2 % tolerance); true when nothing was asked. */
  readonly matchesRequest: boolean;
}

/** A picture that the provider has left in the caller's bucket (`storageUri`); nothing of it was on this machine. */
export interface StoredImageReport {
  /** `gs://bucket/object` */
  readonly uri: string;
  /** As the provider says, or as it was asked for. */
  readonly mimeType: string;
}

/** How the actual cost is known. `unmetered`: a subscription or emulator route, nothing is billed per picture. */
export type CostBasis = "usage" | "list-price" | "unmetered" | "unknown";

export interface CostReport {
  readonly currency: "USD";
  readonly estimatedMicroUsd: MicroUsd;
  /** `null` when nothing is known: never 0 for unknown. 0 on an unmetered route. */
  readonly actualMicroUsd: MicroUsd | null;
  /** What the usage that came back costs by the list; on a metered route equal to `actualMicroUsd`. */
  readonly listPriceMicroUsd: MicroUsd | null;
  readonly basis: CostBasis;
  readonly pricedAsOf: string;
  /** None of the image models has a free tier; here so that a program need not know that. */
  readonly freeTier: boolean;
}

/** Tokens over all calls of the operation. Source of the split: `usageMetadata`, google-apis facts §1.3. */
export interface UsageReport {
  readonly promptTokens: number;
  readonly imageTokens: number;
  readonly textTokens: number;
  readonly thoughtTokens: number;
  /** Clips alone. */
  readonly videoTokens?: number;
  /** Searches that the model made, each billed by itself; absent where it made none. */
  readonly searchQueries?: number;
}

export interface RouteReport {
  readonly auth: AuthMethod;
  readonly endpoint: EndpointName;
  readonly model: string;
  /** What the provider says it ran; `null` when it does not say. */
  readonly modelVersion: string | null;
}

/** What was asked for, as it was sent. */
export type RequestReport = PlannedRequest;

/** The turn of a conversation that a picture is. */
export interface SessionReport {
  readonly name: string;
  /** From 1. */
  readonly turn: number;
}

interface OutcomeBase {
  readonly version: 1;
  readonly operation: string;
  readonly rehearsal: boolean;
}

/** All pictures (`ok`) or some of them (`partial`). */
export interface SuccessOutcome extends OutcomeBase {
  readonly status: "ok" | "partial";
  readonly route: RouteReport;
  readonly request: RequestReport;
  /** Pictures that are files here; empty where they were left in a bucket. */
  readonly images: readonly ImageReport[];
  /** Absent without `storageUri`. */
  readonly stored?: readonly StoredImageReport[];
  /** Absent without a conversation. */
  readonly session?: SessionReport;
  /** What the model wrote beside the pictures, stripped of control characters. */
  readonly text: string | null;
  readonly cost: CostReport;
  readonly usage: UsageReport | null;
  /** Calls that were put on the wire, retries included. */
  readonly attempts: number;
  readonly durationMs: number;
  /** Of the last picture; `null` when the provider gives none. */
  readonly responseId: string | null;
  readonly warnings: readonly string[];
  /** What went wrong, one entry for each picture that failed; those that were not started any more share its reason. Absent when `status` is `ok`. */
  readonly errors?: readonly PictureError[];
}

/** `image`: the picture's place in the request, from 0; absent for those that were not started. */
export interface PictureError extends ErrorReport {
  readonly image?: number;
}

/** No picture. Everything after `error` is there as far as the operation came. */
export interface ErrorOutcome extends OutcomeBase {
  readonly status: "error";
  readonly error: ErrorReport;
  readonly route?: RouteReport;
  readonly request?: RequestReport;
  readonly session?: SessionReport;
  readonly text?: string | null;
  readonly cost?: CostReport;
  readonly usage?: UsageReport | null;
  readonly attempts?: number;
  readonly durationMs?: number;
  readonly responseId?: string | null;
  readonly warnings?: readonly string[];
}

export type Outcome = SuccessOutcome | ErrorOutcome;
