// What the emulator knows of each model: life on each back end, sizes, ratios, limits, tokens. Its own table, from the facts
// on Google's APIs section 2 (2026-11-22), and not the product's catalogue: both must not be wrong together.
// Leaves pixels to pixel-table.ts and dollars to prices.ts.

/** The rules that a request is read by: Gemini API, Vertex AI, Code Assist. */
export type Backend = "gemini" | "vertex" | "code-assist";

/** One image model. */
export interface ImageModel {
  readonly id: string;
  readonly displayName: string;
  /** Offered sizes; the first is the default. */
  readonly sizes: readonly string[];
  /** False: `imageSize` is refused altogether on this back end. */
  readonly takesImageSize: Readonly<Record<Backend, boolean>>;
  readonly ratios: readonly string[];
  readonly maxReferences: number;
  /** Null: the model does not think; "ignored": any level is taken and nothing changes. */
  readonly thinkingLevels: readonly string[] | "ignored" | null;
  readonly search: "none" | "web" | "web-and-image";
  /** Inputs beside text and pictures. */
  readonly otherInputs: readonly string[];
  readonly outputMimeType: Readonly<Record<Backend, "image/png" | "image/jpeg">>;
  /** Image tokens of one picture by size. */
  readonly imageTokens: Readonly<Record<string, number>>;
  readonly tokensPerInputImage: number;
  readonly inputTokenLimit: number;
  readonly outputTokenLimit: number;
  readonly tiers: readonly string[];
  /** Back ends that still serve it. */
  readonly servedOn: readonly Backend[];
  /** True: only the global and multi-region locations of Vertex AI have it. */
  readonly globalOnly: boolean;
  /** Requires model parts to come back with their thought signatures. */
  readonly signsThoughts: boolean;
}

const tenRatios = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"];
const fourteenRatios = [
  "1:1",
  "1:4",
  "1:8",
  "2:3",
  "3:2",
  "3:4",
  "4:1",
  "4:3",
  "4:5",
  "5:4",
  "8:1",
  "9:16",
  "16:9",
  "21:9",
];
const everywhere: Readonly<Record<Backend, boolean>> = { gemini: true, vertex: true, "code-assist": true };

const models: readonly ImageModel[] = [
  {
    id: "gemini-3-pro-image",
    displayName: "Nano Banana Pro",
    sizes: ["1K", "2K", "4K"],
    takesImageSize: everywhere,
    ratios: tenRatios,
    maxReferences: 14,
    thinkingLevels: "ignored",
    search: "web",
    otherInputs: [],
    outputMimeType: { gemini: "image/jpeg", vertex: "image/png", "code-assist": "image/jpeg" },
    imageTokens: { "1K": 1120, "2K": 1120, "4K": 2000 },
    tokensPerInputImage: 560,
    inputTokenLimit: 65_536,
    outputTokenLimit: 32_768,
    tiers: ["standard", "flex", "priority"],
    servedOn: ["gemini", "vertex", "code-assist"],
    globalOnly: true,
    signsThoughts: true,
  },
  {
    id: "gemini-3.1-flash-image",
    displayName: "Nano Banana 2",
    sizes: ["1K", "512", "2K", "4K"],
    takesImageSize: everywhere,
    ratios: fourteenRatios,
    maxReferences: 14,
    thinkingLevels: ["MINIMAL", "HIGH"],
    search: "web-and-image",
    otherInputs: [],
    outputMimeType: { gemini: "image/jpeg", vertex: "image/png", "code-assist": "image/jpeg" },
    imageTokens: { "512": 747, "1K": 1120, "2K": 1680, "4K": 2520 },
    tokensPerInputImage: 1120,
    inputTokenLimit: 131_072,
    outputTokenLimit: 32_768,
    tiers: ["standard"],
    servedOn: ["gemini", "vertex", "code-assist"],
    globalOnly: true,
    signsThoughts: true,
  },
  {
    id: "gemini-3.1-flash-lite-image",
    displayName: "Nano Banana 2 Lite",
    sizes: ["1K"],
    takesImageSize: { gemini: true, vertex: false, "code-assist": true },
    ratios: fourteenRatios,
    maxReferences: 14,
    thinkingLevels: ["MINIMAL", "HIGH"],
    search: "none",
    otherInputs: ["video/"],
    outputMimeType: { gemini: "image/png", vertex: "image/png", "code-assist": "image/png" },
    imageTokens: { "1K": 1120 },
    tokensPerInputImage: 1120,
    inputTokenLimit: 65_536,
    outputTokenLimit: 4096,
    tiers: ["standard"],
    servedOn: ["gemini", "vertex"],
    globalOnly: true,
    signsThoughts: true,
  },
  {
    id: "gemini-nano-banana-2.1",
    displayName: "Nano Banana 2.1",
    sizes: ["1K", "2K", "4K"],
    takesImageSize: everywhere,
    ratios: fourteenRatios,
    maxReferences: 14,
    thinkingLevels: ["MINIMAL", "MEDIUM", "HIGH"],
    search: "web-and-image",
    otherInputs: ["video/", "application/pdf", "text/"],
    outputMimeType: { gemini: "image/jpeg", vertex: "image/jpeg", "code-assist": "image/jpeg" },
    imageTokens: { "1K": 1120, "2K": 1680, "4K": 3780 },
    tokensPerInputImage: 1120,
    inputTokenLimit: 131_072,
    outputTokenLimit: 32_768,
    tiers: ["standard"],
    servedOn: ["gemini", "vertex"],
    globalOnly: true,
    signsThoughts: true,
  },
  {
    id: "gemini-2.5-flash-image",
    displayName: "Nano Banana",
    sizes: ["1K"],
    takesImageSize: { gemini: false, vertex: false, "code-assist": false },
    ratios: tenRatios,
    maxReferences: 3,
    thinkingLevels: null,
    search: "none",
    otherInputs: [],
    outputMimeType: { gemini: "image/png", vertex: "image/png", "code-assist": "image/png" },
    imageTokens: { "1K": 1290 },
    tokensPerInputImage: 258,
    inputTokenLimit: 32_768,
    outputTokenLimit: 32_768,
    tiers: ["standard", "flex", "priority"],
    servedOn: ["vertex"],
    globalOnly: false,
    signsThoughts: false,
  },
];

/** Other names that Google takes for a model, with the model that answers. */
const aliases: Readonly<Record<string, string>> = { "nano-banana-pro-preview": "gemini-3-pro-image" };

/** Models that once answered, with what Google names instead; null where it names nothing. */
const retired: Readonly<Record<string, string | null>> = {
  "gemini-2.0-flash-exp": null,
  "gemini-2.0-flash-exp-image-generation": null,
  "gemini-2.0-flash-preview-image-generation": null,
  "gemini-2.5-flash-image-preview": "gemini-2.5-flash-image",
  "gemini-2.5-flash-image": "gemini-3.1-flash-image",
  "gemini-3-pro-image-preview": "gemini-3-pro-image",
  "gemini-3.1-flash-image-preview": "gemini-3.1-flash-image",
  "imagen-3.0-generate-002": "gemini-3.1-flash-image",
  "imagen-4.0-generate-001": "gemini-3.1-flash-image",
  "imagen-4.0-ultra-generate-001": "gemini-3-pro-image",
  "imagen-4.0-fast-generate-001": "gemini-3.1-flash-image",
};

/** Text models, so that asking them for a picture can be refused as Google does it. */
const textModels: readonly string[] = ["gemini-2.5-flash", "gemini-3-flash-preview", "gemini-3.1-pro-preview"];

/** What a name stands for on a back end. */
export type ModelLookup =
  | { readonly found: "image"; readonly model: ImageModel }
  | { readonly found: "text"; readonly id: string }
  | { readonly found: "retired"; readonly replacement: string | null }
  | { readonly found: "unknown" };

/** Looks up a model name (without `models/`) on a back end. */
export function findModel(name: string, backend: Backend): ModelLookup {
  const id = Object.hasOwn(aliases, name) ? aliases[name] : name;
  const model = models.find((candidate) => candidate.id === id && candidate.servedOn.includes(backend));
  if (model !== undefined) return { found: "image", model };
  if (textModels.includes(name)) return { found: "text", id: name };
  const replacement = Object.hasOwn(retired, name) ? retired[name] : undefined;
  return replacement === undefined ? { found: "unknown" } : { found: "retired", replacement };
}

/** All image models that a back end serves. */
export function imageModelsOn(backend: Backend): readonly ImageModel[] {
  return models.filter((model) => model.servedOn.includes(backend));
}

/** The text models, which every back end serves. */
export function textModelIds(): readonly string[] {
  return textModels;
}
