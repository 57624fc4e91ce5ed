// Clip run: what one clip needs while it is made.

import type { ClipPlan, OnClipEvent } from "../../core/clip.ts";
import type { Clock } from "../../core/clock.ts";
import type { Credential } from "../../google/auth/credential.ts";
import { endpointFor } from "../../google/endpoints/registry.ts";
import type { LongRunning } from "../../google/endpoints/endpoint.ts";
import type { DownloadNetwork } from "../../references/download.ts";
import type { Transport } from "../../transport/send.ts";
import type { ImageGenOptions } from "../options.ts";
import type { StoreConnection } from "../inputs/open-uploads.ts";
import type { RunGate } from "../draw/run-gate.ts";
import type { ClipBook } from "./clip-book.ts";
import type { GivenInputs } from "./load-clip-inputs.ts";

export interface ClipRun {
  readonly plan: ClipPlan;
  readonly inputs: GivenInputs;
  readonly credential: Credential;
  readonly transport: Transport;
  /** For a clip that is uploaded first. */
  readonly store: StoreConnection;
  /** For links that lead away from the provider's API. */
  readonly network: DownloadNetwork;
  readonly book: ClipBook;
  readonly gate: RunGate;
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxWaitMs: number;
  readonly spoolDirectory: string;
  /** Ends the waiting; what the provider has begun goes on there. */
  readonly signal: AbortSignal | undefined;
  /** Starts nothing any more. */
  readonly stopStarting: AbortSignal | undefined;
  readonly tell: OnClipEvent;
  readonly command: ImageGenOptions["command"];
  /** Cleans and masks what came from outside. */
  readonly clean: (text: string) => string;
}

export function longRunningOf({ route, wire }: ClipPlan): LongRunning {
  const longRunning = endpointFor(route.endpoint).longRunning[wire];
  if (longRunning === undefined) throw new Error("An endpoint without clips was let through.");
  return longRunning;
}
