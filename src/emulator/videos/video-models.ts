// What the emulator knows of each video model: life, resolutions, lengths, prices. Its own table, from the facts on Google's
// APIs, sections 3.3 and 8.1 (2026-11-22). Leaves reading requests to video-rules.ts.

import type { Backend } from "../model-table.ts";

/** One video model. */
export interface VideoModel {
  readonly id: string;
  /** Micro-dollars for a second by resolution; only these are offered, the first is the default. */
  readonly perSecondMicroUsd: Readonly<Record<string, number>>;
  /** Back ends that serve it. */
  readonly servedOn: readonly Backend[];
  /** Back ends that have shut it down, and what Google names instead. */
  readonly retiredOn: readonly Backend[];
  readonly replacement: string | null;
}

const standard = { "720p": 400_000, "1080p": 400_000, "4k": 600_000 };
const fast = { "720p": 100_000, "1080p": 120_000, "4k": 300_000 };
const lite = { "720p": 50_000, "1080p": 80_000 };

const onVertex = { servedOn: ["vertex"], retiredOn: [], replacement: null } as const;
/** Off the Gemini API since 2026-10-22. */
const gone = { servedOn: [], retiredOn: ["gemini"], replacement: "gemini-omni-1.2-flash" } as const;

const videoModels: readonly VideoModel[] = [
  { id: "veo-3.1-generate-001", perSecondMicroUsd: standard, ...onVertex },
  { id: "veo-3.1-fast-generate-001", perSecondMicroUsd: fast, ...onVertex },
  { id: "veo-3.1-lite-generate-001", perSecondMicroUsd: lite, ...onVertex },
  { id: "veo-3.1-generate-preview", perSecondMicroUsd: standard, ...gone },
  { id: "veo-3.1-fast-generate-preview", perSecondMicroUsd: fast, ...gone },
  { id: "veo-3.1-lite-generate-preview", perSecondMicroUsd: lite, ...gone },
];

/** What a name stands for on a back end. */
export type VideoModelLookup =
  | { readonly found: "video"; readonly model: VideoModel }
  | { readonly found: "retired"; readonly replacement: string | null }
  | { readonly found: "unknown" };

/** Looks up a video model; with `servesRetired` those that were shut down answer as they did before. */
export function findVideoModel(name: string, backend: Backend, servesRetired: boolean): VideoModelLookup {
  const model = videoModels.find(({ id }) => id === name);
  if (model === undefined) return { found: "unknown" };
  const { servedOn, retiredOn, replacement } = model;
  if (servedOn.includes(backend) || (servesRetired && retiredOn.includes(backend))) return { found: "video", model };
  return retiredOn.includes(backend) ? { found: "retired", replacement } : { found: "unknown" };
}
