// Run: what all pictures of one request share while they are drawn.

import type { Clock } from "../core/clock.ts";
import type { Plan } from "../core/plan.ts";
import type { OnProgress } from "../core/progress.ts";
import type { Credential } from "../google/auth/credential.ts";
import type { Catalogue } from "../google/models/catalogue.ts";
import type { Gate } from "../transport/gate.ts";
import type { Transport } from "../transport/send.ts";

export interface Run {
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  readonly credential: Credential;
  readonly transport: Transport;
  readonly gate: Gate;
  /** Endpoint, credential source and model: who shares a provider's "come back later". */
  readonly gateKey: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxWaitMs: number;
  /** Folder for what is paid and cannot be published. */
  readonly keepDirectory: string;
  readonly signal: AbortSignal | undefined;
  /** Ends waiting as well as starting: nothing has been sent yet then. */
  readonly stopWaiting: AbortSignal | undefined;
  readonly tell: OnProgress;
  /** Text from outside, masked and stripped of control characters. */
  readonly clean: (text: string) => string;
}
