// Plan: everything that is decided before the first byte is sent. A plain serialisable value, the same for
// a dry run, an estimate, a budget check and the real run. How it is computed is generate/plan/plan.ts' business.

import type { PictureFormat } from "./finishing.ts";
import type { MicroUsd } from "./money.ts";
import type { PlannedRequest } from "./request.ts";
import type { Route } from "./route.ts";

export type { PictureFormat } from "./finishing.ts";

export interface Pixels {
  readonly width: number;
  readonly height: number;
}

/** What a request is expected to cost before it is sent. */
export interface Estimate {
  /** List price of one picture of this size and tier. */
  readonly perImageMicroUsd: MicroUsd;
  /** What the reference pictures of one call cost, read anew for each picture wanted. */
  readonly referencesMicroUsd: MicroUsd;
  /** `perImageMicroUsd` and `referencesMicroUsd` × pictures wanted: the price that is said before. */
  readonly estimatedMicroUsd: MicroUsd;
  /** Upper estimate for the same pictures with prompt, thinking and one draft each: what a cautious budget reserves. */
  readonly worstCaseMicroUsd: MicroUsd;
  /** Day of the price table, `YYYY-MM-DD`. */
  readonly pricedAsOf: string;
  /** True when the model has no price of its own and the default model's was taken. */
  readonly assumed: boolean;
  /** Metered: Google bills each call. Unmetered: a subscription route or a rehearsal; the list price is only information. */
  readonly metered: boolean;
}

/** Where the pictures go. */
export interface OutputTarget {
  /** Absolute path of the folder. */
  readonly directory: string;
  /** File name without number and extension: `image_20260121_140000`. */
  readonly stem: string;
  /** The format that the caller asked for by a file name or by its own word; `null`: the bytes stay as received. */
  readonly format: PictureFormat | null;
  /** Quality of a JPEG or WebP, 1 to 100, for which the picture is compressed anew. Absent: not asked for. */
  readonly quality?: number;
  /** The extension as the caller wrote it (`.jpeg`), or `null` to follow the bytes. */
  readonly extension: string | null;
  /** True when names are numbered `stem_0`, `stem_1`…; false for the one file that the caller named. */
  readonly numbered: boolean;
}

export interface Deadlines {
  /** Whole call, from the first connection attempt to the last byte. Default 300 000. */
  readonly totalMs: number;
  /** Until the connection stands, TLS included. Default 10 000. */
  readonly connectMs: number;
  /** Without a byte once the answer has begun. Default 60 000. */
  readonly idleMs: number;
}

export interface Plan {
  readonly operation: string;
  readonly rehearsal: boolean;
  readonly route: Route;
  readonly request: PlannedRequest;
  /** Pixels that the pixel table promises; `null` when the model chooses the ratio or no table is known. */
  readonly expected: Pixels | null;
  readonly output: OutputTarget;
  readonly cost: Estimate;
  readonly deadlines: Deadlines;
  /** Things the caller should know and that stop nothing: an alias used, a deprecated model, a substituted model. */
  readonly warnings: readonly string[];
}
