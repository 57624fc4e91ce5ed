// The body of a generateContent call. Equal to what Google's SDK sends for the same request (test/contract/google-sdk-body.test.ts).
// Which values a model or an endpoint takes was decided by the plan; where the body goes is google/endpoints' business.

import type { PastContent } from "../../core/conversation.ts";
import type { InputPart } from "../../core/input-part.ts";
import type { PersonGeneration, PlannedRequest, ThinkingLevel } from "../../core/request.ts";
import type { EndpointName } from "../../core/route.ts";
import { plainBytes } from "./body-bytes.ts";

export interface GenerateContentOptions {
  readonly request: PlannedRequest;
  readonly endpoint: EndpointName;
  /** False where the model refuses `imageSize` because it draws one size only (catalogue). */
  readonly sendsSize: boolean;
  /** Most tokens that the answer may have; not sent when absent. */
  readonly maxOutputTokens?: number | null;
  /** Documents and reference pictures, sent after the prompt in this order. Default: none. */
  readonly inputs?: readonly InputPart[];
  /** Earlier turns of the conversation, sent before the prompt. Default: none. */
  readonly past?: readonly PastContent[];
}

interface TextPart {
  readonly text: string;
}

interface InlinePart {
  readonly inlineData: {
    readonly mimeType: string;
    /** Bytes that `bodyBytes` writes as base64, or words that stand for them. */
    readonly data: Uint8Array | string;
  };
}

interface FilePart {
  readonly fileData: { readonly mimeType: string; readonly fileUri: string };
}

/** A part of an earlier turn: whatever fields it came with. */
type PastFields = Readonly<Record<string, unknown>> & Partial<InlinePart>;

export interface Content {
  readonly role: "user" | "model";
  readonly parts: readonly (TextPart | InlinePart | FilePart | PastFields)[];
}

/** JSON as it goes on the wire (see body-bytes.ts for how); fields that were not asked for are absent. */
export interface GenerateContentBody {
  readonly contents: readonly Content[];
  readonly systemInstruction?: Content;
  readonly generationConfig: {
    readonly responseModalities: readonly ["TEXT", "IMAGE"];
    readonly imageConfig?: {
      readonly aspectRatio?: string;
      readonly imageSize?: string;
      readonly personGeneration?: string;
    };
    readonly thinkingConfig?: { readonly thinkingLevel: string };
    readonly seed?: number;
    readonly temperature?: number;
    readonly maxOutputTokens?: number;
  };
  readonly tools?: readonly [{ readonly googleSearch: Readonly<Record<string, never>> }];
  readonly serviceTier?: string;
}

// Spellings of the wire. Source: @google/genai 2.32.0 enums ThinkingLevel and PersonGeneration, google-apis facts §1.2, 2026-11-22.
const thinkingLevelOnWire: Readonly<Record<ThinkingLevel, string>> = {
  minimal: "MINIMAL",
  low: "LOW",
  medium: "MEDIUM",
  high: "HIGH",
};
const personGenerationOnWire: Readonly<Record<PersonGeneration, string>> = {
  "allow-all": "ALLOW_ALL",
  "allow-adult": "ALLOW_ADULT",
  "allow-none": "ALLOW_NONE",
};

/**
 * The request as generateContent's JSON. What is `null` is not sent; the tier `standard` is the provider's default and not
 * sent either. `personGeneration` goes to aiplatform only: the Gemini API answers 400 to it (google-apis facts §1.2).
 */
export function encodeGenerateContent(options: GenerateContentOptions): GenerateContentBody {
  const { request, maxOutputTokens = null } = options;
  const imageConfig = encodeImageConfig(options);
  return {
    contents: [
      ...(options.past ?? []).map(encodePast),
      {
        role: "user",
        parts: [{ text: request.sentPrompt ?? request.prompt }, ...(options.inputs ?? []).map(encodeInput)],
      },
    ],
    // The SDK sends a role here too when it is given a string.
    ...(request.system === null ? {} : { systemInstruction: userText(request.system) }),
    generationConfig: {
      responseModalities: ["TEXT", "IMAGE"],
      ...(Object.keys(imageConfig).length > 0 ? { imageConfig } : {}),
      ...(request.thinking === null
        ? {}
        : { thinkingConfig: { thinkingLevel: thinkingLevelOnWire[request.thinking] } }),
      ...(request.seed === null ? {} : { seed: request.seed }),
      ...(request.temperature === null ? {} : { temperature: request.temperature }),
      ...(maxOutputTokens === null ? {} : { maxOutputTokens }),
    },
    ...(request.search ? { tools: [{ googleSearch: {} }] as const } : {}),
    ...(request.tier === "standard" ? {} : { serviceTier: request.tier }),
  };
}

/** Every field as it came: Gemini 3 refuses its own pictures without their thought signature (google-apis facts §1.2). */
function encodePast({ role, parts }: PastContent): Content {
  return {
    role,
    parts: parts.map(({ fields, picture }) =>
      picture === null
        ? fields
        : {
            ...fields,
            inlineData: {
              mimeType: picture.mimeType,
              data: "bytes" in picture ? plainBytes(picture.bytes) : picture.words,
            },
          },
    ),
  };
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
function encodeInput(input: InputPart): TextPart | InlinePart | FilePart {
  switch (input.kind) {
    case "text":
      return { text: input.text };
    case "picture":
      return { inlineData: { mimeType: input.mimeType, data: plainBytes(input.bytes) } };
    case "link":
      return { fileData: { mimeType: input.mimeType, fileUri: input.uri } };
    case "shown":
      return { inlineData: { mimeType: input.mimeType, data: input.words } };
  }
}

function userText(text: string): Content {
  return { role: "user", parts: [{ text }] };
}

function encodeImageConfig({ request, endpoint, sendsSize }: GenerateContentOptions) {
  return {
    ...(request.aspectRatio === null ? {} : { aspectRatio: request.aspectRatio }),
    ...(request.size === null || !sendsSize ? {} : { imageSize: request.size }),
    ...(request.personGeneration === null || endpoint !== "aiplatform"
      ? {}
      : { personGeneration: personGenerationOnWire[request.personGeneration] }),
  };
}
