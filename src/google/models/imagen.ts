// Imagen over predict on Vertex AI: all retired, and only sent where the caller insists (allowRetired).
// Source: google-apis facts §2, §3.4 and §7, 2026-11-22; the prices left Google's page with the models. The two oldest of
// Imagen 3 and the day for all: docs.cloud.google.com, "Omit content using a negative prompt", table of endpoints, 2026.

import type { MicroUsd } from "../../core/money.ts";
import type { Model, PredictRules } from "./model.ts";

interface ImagenRow {
  readonly id: string;
  readonly label: string;
  /** On Vertex AI: what is sent goes there. */
  readonly perImage: MicroUsd;
  /** Last day on the Gemini API; `null`: never there. */
  readonly gemini: string | null;
  readonly note?: string;
  readonly sizes: Model["sizes"];
  readonly rules: PredictRules;
  readonly replacement: string;
  readonly quality: Model["quality"];
  readonly usualSeconds: Model["usualSeconds"];
}

const VERTEX_RETIRED_ON = "2026-06-30";
/** Google's pages name a region in every Imagen call and never `global`; this one stands in all of their samples. */
const USUAL_LOCATION = "us-central1";
const otherDays = "days from 2026-06-24 to 2026-08-17 are named for Vertex AI";
/** From imagen-3.0-generate-002 on, what should not be in the picture is said in the prompt (facts §7). */
const draws: PredictRules = { task: "generate", negativePrompt: false };
const drawsWithout: PredictRules = { task: "generate", negativePrompt: true };

/**
 * Estimates of ours, 2026-11-24, for the person who waits: no page of Google's gives times, and nobody can measure them any more.
 * By their names and prices the fast ones take less than the others, and ultra, editing and larger pictures more.
 */
const seconds = (from: number, to: number): { readonly from: number; readonly to: number } => ({ from, to });
const quick: Model["usualSeconds"] = { "1K": seconds(2, 10) };
const ordinary: Model["usualSeconds"] = { "1K": seconds(5, 20), "2K": seconds(8, 30) };
const slow: Model["usualSeconds"] = { "1K": seconds(8, 30), "2K": seconds(10, 45) };

/** What each successor costs more or does better is Google's map for migration (Firebase documentation, 2026). */
const rows: readonly ImagenRow[] = [
  {
    id: "imagen-3.0-fast-generate-001",
    label: "Imagen 3 Fast",
    perImage: 20_000,
    gemini: null,
    sizes: ["1K"],
    rules: drawsWithout,
    replacement: "gemini-3.1-flash-image",
    quality: 1,
    usualSeconds: quick,
  },
  {
    id: "imagen-3.0-generate-001",
    label: "Imagen 3 (first)",
    perImage: 40_000,
    gemini: null,
    sizes: ["1K"],
    rules: drawsWithout,
    replacement: "gemini-3.1-flash-image",
    quality: 1,
    usualSeconds: ordinary,
  },
  {
    id: "imagen-3.0-generate-002",
    label: "Imagen 3",
    perImage: 40_000,
    gemini: "2025-11-10",
    note: "the day on Vertex AI is not certain; on the Gemini API a picture cost $0.03",
    sizes: ["1K"],
    rules: draws,
    replacement: "gemini-3.1-flash-image",
    quality: 1,
    usualSeconds: ordinary,
  },
  {
    id: "imagen-4.0-fast-generate-001",
    label: "Imagen 4 Fast",
    perImage: 20_000,
    gemini: "2026-08-17",
    note: otherDays,
    sizes: ["1K"],
    rules: draws,
    replacement: "gemini-3.1-flash-image",
    quality: 1,
    usualSeconds: quick,
  },
  {
    id: "imagen-4.0-generate-001",
    label: "Imagen 4",
    perImage: 40_000,
    gemini: "2026-08-17",
    note: otherDays,
    sizes: ["1K", "2K"],
    rules: draws,
    replacement: "gemini-3.1-flash-image",
    quality: 2,
    usualSeconds: ordinary,
  },
  {
    id: "imagen-4.0-ultra-generate-001",
    label: "Imagen 4 Ultra",
    perImage: 60_000,
    gemini: "2026-08-17",
    note: otherDays,
    sizes: ["1K", "2K"],
    rules: draws,
    replacement: "gemini-3-pro-image",
    quality: 3,
    usualSeconds: slow,
  },
  {
    id: "imagen-3.0-capability-001",
    label: "Imagen 3 (editing)",
    perImage: 40_000,
    gemini: null,
    note: "the day is about right",
    sizes: ["1K"],
    rules: { task: "edit", negativePrompt: true },
    replacement: "gemini-3.1-flash-image",
    quality: 1,
    usualSeconds: slow,
  },
  {
    id: "imagen-4.0-upscale-preview",
    label: "Imagen 4 (enlarging)",
    perImage: 60_000,
    gemini: null,
    note: "the day is about right; enlarging cost $0.003 before it cost $0.06",
    sizes: ["1K"],
    rules: { task: "upscale", negativePrompt: false },
    replacement: "gemini-3-pro-image",
    quality: 1,
    usualSeconds: slow,
  },
];

/** Four for editing is a cautious limit of ours: the facts name none. */
const referenceLimits: Readonly<Record<PredictRules["task"], number>> = { generate: 0, edit: 4, upscale: 1 };

export const imagenModels: readonly Model[] = rows.map((row) => ({
  id: row.id,
  label: row.label,
  kind: "imagen",
  runnable: true,
  aliases: [],
  lifeCycle: {
    generativelanguage: row.gemini === null ? { notServed: true } : { retiredOn: row.gemini },
    aiplatform: { retiredOn: VERTEX_RETIRED_ON, ...(row.note === undefined ? {} : { note: row.note }) },
    "cloudcode-pa": { notServed: true },
  },
  replacement: row.replacement,
  sizes: row.sizes,
  sendsSize: row.sizes.length > 1,
  // What is enlarged keeps its shape.
  ratios: row.rules.task === "upscale" ? [] : ["1:1", "3:4", "4:3", "9:16", "16:9"],
  pixels: "imagen-4",
  referenceLimit: referenceLimits[row.rules.task],
  thinking: [],
  ignoresThinking: false,
  thinkingDefault: null,
  search: false,
  output: "png",
  tiers: ["standard"],
  inputTokenLimit: 480,
  outputTokenLimit: null,
  imageTokens: {},
  referenceTokens: 0,
  usualSeconds: row.usualSeconds,
  predict: row.rules,
  usualLocation: USUAL_LOCATION,
  quality: row.quality,
  prices: {
    asOf: "2026-02-01",
    source: "historic price page, recalled in google-apis facts §3.4",
    rates: {},
    perImage: Object.fromEntries(row.sizes.map((size) => [size, row.perImage])),
  },
}));
