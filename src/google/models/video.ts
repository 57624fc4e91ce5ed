// Video models that video-gen runs: Veo by long-running predictions, Omni by interactions. Source: google-apis facts §2, §3.3
// and §8; Veo prices from the Gemini API page of 2026-09-24, Omni's from its tokens (5,792 a second of 720p at $17.50 a million).

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

/** Taken when the caller of video-gen names none: the Gemini API has had no Veo since 2026-10-22. */
export function defaultVideoModel(endpoint: EndpointName): string {
  return endpoint === "generativelanguage" ? "gemini-omni-1.2-flash" : "veo-3.1-generate-001";
}

const veo: ClipRules = {
  wire: "predict",
  seconds: [4, 6, 8],
  usualSeconds: 8,
  onlyLongestWhenLarge: true,
  mostSecondsBetweenFrames: 8,
  referenceLimit: 3,
  takes: { audio: true, negativePrompt: true, seed: true, personGeneration: true, storageUri: true },
  assumedPrices: [],
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

const upTo = (longest: number): number[] => Array.from({ length: longest - 2 }, (_, index) => index + 3);

/**
 * Lengths of 3 to 15 s (facts §8.2), of which 1.1 makes those up to 10 (civitai's, Venice's and WaveSpeed's pages of the model,
 * read 2026-11-24), as both do between two frames. Sound comes always; what is not wanted is said in the prompt (Google's own
 * skill gemini-omni-flash-api). Six references: civitai, laozhang, muapi, 2026-11. A picture counts 1,120 tokens with the image
 * models (facts §3.1); nobody says what it counts here. A clip that is there already can be edited and gone on with (the SDK's
 * tasks `edit` and `extend`): in which words is not known.
 */
const omniFor = (longest: number): ClipRules => ({
  wire: "interactions",
  seconds: upTo(longest),
  usualSeconds: 8,
  onlyLongestWhenLarge: false,
  mostSecondsBetweenFrames: 10,
  referenceLimit: 6,
  takes: { audio: false, negativePrompt: false, seed: false, personGeneration: false, storageUri: false },
  assumedPrices: ["360p", "4k"],
  tokens: { input: 1_500_000, textOut: 9_000_000, videoOut: 17_500_000 },
  tokensPerPicture: 1_120,
  extension: {},
});

const standard = { "720p": 400_000, "1080p": 400_000, "4k": 600_000 };
const fast = { "720p": 100_000, "1080p": 120_000, "4k": 300_000 };
const lite = { "720p": 50_000, "1080p": 80_000 };
// 360p costs a third of 720p and 4k three times as much with Venice, WaveSpeed and muapi (read 2026-11-24).
const omni = { "360p": 33_787, "720p": 101_360, "1080p": 150_000, "4k": 304_080 };

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
  {
    id: "gemini-omni-1.2-flash",
    label: "Omni 1.2 Flash",
    perSecond: omni,
    lifeCycle: onlyGemini,
    quality: 2,
    clip: omniFor(15),
  },
  {
    id: "gemini-omni-1.1-flash",
    label: "Omni 1.1 Flash",
    perSecond: omni,
    lifeCycle: { ...onlyGemini, generativelanguage: { since: "2026-08-27" } },
    quality: 2,
    clip: omniFor(10),
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
    // It made this size alone (TanStack's changelog of 2026-08).
    perSecond: { "720p": omni["720p"] },
    lifeCycle: shutOn("2026-09-30"),
    replacement: "gemini-omni-1.2-flash",
    quality: 2,
    clip: omniFor(10),
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
  referenceLimit: row.clip?.referenceLimit ?? 3,
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
