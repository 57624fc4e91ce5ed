// Run: what all pictures of one request share while they are drawn.

import type { Clock } from "../../core/clock.ts";
import type { InputPart } from "../../core/input-part.ts";
import type { Plan } from "../../core/plan.ts";
import type { OnProgress } from "../../core/progress.ts";
import type { Credential } from "../../google/auth/credential.ts";
import type { Catalogue } from "../../google/models/catalogue.ts";
import type { Model } from "../../google/models/model.ts";
import type { Transport } from "../../transport/send.ts";
import type { Book } from "../purchase/book.ts";
import type { Conversation } from "../inputs/conversation.ts";
import type { ImageGenOptions } from "../options.ts";
import type { RunGate } from "./run-gate.ts";
import type { Uploads } from "../inputs/uploads.ts";

export interface Run {
  readonly plan: Plan;
  /** Documents and reference pictures of the plan, checked and encoded. */
  readonly inputs: readonly InputPart[];
  /** What of them and of the conversation is to be with the provider before a call. */
  readonly uploads: Uploads;
  readonly conversation: Conversation | null;
  readonly catalogue: Catalogue;
  readonly credential: Credential;
  readonly transport: Transport;
  readonly model: Model;
  readonly gate: RunGate;
  readonly book: Book;
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxWaitMs: number;
  /** Folder for answers until they are published, and for what cannot be. */
  readonly spoolDirectory: string;
  readonly signal: AbortSignal | undefined;
  /** Ends waiting as well as starting: nothing has been sent yet then. */
  readonly stopWaiting: AbortSignal | undefined;
  readonly tell: OnProgress;
  /** Goes into the record beside each picture. */
  readonly command: ImageGenOptions["command"];
  /** Text from outside, masked and stripped of control characters. */
  readonly clean: (text: string) => string;
}
