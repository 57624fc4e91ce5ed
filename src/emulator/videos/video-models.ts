// What the emulator knows of each video model: life, resolutions, lengths, prices. Its own table, from the facts on Google's
// APIs, sections 3.3 and 8 (2026-11-22). Leaves reading requests to video-rules.ts.

import type { Backend } from "../model-table.ts";

/** How a model is called. */
export type VideoApi = "predictLongRunning" | "interactions";

/** One video model. */
export interface VideoModel {
  readonly id: string;
  readonly api: VideoApi;
  /** Micro-dollars for a second by resolution; only these are offered, the first is the default. */
  readonly perSecondMicroUsd: Readonly<Record<string, number>>;
  /** Longest clip in seconds. */
  readonly longestSeconds: number;
  /** Back ends that serve it. */
  readonly servedOn: readonly Backend[];
  /** Back ends that have shut it down, and what Google names instead. */
  readonly retiredOn: readonly Backend[];
  readonly replacement: string | null;
}

const standard = { "720p": 400_000, "1080p": 400_000, "4k": 600_000 };
const fast = { "720p": 100_000, "1080p": 120_000, "4k": 300_000 };
const lite = { "720p": 50_000, "1080p": 80_000 };

// A second by its tokens at $17.50 a million; 360p and 4k in the proportion that resellers' lists have (2026-11).
const omni = { "720p": 101_360, "360p": 33_793, "1080p": 150_000, "4k": 304_080 };

const veo = { api: "predictLongRunning", longestSeconds: 8 } as const;
const onVertex = { ...veo, servedOn: ["vertex"], retiredOn: [], replacement: null } as const;
/** Off the Gemini API since 2026-10-22. */
const gone = { ...veo, servedOn: [], retiredOn: ["gemini"], replacement: "gemini-omni-1.2-flash" } as const;
const onGemini = { api: "interactions", servedOn: ["gemini"], retiredOn: [], replacement: null } as const;

const videoModels: readonly VideoModel[] = [
  { id: "veo-3.1-generate-001", perSecondMicroUsd: standard, ...onVertex },
  { id: "veo-3.1-fast-generate-001", perSecondMicroUsd: fast, ...onVertex },
  { id: "veo-3.1-lite-generate-001", perSecondMicroUsd: lite, ...onVertex },
  { id: "veo-3.1-generate-preview", perSecondMicroUsd: standard, ...gone },
  { id: "veo-3.1-fast-generate-preview", perSecondMicroUsd: fast, ...gone },
  { id: "veo-3.1-lite-generate-preview", perSecondMicroUsd: lite, ...gone },
  { id: "gemini-omni-1.1-flash", perSecondMicroUsd: omni, ...onGemini, longestSeconds: 10 },
  { id: "gemini-omni-1.2-flash", perSecondMicroUsd: omni, ...onGemini, longestSeconds: 15 },
  {
    id: "gemini-omni-flash-preview",
    perSecondMicroUsd: { "720p": omni["720p"] },
    ...onGemini,
    longestSeconds: 10,
    servedOn: [],
    retiredOn: ["gemini"],
    replacement: "gemini-omni-1.2-flash",
  },
];

/** What a name stands for on a back end. */
export type VideoModelLookup =
  | { readonly found: "video"; readonly model: VideoModel }
  | { readonly found: "retired"; readonly replacement: string | null }
  | { readonly found: "unknown" };

/** Looks up a video model; with `servesRetired` those that were shut down answer as they did before. */
export function findVideoModel(
  name: string,
  backend: Backend,
  servesRetired: boolean,
  api: VideoApi = "predictLongRunning",
): VideoModelLookup {
  const model = videoModels.find((row) => row.id === name && row.api === api);
  if (model === undefined) return { found: "unknown" };
  const { servedOn, retiredOn, replacement } = model;
  if (servedOn.includes(backend) || (servesRetired && retiredOn.includes(backend))) return { found: "video", model };
  return retiredOn.includes(backend) ? { found: "retired", replacement } : { found: "unknown" };
}
