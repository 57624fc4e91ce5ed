// Messages between the command that watches and the sender that works: one line of JSON each. The job comes first, over a pipe
// and not as arguments or environment, because it holds secrets.

import type { ClipEvent, ClipOutcome, ClipRequest } from "../core/clip.ts";
import type { Outcome } from "../core/outcome.ts";
import type { ProgressEvent } from "../core/progress.ts";
import type { GenerateRequest } from "../core/request.ts";
import type { ImageGenOptions } from "../generate/options.ts";
import type { SealedCredentials } from "../google/auth/sealed-credentials.ts";

/** Options without what only lives within a process. */
export type SendableOptions = Omit<ImageGenOptions, "clock" | "random" | "credentials" | "rehearsal">;

export interface Job {
  readonly options: SendableOptions;
  readonly credentials: SealedCredentials;
  /** The sender runs the emulator itself: it must outlive the command as well. */
  readonly rehearse: boolean;
  readonly work:
    | { readonly kind: "pictures"; readonly request: GenerateRequest }
    | { readonly kind: "clip"; readonly request: ClipRequest };
}

/** From the command. When its end of the pipe closes, nobody waits any more: running calls are finished, none is started. */
export type Order =
  | { readonly type: "job"; readonly job: Job }
  /** Starts no further call. */
  | { readonly type: "stop" }
  /** Gives up what is on its way. */
  | { readonly type: "abandon" }
  /** The outcome has been shown, or could not be. */
  | { readonly type: "shown"; readonly seen: boolean };

/** From the sender, about pictures or, with its own events and outcome, about a clip. */
export type News<Event = ProgressEvent | ClipEvent, Result = Outcome | ClipOutcome> =
  | { readonly type: "progress"; readonly event: Event }
  | { readonly type: "outcome"; readonly outcome: Result }
  /** What the command said of the outcome is in the ledger: the same request is a new one from here on. */
  | { readonly type: "settled" };
