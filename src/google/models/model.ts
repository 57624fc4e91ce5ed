// Model: what a row of the catalogue says. The rows stand in one file per family; what follows from them is catalogue.ts'.

import type { ClipTokenRates, ClipWire } from "../../core/clip.ts";
import type { MicroUsd } from "../../core/money.ts";
import type { PictureFormat } from "../../core/plan.ts";
import type { ThinkingLevel, Tier } from "../../core/request.ts";
import type { EndpointName } from "../../core/route.ts";

/** `image`: generateContent; `imagen`: predict; `video`: predictLongRunning or Interactions. */
type ModelKind = "image" | "imagen" | "video";

/** `512` only where a model has it. */
export const sizes = ["512", "1K", "2K", "4K"] as const;
export type Size = (typeof sizes)[number];

/** The size of a request as a row knows it; `null`, the model's one size, counts as 1K. */
export function sizeOf(text: string | null): Size | undefined {
  return text === null ? "1K" : sizes.find((size) => size === text);
}

/** One route's view of a model's life. Days are `YYYY-MM-DD`, UTC. */
export interface LifeCycle {
  /** Generally available from this day on. */
  readonly since?: string;
  /** The provider promises it until this day at least. */
  readonly keptUntil?: string;
  /** From this day on the provider refuses it. Absent: no day is known. */
  readonly retiredOn?: string;
  /** From this day on it still works but should be left. */
  readonly deprecatedOn?: string;
  /** The route does not have it, as far as is known. */
  readonly notServed?: true;
  /** What is uncertain about it, for people. */
  readonly note?: string;
}

/** What `:predict` of an Imagen model takes. */
export interface PredictRules {
  readonly task: "generate" | "edit" | "upscale";
  readonly negativePrompt: boolean;
}

interface Alias {
  readonly name: string;
  /** What to tell who uses it; absent when the alias is simply a short form. */
  readonly note?: string;
}

/** Micro-dollars per million tokens. */
export interface TokenRates {
  readonly textIn: MicroUsd;
  readonly imageIn: MicroUsd;
  /** Text and thinking. */
  readonly textOut: MicroUsd;
  readonly imageOut: MicroUsd;
}

/** One dated price list. */
export interface PriceList {
  /** Day of the page that it was read from. */
  readonly asOf: string;
  readonly source: string;
  readonly rates: Readonly<Partial<Record<Tier | "batch", TokenRates>>>;
  /** List price of one picture by size, standard tier; a model of one size has only `1K`. */
  readonly perImage: Readonly<Partial<Record<Size, MicroUsd>>>;
  /** The same in tiers whose price per picture is listed. */
  readonly perImageByTier?: Readonly<Partial<Record<Tier | "batch", Readonly<Partial<Record<Size, MicroUsd>>>>>>;
  /** One query of the Google Search tool, free queries of the month not counted. Absent where there is no such tool. */
  readonly perSearchQuery?: MicroUsd;
  /** Video: per second of clip by resolution, sound included. */
  readonly perSecond?: Readonly<Record<string, MicroUsd>>;
}

/** Words of a request for a clip that some models have no field for. */
export type ClipOption = "audio" | "negativePrompt" | "seed" | "personGeneration" | "storageUri";

/** What a video model does. Source: google-apis facts §8. */
export interface ClipRules {
  readonly wire: ClipWire;
  /** Lengths of a new clip in seconds, the shortest first. */
  readonly seconds: readonly number[];
  /** The length when none is asked for. */
  readonly usualSeconds: number;
  /** Beyond 720p and with references there is the longest length alone. */
  readonly onlyLongestWhenLarge: boolean;
  /** Longest clip between a first and a last frame. */
  readonly mostSecondsBetweenFrames: number;
  /** Pictures of things and people in one request; they exclude frames. */
  readonly referenceLimit: number;
  readonly takes: Readonly<Record<ClipOption, boolean>>;
  /** Resolutions whose price no page of the provider's is known to give: `perSecond` is what others say. */
  readonly assumedPrices: readonly string[];
  /** Where the provider counts a clip in tokens. */
  readonly tokens?: ClipTokenRates;
  /** What a picture that is given counts as; an estimate of ours, see the row. */
  readonly tokensPerPicture?: number;
  /** How a clip is extended, by endpoint; absent where it is not. */
  readonly extension: Readonly<Partial<Record<EndpointName, ExtensionRules>>>;
}

export interface ExtensionRules {
  readonly addsSeconds: number;
  /** Length of the clip that is given. */
  readonly leastSeconds: number;
  readonly mostSeconds: number;
  readonly resolutions: readonly string[];
  /** The clip may be sent within the request; else it must lie with the provider already. */
  readonly inline: boolean;
  /** A last frame may be given. `undocumented`: nobody says that it may not. */
  readonly lastFrame: "no" | "undocumented";
}

export interface Model {
  readonly id: string;
  /** For people: `Nano Banana 2`. */
  readonly label: string;
  readonly kind: ModelKind;
  /** This version can run it. */
  readonly runnable: boolean;
  readonly aliases: readonly Alias[];
  /** Routes that are absent are as `generativelanguage`, but for CLIProxyAPI, which is asked. */
  readonly lifeCycle: Readonly<Partial<Record<EndpointName, LifeCycle>>>;
  /** Id to use instead, once it is deprecated or retired. */
  readonly replacement?: string;
  /** Sizes that may be asked for; a model that draws one size has `1K` alone. */
  readonly sizes: readonly Size[];
  /** False where the field `imageSize` is refused. */
  readonly sendsSize: boolean;
  readonly ratios: readonly string[];
  /** Which pixel table holds its pictures. */
  readonly pixels: "gemini-3" | "gemini-2.5" | "imagen-4" | null;
  /** Reference pictures in one request. */
  readonly referenceLimit: number;
  /** Levels that may be asked for; empty: the model takes none. */
  readonly thinking: readonly ThinkingLevel[];
  /** The model does not think less for a lower level: the field is left out. */
  readonly ignoresThinking: boolean;
  /** Level when none is asked for; `null`: there are none, or none is known. */
  readonly thinkingDefault: ThinkingLevel | null;
  readonly search: boolean;
  readonly output: PictureFormat | "video" | "varies";
  readonly tiers: readonly Tier[];
  /** Tokens; `null` when not known. */
  readonly inputTokenLimit: number | null;
  /** Tokens of pictures, text and thinking in one answer: more cannot be billed; `null` when not known. */
  readonly outputTokenLimit: number | null;
  /** Tokens of one picture by size. */
  readonly imageTokens: Readonly<Partial<Record<Size, number>>>;
  /** Tokens that one reference picture counts as. */
  readonly referenceTokens: number;
  /** Usual time for one picture by size; an estimate of ours, see the rows. */
  readonly usualSeconds: Readonly<Partial<Record<Size, { readonly from: number; readonly to: number }>>>;
  /** Imagen alone. */
  readonly predict?: PredictRules;
  /** Location on Vertex AI that is taken when none is asked for. Absent: `global`. */
  readonly usualLocation?: string;
  /** From rough to fine, for recommendations: 1 draft, 2 good, 3 best. */
  readonly quality: 1 | 2 | 3;
  /** Video models that video-gen runs. */
  readonly clip?: ClipRules;
  readonly prices: PriceList;
}
