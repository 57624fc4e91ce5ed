// What the library is told once: the connection, the places, the ports. Nothing here is read from the environment.

import type { Cap } from "../core/cap.ts";
import type { Clock } from "../core/clock.ts";
import type { Outcome } from "../core/outcome.ts";
import type { OnProgress } from "../core/progress.ts";
import type { AuthMethod, EndpointName } from "../core/route.ts";
import type { CredentialSettings } from "../google/auth/credential.ts";
import type { ReferencePolicy } from "../references/policy.ts";

/** Credentials that were found, and where to look for more; which of them is used follows from `auth`. */
export type Credentials = Omit<CredentialSettings, "projectId" | "apiOrigin">;

/** The emulator that a rehearsal talks to: what `startEmulator` of `image-gen/emulator` returns. */
export interface RehearsalEmulator {
  readonly url: string;
  readonly credentials: {
    readonly proxyKey: string;
    readonly apiKey: string;
    readonly vertexKey: string;
    readonly accessToken: string;
    readonly projectId: string;
  };
}

export interface ImageGenOptions {
  readonly auth: AuthMethod;
  /** Default: the endpoint that goes with `auth`. */
  readonly endpoint?: EndpointName;
  readonly credentials?: Credentials;
  /** Google Cloud project. Default: the credential's own, where it has one. */
  readonly projectId?: string;
  /** Location on aiplatform. Default `global`. */
  readonly location?: string;
  /** Other hosts, for gateways, emulators and tests. */
  readonly baseUrls?: Readonly<Partial<Record<EndpointName, string>>>;
  /**
   * Largest request in one piece, in bytes, for a gateway that takes less than the endpoint itself. Above it reference
   * pictures are uploaded first where the endpoint has a place for them. Only ever lowers. Default: the endpoint's documented limit.
   */
  readonly inlineRequestLimitBytes?: number;
  /** Where reference pictures and documents may come from. Default: files below `workingDirectory` and public https addresses. */
  readonly references?: ReferencePolicy;
  /** Whole download of one reference. Default 60 000. */
  readonly downloadTimeoutMs?: number;
  /** This process runs nothing else: decoders that are not needed may be closed for all of it. Default false. */
  readonly ownsProcess?: boolean;
  /** HTTP proxies. Default: none. */
  readonly proxies?: { readonly https?: string; readonly http?: string; readonly noProxy?: string };
  /** Run everything against this emulator: free, offline, marked as a rehearsal. */
  readonly rehearsal?: RehearsalEmulator;
  /** Folder that relative outputs start from; absolute. */
  readonly workingDirectory: string;
  /** Folder for what must be kept: the ledger, and paid answers until they are published; absolute. On a local disk. */
  readonly stateDirectory: string;
  /**
   * `kept` (default): every paid call is recorded before it is sent, budgets hold, and nothing is bought twice. `none`: no
   * record; a budget is refused then.
   */
  readonly ledger?: "kept" | "none";
  /** Budgets over everything that this ledger records. All must hold. */
  readonly caps?: readonly Cap[];
  /** What budgets of window `run` sum over, a ULID. Default: a new one for this `createImageGen`. */
  readonly run?: string;
  /** A label for budgets and totals. Default: the Google Cloud project. */
  readonly project?: string;
  /** Folder of the user's own styles; absolute. Default: only those of the package. */
  readonly stylesDirectory?: string;
  /** Contents of the user's own models file: models added, prices changed. */
  readonly models?: unknown;
  /** Whole call. Default 300 000. */
  readonly timeoutMs?: number;
  /** Longest time to wait in all for a provider that says when to come back. Default 60 000. */
  readonly maxWaitMs?: number;
  /** Goes into the metadata beside each picture; must hold no secret. */
  readonly command?: { readonly version: string; readonly options: Readonly<Record<string, unknown>> };
  /** Default: the system's clock and randomness. */
  readonly clock?: Clock;
  readonly random?: () => number;
}

export interface GenerateContext {
  /** Stops at once; a picture on its way may be billed and lost. */
  readonly signal?: AbortSignal;
  /** Starts no new call but lets running ones finish. */
  readonly stopStarting?: AbortSignal;
  readonly onProgress?: OnProgress;
  /**
   * Given the outcome before `generate` returns it. Resolves with whether the caller has really seen it: an operation that
   * nobody saw is given to whoever asks for the same again. Default: seen.
   */
  readonly deliver?: (outcome: Outcome) => Promise<boolean>;
}
