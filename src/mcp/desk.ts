// Desk: everything of the program that the agents' server needs, handed in by the command that starts it.
// Costly things are functions: they are loaded by the first call that needs them, never before the host is answered.

import type { Clock } from "../core/clock.ts";
import type { MicroUsd } from "../core/money.ts";
import type { Redact } from "../core/redaction.ts";
import type { GenerateRequest } from "../core/request.ts";
import type { EndpointName } from "../core/route.ts";
import type { DoctorReport } from "../doctor/report.ts";
import type { VideoGen } from "../generate/clip/create-video-gen.ts";
import type { ImageGen } from "../generate/create-image-gen.ts";
import type { Recovery } from "../generate/recover.ts";
import type { Catalogue } from "../google/models/catalogue.ts";
import type { ReferencePolicy } from "../references/policy.ts";
import type { OpenOperation } from "../spend/ledger/history.ts";
import type { LedgerReading } from "../spend/ledger/reading.ts";
import type { Shrink } from "./thumbnail.ts";
import type { Totals, TotalsBy } from "../spend/ledger/totals.ts";

/** What the person has set for agents. No argument of an agent's changes any of it. */
export interface AgentPolicy {
  /** Absolute; `null`: the host's project folders, else the working directory. */
  readonly folders: readonly string[] | null;
  /** Hosts that reference pictures may be downloaded from; `null`: none. */
  readonly urlHosts: readonly string[] | null;
  /** Folders of our own that nobody writes pictures to. */
  readonly closedFolders: readonly string[];
  /** `null`: never asks. */
  readonly confirmAboveMicroUsd: MicroUsd | null;
  /** Most that one picture may cost; `null`: no limit of this kind. */
  readonly maxCostUsd: number | null;
}

export interface SpendDocument {
  readonly open: readonly OpenOperation[];
  readonly by?: readonly Totals[];
  readonly [field: string]: unknown;
}

export interface Desk {
  readonly version: string;
  readonly clock: Clock;
  /** Calls `tick` again and again until the returned function is called. */
  every(intervalMs: number, tick: () => void): () => void;
  /** Absolute. */
  readonly workingDirectory: string;
  readonly rehearsal: boolean;
  readonly policy: AgentPolicy;
  /** The person's defaults for a request. */
  readonly defaults: Omit<GenerateRequest, "prompt">;
  /** Masks the person's keys. */
  readonly redact: Redact;
  /** Diagnostics for people, one line. */
  tell(line: string): void;
  /** Aborted when what is on its way has to be given up. */
  readonly abandonment: AbortSignal;
  /** Reads references only where the policy says. Plans here; draws in a process of its own, so that a host that is killed loses nothing. */
  library(references: ReferencePolicy): Promise<Pick<ImageGen, "generate" | "plan">>;
  /** The same for clips; files are read from these folders alone, and nothing is downloaded. Closed by whoever opens it. */
  videoLibrary(folders: readonly string[]): Promise<Pick<VideoGen, "generate" | "plan" | "close">>;
  /** Brings to its end what killed processes have left; `null` when there is no ledger. */
  recover(): Promise<Recovery | null>;
  readonly shrink: Shrink;
  catalogue(): Promise<Catalogue>;
  /** The endpoint that calls go to. */
  endpoint(): Promise<EndpointName>;
  examine(signal: AbortSignal): Promise<DoctorReport>;
  /** Looks at the ledger, after what killed processes left was brought to its end. */
  withLedger<Result>(look: (ledger: LedgerReading) => Result): Promise<Result>;
  /** What `spend --json` prints. */
  spend(by: TotalsBy | undefined): Promise<SpendDocument>;
}
