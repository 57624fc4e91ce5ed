// Video models: Veo is run by video-gen, Omni is known for comparing prices. Source: google-apis facts §2, §3.3 and §8;
// Veo prices from the Gemini API page of 2026-09-24, Omni's from its tokens (5,792 a second of 720p at $17.50 a million).

import type { EndpointName } from "../../core/route.ts";
import type { ClipRules, LifeCycle, Model } from "./model.ts";

interface VideoRow {
  readonly id: string;
  readonly label: string;
  readonly perSecond: Readonly<Record<string, number>>;
  readonly lifeCycle: Readonly<Partial<Record<EndpointName, LifeCycle>>>;
  readonly replacement?: string;
  readonly quality: Model["quality"];
  readonly clip?: ClipRules;
}

const onlyVertex: VideoRow["lifeCycle"] = {
  generativelanguage: { notServed: true },
  aiplatform: {},
  "cloudcode-pa": { notServed: true },
};
const onlyGemini: VideoRow["lifeCycle"] = {
  generativelanguage: {},
  aiplatform: { notServed: true },
  "cloudcode-pa": { notServed: true },
};
const shutOn = (day: string): VideoRow["lifeCycle"] => ({ ...onlyGemini, generativelanguage: { retiredOn: day } });

/** Taken when the caller of video-gen names none. */
export const defaultVideoModel = "veo-3.1-generate-001";

const veo: ClipRules = {
  seconds: [4, 6, 8],
  referenceLimit: 3,
  extension: {
    aiplatform: {
      addsSeconds: 7,
      leastSeconds: 1,
      mostSeconds: 30,
      resolutions: ["720p", "1080p"],
      inline: true,
      lastFrame: "undocumented",
    },
    generativelanguage: {
      addsSeconds: 7,
      leastSeconds: 1,
      mostSeconds: 141,
      resolutions: ["720p"],
      inline: false,
      lastFrame: "no",
    },
  },
};

const standard = { "720p": 400_000, "1080p": 400_000, "4k": 600_000 };
const fast = { "720p": 100_000, "1080p": 120_000, "4k": 300_000 };
const lite = { "720p": 50_000, "1080p": 80_000 };
const omni = { "720p": 101_360, "1080p": 150_000 };

const rows: readonly VideoRow[] = [
  { id: "veo-3.1-generate-001", label: "Veo 3.1", perSecond: standard, lifeCycle: onlyVertex, quality: 3, clip: veo },
  {
    id: "veo-3.1-fast-generate-001",
    label: "Veo 3.1 Fast",
    perSecond: fast,
    lifeCycle: onlyVertex,
    quality: 2,
    clip: veo,
  },
  {
    id: "veo-3.1-lite-generate-001",
    label: "Veo 3.1 Lite",
    perSecond: lite,
    lifeCycle: { ...onlyVertex, aiplatform: { note: "a preview" } },
    quality: 1,
    clip: veo,
  },
  { id: "gemini-omni-1.2-flash", label: "Omni 1.2 Flash", perSecond: omni, lifeCycle: onlyGemini, quality: 2 },
  {
    id: "gemini-omni-1.1-flash",
    label: "Omni 1.1 Flash",
    perSecond: omni,
    lifeCycle: { ...onlyGemini, generativelanguage: { since: "2026-08-27" } },
    quality: 2,
  },
  ...(["", "fast-", "lite-"] as const).map((kind) => ({
    id: `veo-3.1-${kind}generate-preview`,
    label: `Veo 3.1 ${kind}preview`,
    perSecond: { "": standard, "fast-": fast, "lite-": lite }[kind],
    lifeCycle: shutOn("2026-10-22"),
    replacement: "gemini-omni-1.2-flash",
    quality: 2 as const,
    clip: veo,
  })),
  // Their prices are no longer on the page.
  ...(["veo-2.0-generate-001", "veo-3.0-generate-001", "veo-3.0-fast-generate-001"] as const).map((id) => ({
    id,
    label: id
      .replace("veo-", "Veo ")
      .replace(/-generate-001$/, "")
      .replace("-fast", " Fast"),
    perSecond: {},
    lifeCycle: { ...shutOn("2026-06-30"), aiplatform: { note: "whether Vertex AI still answers is not known" } },
    replacement: "veo-3.1-generate-001",
    quality: 1 as const,
  })),
  {
    id: "gemini-omni-flash-preview",
    label: "Omni Flash preview",
    perSecond: omni,
    lifeCycle: shutOn("2026-09-30"),
    replacement: "gemini-omni-1.2-flash",
    quality: 2,
  },
];

export const videoModels: readonly Model[] = rows.map((row) => ({
  id: row.id,
  label: row.label,
  kind: "video",
  runnable: false,
  aliases: [],
  lifeCycle: row.lifeCycle,
  ...(row.replacement === undefined ? {} : { replacement: row.replacement }),
  sizes: [],
  sendsSize: false,
  ratios: ["16:9", "9:16"],
  pixels: null,
  referenceLimit: 3,
  thinking: [],
  ignoresThinking: false,
  thinkingDefault: null,
  search: false,
  output: "video",
  tiers: ["standard"],
  inputTokenLimit: null,
  outputTokenLimit: null,
  imageTokens: {},
  referenceTokens: 0,
  usualSeconds: {},
  quality: row.quality,
  ...(row.clip === undefined ? {} : { clip: row.clip }),
  prices: {
    asOf: "2026-09-24",
    source: "ai.google.dev/gemini-api/docs/pricing",
    rates: {},
    perImage: {},
    perSecond: row.perSecond,
  },
}));
