// Google's image models over generateContent. Source of everything without another: google-apis facts §2 and §3,
// which copy the Gemini API pricing page of 2026-09-24 and the model pages, 2026-11-22.

import type { LifeCycle, Model, PriceList, TokenRates } from "./model.ts";

const tenRatios = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"] as const;
const fourteenRatios = [...tenRatios, "1:4", "4:1", "1:8", "8:1"] as const;

const pricingPage = { asOf: "2026-09-24", source: "ai.google.dev/gemini-api/docs/pricing" };

/** Gemini 3: $14 for 1,000 queries, after 5,000 free prompts a month that all of the account's models share. Same page. */
const searchPrice = { perSearchQuery: 14_000 };

const micro = (usd: number): number => Math.round(usd * 1_000_000);

/** Dollars per million tokens as on the page. */
function rates(textIn: number, textOut: number, imageOut: number, imageIn = textIn): TokenRates {
  return { textIn: micro(textIn), imageIn: micro(imageIn), textOut: micro(textOut), imageOut: micro(imageOut) };
}

/**
 * Code Assist documents no pictures; only gemini-3-pro-image and gemini-3.1-flash-image have been seen there (facts §1.6).
 * Whoever sees another adds it by the models file: a new row has a life of its own.
 */
const notOnCodeAssist: LifeCycle = { notServed: true, note: "never seen on Code Assist" };

/**
 * Estimates of ours. Measured, without the model's name: 22 to 25 s for edits, 35 to 142 s for complex pictures
 * (facts §1.3); the original design of 2026-02 says 3 to 10 s. Between the two, smaller models and sizes are taken as quicker.
 */
const seconds = (from: number, to: number): { from: number; to: number } => ({ from, to });

const proPrices: PriceList = {
  ...pricingPage,
  ...searchPrice,
  rates: {
    standard: rates(2, 12, 120),
    batch: rates(1, 6, 60),
    flex: rates(1, 6, 60),
    priority: rates(3.6, 21.6, 216),
  },
  perImage: { "1K": 134_000, "2K": 134_000, "4K": 240_000 },
  perImageByTier: {
    batch: { "1K": 67_000, "2K": 67_000, "4K": 120_000 },
    flex: { "1K": 67_000, "2K": 67_000, "4K": 120_000 },
  },
};

export const gemini3ProImage: Model = {
  id: "gemini-3-pro-image",
  label: "Nano Banana Pro",
  kind: "image",
  runnable: true,
  aliases: [
    { name: "gemini-3-pro-image-preview", note: "the preview was shut down on 2026-06-25; its successor is used" },
    { name: "nano-banana-pro-preview" },
    { name: "nano-banana-pro" },
  ],
  lifeCycle: {
    generativelanguage: { since: "2026-05-28" },
    aiplatform: { since: "2026-05-28", keptUntil: "2027-05-28" },
    "cloudcode-pa": {},
  },
  sizes: ["1K", "2K", "4K"],
  sendsSize: true,
  ratios: tenRatios,
  pixels: "gemini-3",
  referenceLimit: 14,
  thinking: ["minimal", "low", "medium", "high"],
  ignoresThinking: true,
  thinkingDefault: null,
  search: true,
  output: "jpeg",
  tiers: ["standard", "flex", "priority"],
  inputTokenLimit: 65_536,
  outputTokenLimit: 32_768,
  imageTokens: { "1K": 1120, "2K": 1120, "4K": 2000 },
  referenceTokens: 560,
  usualSeconds: { "1K": seconds(20, 60), "2K": seconds(25, 90), "4K": seconds(35, 142) },
  quality: 3,
  prices: proPrices,
};

export const nanoBanana21: Model = {
  id: "gemini-nano-banana-2.1",
  label: "Nano Banana 2.1",
  kind: "image",
  runnable: true,
  aliases: [{ name: "nano-banana-2.1" }],
  lifeCycle: {
    generativelanguage: { since: "2026-10-06" },
    aiplatform: { since: "2026-10-06" },
    "cloudcode-pa": notOnCodeAssist,
  },
  // One source says that 512 works, a measured 400 says no.
  sizes: ["1K", "2K", "4K"],
  sendsSize: true,
  ratios: fourteenRatios,
  pixels: "gemini-3",
  referenceLimit: 14,
  thinking: ["minimal", "medium", "high"],
  ignoresThinking: false,
  thinkingDefault: "medium",
  search: true,
  output: "jpeg",
  tiers: ["standard"],
  inputTokenLimit: null,
  outputTokenLimit: null,
  imageTokens: { "1K": 1120, "2K": 1680, "4K": 3780 },
  referenceTokens: 1120,
  usualSeconds: { "1K": seconds(10, 40), "2K": seconds(15, 60), "4K": seconds(25, 100) },
  quality: 2,
  prices: {
    asOf: "2026-10-09",
    ...searchPrice,
    source: "pricing page as copied by four repositories (LiteLLM discussion 44983)",
    rates: { standard: rates(1.5, 7.5, 30), batch: rates(0.75, 3.75, 15) },
    // 4K: another page counts 2520 tokens ($0.0756); the dearer one is promised.
    perImage: { "1K": 33_600, "2K": 50_400, "4K": 113_000 },
  },
};

export const gemini31FlashImage: Model = {
  id: "gemini-3.1-flash-image",
  label: "Nano Banana 2",
  kind: "image",
  runnable: true,
  aliases: [
    { name: "gemini-3.1-flash-image-preview", note: "the preview was shut down on 2026-06-25; its successor is used" },
    { name: "nano-banana-2" },
  ],
  lifeCycle: {
    generativelanguage: {
      since: "2026-05-28",
      deprecatedOn: "2026-10-06",
      note: "some sources name 2026-10-29 as its last day on the Gemini API, Google's SDK of 2026-11-10 still lists it",
    },
    aiplatform: { since: "2026-05-28", deprecatedOn: "2026-10-06", keptUntil: "2027-05-28" },
    "cloudcode-pa": { deprecatedOn: "2026-10-06" },
  },
  replacement: "gemini-nano-banana-2.1",
  sizes: ["512", "1K", "2K", "4K"],
  sendsSize: true,
  ratios: fourteenRatios,
  pixels: "gemini-3",
  referenceLimit: 14,
  thinking: ["minimal", "high"],
  ignoresThinking: false,
  thinkingDefault: "minimal",
  search: true,
  output: "varies",
  tiers: ["standard"],
  inputTokenLimit: 131_072,
  outputTokenLimit: 32_768,
  imageTokens: { "512": 747, "1K": 1120, "2K": 1680, "4K": 2520 },
  referenceTokens: 1120,
  usualSeconds: { "512": seconds(5, 20), "1K": seconds(8, 30), "2K": seconds(12, 50), "4K": seconds(20, 90) },
  quality: 2,
  prices: {
    ...pricingPage,
    ...searchPrice,
    rates: { standard: rates(0.5, 3, 60), batch: rates(0.25, 1.5, 30) },
    perImage: { "512": 45_000, "1K": 67_000, "2K": 101_000, "4K": 151_000 },
    perImageByTier: { batch: { "512": 22_000, "1K": 34_000, "2K": 50_000, "4K": 76_000 } },
  },
};

export const gemini31FlashLiteImage: Model = {
  id: "gemini-3.1-flash-lite-image",
  label: "Nano Banana 2 Lite",
  kind: "image",
  runnable: true,
  aliases: [{ name: "nano-banana-2-lite" }],
  lifeCycle: {
    generativelanguage: { since: "2026-06-30" },
    aiplatform: { since: "2026-06-23" },
    "cloudcode-pa": notOnCodeAssist,
  },
  sizes: ["1K"],
  // Sending `imageSize` gave 400 on Vertex AI.
  sendsSize: false,
  ratios: fourteenRatios,
  pixels: "gemini-3",
  referenceLimit: 14,
  thinking: ["minimal", "high"],
  ignoresThinking: false,
  thinkingDefault: "minimal",
  search: false,
  output: "varies",
  tiers: ["standard"],
  inputTokenLimit: 65_536,
  outputTokenLimit: 4_096,
  imageTokens: { "1K": 1120 },
  referenceTokens: 1120,
  usualSeconds: { "1K": seconds(4, 20) },
  quality: 1,
  prices: {
    ...pricingPage,
    rates: { standard: rates(0.25, 1.5, 30), batch: rates(0.125, 0.75, 15) },
    perImage: { "1K": 33_600 },
    perImageByTier: { batch: { "1K": 16_800 } },
  },
};

export const gemini25FlashImage: Model = {
  id: "gemini-2.5-flash-image",
  label: "Nano Banana",
  kind: "image",
  runnable: true,
  aliases: [
    { name: "gemini-2.5-flash-image-preview", note: "the preview was shut down on 2026-01-15" },
    { name: "nano-banana" },
  ],
  lifeCycle: {
    generativelanguage: { since: "2025-10-02", retiredOn: "2026-10-02" },
    aiplatform: {
      since: "2025-10-02",
      retiredOn: "2026-10-02",
      note: "whether Vertex AI still answers is not known; treated as gone",
    },
    "cloudcode-pa": { notServed: true },
  },
  replacement: "gemini-nano-banana-2.1",
  sizes: ["1K"],
  sendsSize: false,
  ratios: tenRatios,
  pixels: "gemini-2.5",
  referenceLimit: 3,
  thinking: [],
  ignoresThinking: false,
  thinkingDefault: null,
  search: false,
  output: "png",
  tiers: ["standard", "flex", "priority"],
  inputTokenLimit: 32_768,
  outputTokenLimit: 32_768,
  imageTokens: { "1K": 1290 },
  referenceTokens: 258,
  usualSeconds: { "1K": seconds(5, 20) },
  quality: 1,
  prices: {
    ...pricingPage,
    rates: {
      standard: rates(0.3, 2.5, 30),
      batch: rates(0.15, 1.25, 15),
      flex: rates(0.15, 1.25, 15),
      priority: rates(0.54, 4.5, 54),
    },
    perImage: { "1K": 39_000 },
    perImageByTier: { batch: { "1K": 19_500 }, flex: { "1K": 19_500 }, priority: { "1K": 70_200 } },
  },
};

export const gemini20FlashImage: Model = {
  ...gemini25FlashImage,
  id: "gemini-2.0-flash-preview-image-generation",
  label: "Gemini 2.0 Flash (pictures)",
  aliases: [{ name: "gemini-2.0-flash-exp-image-generation" }, { name: "gemini-2.0-flash-exp" }],
  // Removed by November 2025; the exact day is not known.
  lifeCycle: { generativelanguage: { retiredOn: "2025-11-01" } },
  prices: { ...gemini25FlashImage.prices, source: "never priced by itself; the price of its successor" },
};
