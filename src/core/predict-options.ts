// What only Imagen takes, in our words: ways to edit, masks, what each reference picture is for, how much to enlarge.
// The words of the wire are google/wire/predict's. Source: google-apis facts §7, 2026-11-22; @google/genai 2.32.0.

/** How pictures are edited. */
export const editModes = [
  "default",
  "inpaint-insertion",
  "inpaint-removal",
  "outpaint",
  "controlled-editing",
  "style",
  "bgswap",
  "product-image",
] as const;
export type EditMode = (typeof editModes)[number];

/** A mask that the model makes by itself; `semantic`: of the things whose classes are named. */
export const maskModes = ["background", "foreground", "semantic"] as const;
export type MaskMode = (typeof maskModes)[number];

/** What a reference picture is for. `raw`: the picture that is edited. */
export const referenceRoles = [
  "raw",
  "mask",
  "style",
  "subject",
  "subject-person",
  "subject-animal",
  "subject-product",
  "control",
  "control-canny",
  "control-scribble",
  "control-face-mesh",
] as const;
export type ReferenceRole = (typeof referenceRoles)[number];

/** What Google's filter withholds. */
export const safetySettings = [
  "block-low-and-above",
  "block-medium-and-above",
  "block-only-high",
  "block-none",
] as const;
export type SafetySetting = (typeof safetySettings)[number];

/** Languages of a prompt that Imagen knows. Source: @google/genai 2.32.0, ImagePromptLanguage. */
export const promptLanguages = ["auto", "en", "ja", "ko", "hi", "zh", "pt", "es"] as const;
export type PromptLanguage = (typeof promptLanguages)[number];

export const upscaleFactors = ["x2", "x3", "x4"] as const;
export type UpscaleFactor = (typeof upscaleFactors)[number];

/** Imagen's part of a request, after defaults. */
export interface PlannedPredict {
  readonly task: "generate" | "edit" | "upscale";
  /** `null`: not sent. */
  readonly negativePrompt: string | null;
  /** False: without the invisible mark; the provider's default is with it. */
  readonly watermark: boolean;
  readonly editMode: EditMode | null;
  readonly maskMode: MaskMode | null;
  /** 0 to 1, of the mask. `null`: not sent. */
  readonly maskDilation: number | null;
  /** Of each reference picture, in their order; empty but for editing. */
  readonly roles: readonly ReferenceRole[];
  /** `null` but for enlarging. */
  readonly upscale: UpscaleFactor | null;
  // What follows is younger than the first ledgers: absent is not sent.
  /** 1 to 5 class ids of Google's table, for a semantic mask. */
  readonly maskClasses?: readonly number[];
  /** Of all pictures with the role `style`. */
  readonly styleDescription?: string;
  /** Of all pictures whose role is a subject. */
  readonly subjectDescription?: string;
  /** The model makes edges, scribble or mesh of the picture by itself. */
  readonly computeControl?: true;
  readonly safetySetting?: SafetySetting;
  /** How closely the words are followed. */
  readonly guidanceScale?: number;
  /** Absent: the provider's default. */
  readonly enhancePrompt?: boolean;
  readonly language?: PromptLanguage;
  /** `gs://bucket/folder`: the pictures go there and not into the answer. */
  readonly storageUri?: string;
}
