// Clip: what a caller of video-gen may ask for, what is planned of it, and what becomes of it. Plain values, as for pictures.

import type { MicroUsd } from "./money.ts";
import type { CostReport, RouteReport, UsageReport } from "./outcome.ts";
import type { Deadlines, OutputTarget } from "./plan.ts";
import type { PersonGeneration, Reference, ReferenceReport } from "./request.ts";
import type { Route } from "./route.ts";
import type { ErrorReport } from "./tool-error.ts";

/** Everything but the prompt has a default. */
export interface ClipRequest {
  readonly prompt: string;
  /** The clip begins with it. */
  readonly firstFrame?: Reference;
  /** The clip ends with it; needs a first frame or a clip to extend. */
  readonly lastFrame?: Reference;
  /** Things and people that are to appear; not together with frames. */
  readonly references?: readonly Reference[];
  /** The clip that is gone on with: the path of an MP4, `gs://bucket/object`, or the address of a file of the Gemini API. */
  readonly extendVideo?: string;
  /** Seconds of a new clip. Default 8; an extension has its own. */
  readonly durationSeconds?: number;
  /** `360p`, `720p`, `1080p`, `4k`, as the model makes them. Default 720p, for an extension that of the clip. */
  readonly resolution?: string;
  /** `16:9` or `9:16`. Default: of the first frame or the clip, else 16:9. */
  readonly aspectRatio?: string;
  /** Sound. Default: the model's own choice. */
  readonly audio?: boolean;
  readonly negativePrompt?: string;
  readonly seed?: number;
  readonly personGeneration?: PersonGeneration;
  /** `gs://bucket/folder`: the provider leaves the clip there instead of sending it. */
  readonly storageUri?: string;
  /** Id or alias of a video model. */
  readonly model?: string;
  /** Send to a model that the provider has shut down all the same. */
  readonly allowRetired?: boolean;
  /** A file name that ends in `.mp4`, or a folder. Default: the folder `generated_videos`. */
  readonly output?: string;
  readonly maxCostUsd?: number;
  readonly budgetUsd?: number;
  readonly idempotencyKey?: string;
  readonly buyAgain?: boolean;
}

/** What a clip says of itself in its header. */
export interface ClipHeader {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  /** `avc` (H.264), `hevc`, `av1`, …; `null` when it is none that is known. */
  readonly codec: string | null;
  readonly hasAudio: boolean;
}

/** The clip that is gone on with. */
export interface ExtendedReport {
  /** `null` for what lies with the provider. */
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly header: ClipHeader | null;
  /** Where the provider reads it by itself. */
  readonly uri?: string;
}

/** The request with its defaults. */
export interface PlannedClip {
  readonly prompt: string;
  /** Seconds that are made and billed. */
  readonly seconds: number;
  readonly resolution: string;
  readonly aspectRatio: string;
  readonly audio: boolean | null;
  readonly negativePrompt: string | null;
  readonly seed: number | null;
  readonly personGeneration: PersonGeneration | null;
  readonly storageUri: string | null;
  readonly firstFrame: ReferenceReport | null;
  readonly lastFrame: ReferenceReport | null;
  readonly references: readonly ReferenceReport[];
  readonly extends: ExtendedReport | null;
  /** The clip that is extended is uploaded to the provider's storage first; absent: it goes inside the request or lies there. */
  readonly uploads?: { readonly bytes: number };
}

/** How a clip is ordered: a long-running prediction, or an interaction. */
export type ClipWire = "predict" | "interactions";

/** Micro-dollars per million tokens. */
export interface ClipTokenRates {
  readonly input: MicroUsd;
  /** Text and thinking. */
  readonly textOut: MicroUsd;
  readonly videoOut: MicroUsd;
}

export interface ClipEstimate {
  readonly perSecondMicroUsd: MicroUsd;
  readonly seconds: number;
  /** Prompt and pictures, where they are billed too. */
  readonly inputMicroUsd: MicroUsd;
  /** The price that is said before, and what is held. Where the provider counts tokens its answer says what it was. */
  readonly estimatedMicroUsd: MicroUsd;
  /** Rates of a clip that is counted in tokens; `null`: it costs its seconds, neither more nor less. */
  readonly tokens: ClipTokenRates | null;
  /** The price of a second is not from a page of the provider's. */
  readonly assumed: boolean;
  readonly pricedAsOf: string;
  readonly metered: boolean;
}

export interface ClipPlan {
  readonly kind: "clip";
  readonly operation: string;
  readonly rehearsal: boolean;
  readonly route: Route;
  readonly wire: ClipWire;
  readonly request: PlannedClip;
  /** Pixels and length of the file; the length is `null` where that of the extended clip is not known. */
  readonly expected: { readonly width: number; readonly height: number; readonly seconds: number | null };
  readonly output: OutputTarget;
  readonly cost: ClipEstimate;
  /** Of each call by itself. */
  readonly deadlines: Deadlines;
  /** How long to wait for the clip before it is left to a later `resume`. */
  readonly patienceMs: number;
  readonly warnings: readonly string[];
}

/** One clip: a published file, or where the provider has left it. */
export interface ClipReport {
  /** Absolute; `null` when it lies in a bucket. */
  readonly path: string | null;
  readonly uri: string | null;
  readonly mimeType: string;
  readonly seconds: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly codec: string | null;
  readonly hasAudio: boolean | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  /** Size and length are those that were asked for. */
  readonly matchesRequest: boolean;
}

interface ClipOutcomeBase {
  readonly version: 1;
  readonly operation: string;
  readonly rehearsal: boolean;
}

export interface ClipSuccess extends ClipOutcomeBase {
  readonly status: "ok";
  readonly route: RouteReport;
  readonly request: PlannedClip;
  readonly videos: readonly ClipReport[];
  readonly cost: CostReport;
  /** What the provider's answer counts; `null` where it counts nothing. */
  readonly usage: UsageReport | null;
  readonly attempts: number;
  readonly durationMs: number;
  /** The provider's name of the operation. */
  readonly handle: string | null;
  readonly warnings: readonly string[];
}

export interface ClipFailure extends ClipOutcomeBase {
  readonly status: "error";
  readonly error: ErrorReport;
  readonly route?: RouteReport;
  readonly request?: PlannedClip;
  readonly cost?: CostReport;
  readonly usage?: UsageReport | null;
  readonly attempts?: number;
  readonly durationMs?: number;
  readonly handle?: string | null;
  readonly warnings?: readonly string[];
}

export type ClipOutcome = ClipSuccess | ClipFailure;

/** As for pictures, with one clip as image 0. */
export type ClipEvent =
  | { readonly type: "planned"; readonly plan: ClipPlan }
  | { readonly type: "uploading"; readonly image: number; readonly bytes: number; readonly totalBytes: number }
  | { readonly type: "sending"; readonly image: number; readonly attempt: number }
  /** The provider has begun; its name for the operation is recorded. */
  | { readonly type: "begun"; readonly image: number; readonly handle: string }
  /** Asked, and not ready yet. */
  | {
      readonly type: "working";
      readonly image: number;
      readonly elapsedMs: number;
      readonly waitMs: number;
      /** Why the last look told nothing; it is looked again. Absent: the provider said that it is at work. */
      readonly trouble?: string;
    }
  | { readonly type: "receiving"; readonly image: number; readonly bytes: number }
  | {
      readonly type: "waiting";
      readonly image: number;
      readonly attempt: number;
      readonly waitMs: number;
      readonly reason: string;
    }
  | { readonly type: "published"; readonly image: number; readonly report: ClipReport }
  | { readonly type: "failed"; readonly image: number; readonly message: string };

export type OnClipEvent = (event: ClipEvent) => void;
