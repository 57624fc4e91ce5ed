// Request: what a caller may ask for, before and after defaults are applied. Rules about values live in the plan.

import type { Finishing, KeyColour, PictureFormat } from "./finishing.ts";
import type {
  EditMode,
  MaskMode,
  PlannedPredict,
  PromptLanguage,
  ReferenceRole,
  SafetySetting,
  UpscaleFactor,
} from "./predict-options.ts";

/** Service tiers of Google's synchronous API; `flex` costs half and may wait. Source: ai.google.dev pricing page, 2026-09-24. */
export const tiers = ["standard", "flex", "priority"] as const;
export type Tier = (typeof tiers)[number];

export const thinkingLevels = ["minimal", "low", "medium", "high"] as const;
export type ThinkingLevel = (typeof thinkingLevels)[number];

/** Whether people may be drawn; Vertex AI only. Source: google-apis facts §1.2, 2026-11-22. */
export const personGenerations = ["allow-all", "allow-adult", "allow-none"] as const;
export type PersonGeneration = (typeof personGenerations)[number];

/**
 * A picture or a document given to the model: the path of a file, an `https:` or `data:` URL, bytes, or a stream of
 * bytes; for Vertex AI also `gs://bucket/object`, which Google reads by itself.
 * What may be read is the policy's business, and a stream is read once.
 */
export type Reference = string | URL | Uint8Array | AsyncIterable<Uint8Array>;

/** A reference picture as it is sent: checked, encoded anew and without its metadata. */
export interface ReferenceReport {
  /** Of the bytes that are sent, in lower-case hexadecimal. `null` in a plan for a URL: planning downloads nothing. */
  readonly sha256: string | null;
  readonly mimeType: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Where the provider fetches it by itself (`gs://…`): then nothing else is known of it but its type. */
  readonly uri?: string;
}

/** A text document as it is sent. */
export interface DocumentReport {
  /** Last part of the file's name, or what stands for it. */
  readonly name: string;
  /** Of the text in UTF-8. `null` in a plan for a URL. */
  readonly sha256: string | null;
  readonly bytes: number | null;
}

/** What a caller asks for. Everything but the prompt has a default. */
export interface GenerateRequest {
  readonly prompt: string;
  /** Reference pictures, sent in this order. Up to the model's limit. */
  readonly references?: readonly Reference[];
  /** Text documents given as context, in this order. */
  readonly documents?: readonly Reference[];
  /** False sends reference pictures in their full size. Default true: scaled down to what the models use. */
  readonly resizeReferences?: boolean;
  /** Id or alias of a model. Default `gemini-3-pro-image`. */
  readonly model?: string;
  /** `16:9` and the like, as the model allows. Default: the model's own choice, 1:1 for a request without pictures. */
  readonly aspectRatio?: string;
  /** `512`, `1K`, `2K`, `4K`, or pixels `WxH` that some ratio and size of the model gives exactly. Default `1K`. */
  readonly size?: string;
  /** Pictures wanted, one call each. Default 1. */
  readonly count?: number;
  /** A picture's file name (`.png`, `.jpg`, `.webp` decide the format) or a folder. Default: the folder `generated_images`. */
  readonly output?: string;
  /** The format of the file where no file name decides. Default: as received. */
  readonly format?: PictureFormat;
  /** 1 to 100, for JPEG and WebP: the picture is compressed anew. */
  readonly quality?: number;
  /** Put the record inside the picture too; pixels stay as they are, and a picture with a C2PA mark is left whole. */
  readonly embedMetadata?: boolean;
  /** Draw on a flat key colour and take it out on this machine: a PNG or WebP with transparent parts. Price unchanged. */
  readonly transparent?: boolean;
  /** The key colour; one that the subject does not have. Default `green`. */
  readonly keyColour?: KeyColour;
  /** Make another ratio or size than asked for, or a background that cannot be taken out cleanly, a failure. */
  readonly strict?: boolean;
  /** Goes on with the conversation of this name, or begins it. One picture a turn. */
  readonly session?: string;
  /** Goes on from this turn of the session, counted from 1. Default: from the last. */
  readonly sessionTurn?: number;
  /** A style by its name, or a style's file: what is sent is the prompt inside the style's words. */
  readonly style?: string;
  /** Values for the variables of the style; without a style, of the prompt itself. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly tier?: Tier;
  readonly seed?: number;
  /** 0 to 2. */
  readonly temperature?: number;
  readonly thinking?: ThinkingLevel;
  /** Lets the model look things up with Google Search; billed by Google per query. */
  readonly search?: boolean;
  /** System instruction. */
  readonly system?: string;
  readonly personGeneration?: PersonGeneration;
  /** Imagen: what should not be in the picture. */
  readonly negativePrompt?: string;
  /** Imagen: false leaves the invisible mark out, which a seed needs. Default true. */
  readonly watermark?: boolean;
  /** Imagen's editing model: how the picture is changed. */
  readonly editMode?: EditMode;
  /** Imagen's editing model: the part to change, found by the model. Default: the picture whose role is `mask`. */
  readonly maskMode?: MaskMode;
  /** Imagen's editing model: widens the mask, 0 to 1. */
  readonly maskDilation?: number;
  /** Imagen's editing model, with `maskMode: "semantic"`: 1 to 5 class ids of Google's table, 8 for a dog. */
  readonly maskClasses?: readonly number[];
  /** Imagen's editing model: what each reference picture is for; one role stands for all. Default `raw`. */
  readonly referenceRoles?: readonly ReferenceRole[];
  /** Imagen's editing model: the style in words, for the pictures with the role `style`. */
  readonly styleDescription?: string;
  /** Imagen's editing model: the subject in words, for the pictures whose role is a subject. */
  readonly subjectDescription?: string;
  /** Imagen's editing model: true makes edges, scribble or mesh of the control picture. Default false: it is one already. */
  readonly computeControl?: boolean;
  /** Imagen: what the safety filter withholds. Default: Google's. */
  readonly safetySetting?: SafetySetting;
  /** Imagen, drawing and editing: how closely the words are followed, 0 to 500; above 20 is strong. Default: the model's. */
  readonly guidanceScale?: number;
  /** Imagen, drawing: false sends the prompt as it is instead of having it rewritten. Default: Google's. */
  readonly enhancePrompt?: boolean;
  /** Imagen, drawing and editing: language of the prompt. Default: Google's. */
  readonly language?: PromptLanguage;
  /** Imagen: `gs://bucket/folder` where Google leaves the pictures; the outcome then tells their addresses in `stored`. */
  readonly storageUri?: string;
  /** Imagen's enlarging model. Default `x2`. */
  readonly upscale?: UpscaleFactor;
  /** Send to a model although the provider is said to have shut it down. Default false. */
  readonly allowRetired?: boolean;
  /** Refuse if one picture would cost more than this many US dollars. */
  readonly maxCostUsd?: number;
  /** Refuse what would bring this run (one command, one `createImageGen`) above so many US dollars. Only ever lowers other budgets. */
  readonly budgetUsd?: number;
  /** A repeat with the same key gets the first result and never buys again. 1 to 200 characters. */
  readonly idempotencyKey?: string;
  /** Buy although the same request runs already, or was paid for and never delivered. Default false: attach to that one. */
  readonly buyAgain?: boolean;
}

/** Reference pictures that are uploaded before the request, because they are too large to go inside it. */
export interface PlannedUploads {
  readonly pictures: number;
  /** Of all of them. */
  readonly bytes: number;
}

/** The conversation that a request goes on with. */
export interface PlannedSession {
  readonly name: string;
  /** Number of the turn that this request is, from 1. */
  readonly turn: number;
  /** Pictures of earlier turns that go along. */
  readonly pictures: number;
  /** UTF-8 bytes of the text of earlier turns that goes along. */
  readonly textBytes: number;
}

/** The request after defaults and aliases: what the plan, the wire, the metadata and the dry run all read. */
export interface PlannedRequest {
  readonly prompt: string;
  /** `null`: not sent, the model chooses. */
  readonly aspectRatio: string | null;
  /** `null`: not sent, the model has one size only. */
  readonly size: string | null;
  readonly count: number;
  readonly tier: Tier;
  readonly seed: number | null;
  readonly temperature: number | null;
  readonly thinking: ThinkingLevel | null;
  readonly search: boolean;
  readonly system: string | null;
  readonly personGeneration: PersonGeneration | null;
  readonly references: readonly ReferenceReport[];
  readonly documents: readonly DocumentReport[];
  /** Absent: nothing of it was asked for. */
  readonly finishing?: Finishing;
  /** Absent: everything goes inside the request. */
  readonly uploads?: PlannedUploads;
  /** Absent: no conversation. */
  readonly session?: PlannedSession;
  /** Name or file of the style; absent: none. */
  readonly style?: string;
  /** Absent: not an Imagen model. */
  readonly predict?: PlannedPredict;
  /** What goes on the wire in place of `prompt`; absent where that is the prompt to the letter. */
  readonly sentPrompt?: string;
}
