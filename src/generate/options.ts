// What the library is told once: the connection, the places, the ports. Nothing here is read from the environment.

import type { Clock } from "../core/clock.ts";
import type { OnProgress } from "../core/progress.ts";
import type { AuthMethod, EndpointName } from "../core/route.ts";
import type { CredentialSettings } from "../google/auth/credential.ts";

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
  /** HTTP proxies. Default: none. */
  readonly proxies?: { readonly https?: string; readonly http?: string; readonly noProxy?: string };
  /** Run everything against this emulator: free, offline, marked as a rehearsal. */
  readonly rehearsal?: RehearsalEmulator;
  /** Folder that relative outputs start from; absolute. */
  readonly workingDirectory: string;
  /** Folder for what must be kept: paid answers that could not be published; absolute. */
  readonly stateDirectory: string;
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
}
