// Imagen over predict on Vertex AI: known, all retired, and not runnable by this version.
// Source: google-apis facts §2, §3.4 and §7, 2026-11-22; the prices left Google's page with the models.

import type { MicroUsd } from "../../core/money.ts";
import type { Model } from "./model.ts";

interface ImagenRow {
  readonly id: string;
  readonly label: string;
  readonly perImage: MicroUsd;
  /** Last day on the Gemini API; `null`: never there. */
  readonly gemini: string | null;
  readonly vertex: string;
  readonly note?: string;
  readonly sizes: Model["sizes"];
  readonly replacement: string;
  readonly quality: Model["quality"];
}

/** What each successor costs more or does better is Google's map for migration (Firebase documentation, 2026). */
const rows: readonly ImagenRow[] = [
  {
    id: "imagen-3.0-generate-002",
    label: "Imagen 3",
    perImage: 30_000,
    gemini: "2025-11-10",
    vertex: "2026-06-30",
    note: "the day on Vertex AI is not certain; there a picture cost $0.04",
    sizes: ["1K"],
    replacement: "gemini-3.1-flash-image",
    quality: 1,
  },
  {
    id: "imagen-4.0-fast-generate-001",
    label: "Imagen 4 Fast",
    perImage: 20_000,
    gemini: "2026-08-17",
    vertex: "2026-06-30",
    note: "days from 2026-06-24 to 2026-08-17 are named for Vertex AI",
    sizes: ["1K"],
    replacement: "gemini-3.1-flash-image",
    quality: 1,
  },
  {
    id: "imagen-4.0-generate-001",
    label: "Imagen 4",
    perImage: 40_000,
    gemini: "2026-08-17",
    vertex: "2026-06-30",
    note: "days from 2026-06-24 to 2026-08-17 are named for Vertex AI",
    sizes: ["1K", "2K"],
    replacement: "gemini-3.1-flash-image",
    quality: 2,
  },
  {
    id: "imagen-4.0-ultra-generate-001",
    label: "Imagen 4 Ultra",
    perImage: 60_000,
    gemini: "2026-08-17",
    vertex: "2026-06-30",
    note: "days from 2026-06-24 to 2026-08-17 are named for Vertex AI",
    sizes: ["1K", "2K"],
    replacement: "gemini-3-pro-image",
    quality: 3,
  },
  {
    id: "imagen-3.0-capability-001",
    label: "Imagen 3 (editing)",
    perImage: 40_000,
    gemini: null,
    vertex: "2026-06-30",
    note: "the day is about right",
    sizes: ["1K"],
    replacement: "gemini-3.1-flash-image",
    quality: 1,
  },
  {
    id: "imagen-4.0-upscale-preview",
    label: "Imagen 4 (enlarging)",
    perImage: 60_000,
    gemini: null,
    vertex: "2026-06-30",
    note: "the day is about right; enlarging cost $0.003 before it cost $0.06",
    sizes: ["1K"],
    replacement: "gemini-3-pro-image",
    quality: 1,
  },
];

export const imagenModels: readonly Model[] = rows.map((row) => ({
  id: row.id,
  label: row.label,
  kind: "imagen",
  runnable: false,
  aliases: [],
  lifeCycle: {
    generativelanguage: row.gemini === null ? { notServed: true } : { retiredOn: row.gemini },
    aiplatform: { retiredOn: row.vertex, ...(row.note === undefined ? {} : { note: row.note }) },
    "cloudcode-pa": { notServed: true },
  },
  replacement: row.replacement,
  sizes: row.sizes,
  sendsSize: row.sizes.length > 1,
  ratios: ["1:1", "3:4", "4:3", "9:16", "16:9"],
  pixels: "imagen-4",
  referenceLimit: 0,
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
  usualSeconds: {},
  quality: row.quality,
  prices: {
    asOf: "2026-02-01",
    source: "historic price page, recalled in google-apis facts §3.4",
    rates: {},
    perImage: Object.fromEntries(row.sizes.map((size) => [size, row.perImage])),
  },
}));
