// What a well-formed generateContent request asks of an image model, and whether that model has it: sizes, ratios,
// modalities, thinking, tools, tiers. Leaves the turns to content-rules.ts and prices to prices.ts.
// Wording: facts on Google's APIs, section 4, where known; else in its manner.

import { refuse } from "../google-error.ts";
import { isJsonObject, type Json, type JsonObject, listAt, objectAt, ownValue, textAt } from "../json.ts";
import type { Backend, ImageModel } from "../model-table.ts";
import { nearestRatio, type PixelSize, pixelsOf } from "../pixel-table.ts";
import { type Conversation, type ReadFile, readConversation } from "./content-rules.ts";
import { vertexHarmCategories } from "./generate-content-schema.ts";

/** One picture as ordered; everything that the answer depends on. */
export interface PictureOrder {
  readonly model: ImageModel;
  readonly backend: Backend;
  readonly conversation: Conversation;
  readonly ratio: string;
  readonly size: string;
  readonly pixels: PixelSize;
  readonly mimeType: "image/png" | "image/jpeg";
  /** JPEG quality, 1 to 100. */
  readonly quality: number;
  readonly wantsText: boolean;
  readonly includeThoughts: boolean;
  readonly thinkingLevel: string | null;
  /** "standard", "flex" or "priority". */
  readonly tier: string;
  readonly usesSearch: boolean;
  /** Thoughts included. */
  readonly maxOutputTokens: number;
}

/** Reads a request (as the schema returned it) into an order; stops with 400 when the model cannot do it. */
export function readOrder(request: JsonObject, backend: Backend, model: ImageModel, readFile?: ReadFile): PictureOrder {
  const config = objectAt(request, "generationConfig");
  const modalities = listAt(config, "responseModalities");
  checkModalities(modalities);
  const maxOutputTokens = checkNumbers(config, model);
  checkSafety(request, backend);
  checkUnsupported(config, model);
  const usesSearch = checkTools(request, model);
  const { includeThoughts, thinkingLevel } = readThinking(objectAt(config, "thinkingConfig"), model);
  const conversation = readConversation(request, backend, model, readFile);
  const picture = { ...objectAt(config, "imageConfig"), ...objectAt(objectAt(config, "responseFormat"), "image") };
  const size = readSize(picture, backend, model);
  const ratio = readRatio(picture, model, conversation.lastPicture);
  const pixels = pixelsOf(model.id, ratio, size);
  if (pixels === undefined) return invalid(`No picture of ${ratio} at ${size} for this model.`);
  return {
    model,
    backend,
    conversation,
    ratio,
    size,
    pixels,
    ...readOutput(picture, backend, model),
    wantsText: modalities.length === 0 || modalities.includes("TEXT"),
    includeThoughts,
    thinkingLevel,
    tier: readTier(request, model),
    usesSearch,
    maxOutputTokens,
  };
}

function invalid(message: string): never {
  return refuse({ code: 400, message });
}

/** Google's form for a wrong value of one field. */
function invalidField(path: string, rule: string): never {
  const field = path.slice(path.lastIndexOf(".") + 1);
  return invalid(`* GenerateContentRequest.generation_config.${path}: ${field} ${rule}\n`);
}

function checkModalities(modalities: readonly Json[]): void {
  const unsupported = modalities.filter((modality) => modality !== "TEXT" && modality !== "IMAGE");
  if (unsupported.length > 0)
    invalid(
      `Model does not support the requested response modalities: ${JSON.stringify(unsupported)
        .replace(/[[\]"]/g, "")
        .toLowerCase()}`,
    );
  if (modalities.length > 0 && !modalities.includes("IMAGE"))
    invalid("Model does not support the requested response modalities: text");
}

/** Returns the limit of tokens. */
function checkNumbers(config: JsonObject, model: ImageModel): number {
  const number = (name: string): number | null => {
    const value = ownValue(config, name);
    return typeof value === "number" ? value : null;
  };
  const candidates = number("candidateCount");
  if (candidates !== null && candidates !== 1) {
    if (candidates > 1) invalid("Multiple candidates is not enabled for this model");
    invalidField("candidate_count", "must be positive.");
  }
  const temperature = number("temperature");
  if (temperature !== null && (temperature < 0 || temperature > 2))
    invalidField("temperature", "must be in the range [0.0, 2.0].");
  const topP = number("topP");
  if (topP !== null && (topP < 0 || topP > 1)) invalidField("top_p", "must be in the range [0.0, 1.0].");
  const maxOutputTokens = number("maxOutputTokens");
  if (maxOutputTokens !== null && (maxOutputTokens < 1 || maxOutputTokens > model.outputTokenLimit)) {
    invalid(
      `Unable to submit request because it has a maxOutputTokens value of ${maxOutputTokens} but the supported range is from 1 (inclusive) to ${model.outputTokenLimit + 1} (exclusive). Update the value and try again.`,
    );
  }
  return maxOutputTokens ?? model.outputTokenLimit;
}

function checkSafety(request: JsonObject, backend: Backend): void {
  if (backend !== "gemini") return;
  for (const [index, setting] of listAt(request, "safetySettings").entries()) {
    const category = isJsonObject(setting) ? textAt(setting, "category") : null;
    if (category === null || !vertexHarmCategories.includes(category)) continue;
    invalid(
      `* GenerateContentRequest.safety_settings[${index}]: element predicate failed: $.category in (HarmCategory.HARM_CATEGORY_HATE_SPEECH, HarmCategory.HARM_CATEGORY_SEXUALLY_EXPLICIT, HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT, HarmCategory.HARM_CATEGORY_HARASSMENT, HarmCategory.HARM_CATEGORY_CIVIC_INTEGRITY)\n`,
    );
  }
}

function checkUnsupported(config: JsonObject, model: ImageModel): void {
  const mimeType = textAt(config, "responseMimeType") ?? "";
  const wantsJson = mimeType !== "" && mimeType !== "text/plain";
  if (wantsJson || "responseSchema" in config || "responseJsonSchema" in config)
    invalid(`JSON mode is not enabled for models/${model.id}`);
  if ("speechConfig" in config) invalid("Model does not support the requested response modalities: audio");
}

/** Refuses tools that the model lacks; true when web search is asked for. */
function checkTools(request: JsonObject, model: ImageModel): boolean {
  let usesSearch = false;
  for (const tool of listAt(request, "tools").filter(isJsonObject)) {
    if ("functionDeclarations" in tool) invalid(`Function calling is not enabled for models/${model.id}`);
    const unsupported = Object.keys(tool).filter((name) => name !== "googleSearch");
    if (unsupported.length > 0) invalid(`Tool ${unsupported.join(", ")} is not supported for models/${model.id}`);
    if (!("googleSearch" in tool)) continue;
    if (model.search === "none") invalid(`Search Grounding is not supported for models/${model.id}`);
    const types = objectAt(objectAt(tool, "googleSearch"), "searchTypes");
    if ("imageSearch" in types && model.search !== "web-and-image")
      invalid(`Image search is not supported for models/${model.id}`);
    usesSearch = true;
  }
  return usesSearch;
}

function readThinking(
  config: JsonObject,
  model: ImageModel,
): { includeThoughts: boolean; thinkingLevel: string | null } {
  const given = textAt(config, "thinkingLevel");
  const level = given === "THINKING_LEVEL_UNSPECIFIED" ? null : given;
  const budget = ownValue(config, "thinkingBudget");
  if (model.thinkingLevels === null) {
    if (level !== null || budget !== undefined || config["includeThoughts"] === true)
      invalid("Thinking is not enabled for this model.");
    return { includeThoughts: false, thinkingLevel: null };
  }
  if (level !== null && budget !== undefined)
    invalid("You can only set only one of thinking budget and thinking level.");
  if (budget === 0) invalid("Budget 0 is invalid. This model only works in thinking mode.");
  const levels = model.thinkingLevels;
  if (level !== null && levels !== "ignored" && !levels.includes(level)) {
    invalid(`Thinking level ${level} is not supported for this model. Please use one of: ${levels.join(", ")}.`);
  }
  return { includeThoughts: config["includeThoughts"] === true, thinkingLevel: level };
}

function readSize(picture: JsonObject, backend: Backend, model: ImageModel): string {
  const size = textAt(picture, "imageSize") ?? "";
  if (size === "") return model.sizes[0] ?? "1K";
  if (!model.takesImageSize[backend]) invalid(`Image size is not supported for model ${model.id}.`);
  if (!model.sizes.includes(size)) {
    const offered = model.sizes.toSorted().map((offer) => `'${offer}'`);
    invalidField("image_config.image_size", `must be one of ${offered.join(", ")}.`);
  }
  return size;
}

function readRatio(picture: JsonObject, model: ImageModel, reference: PixelSize | null): string {
  const ratio = textAt(picture, "aspectRatio") ?? "";
  if (ratio === "") return reference === null ? "1:1" : nearestRatio(reference, model.ratios);
  if (!model.ratios.includes(ratio)) {
    invalidField(
      "image_config.aspect_ratio",
      `must be one of ${model.ratios.map((offer) => `'${offer}'`).join(", ")}.`,
    );
  }
  return ratio;
}

function readOutput(
  picture: JsonObject,
  backend: Backend,
  model: ImageModel,
): Pick<PictureOrder, "mimeType" | "quality"> {
  const options = objectAt(picture, "imageOutputOptions");
  const mimeType = textAt(options, "mimeType") ?? textAt(picture, "mimeType") ?? model.outputMimeType[backend];
  if (mimeType !== "image/png" && mimeType !== "image/jpeg") {
    return invalidField("image_config.image_output_options.mime_type", "must be one of 'image/png', 'image/jpeg'.");
  }
  const quality = ownValue(options, "compressionQuality");
  if (quality !== undefined && (typeof quality !== "number" || quality < 0 || quality > 100)) {
    invalidField("image_config.image_output_options.compression_quality", "must be in the range [0, 100].");
  }
  if (quality !== undefined && mimeType === "image/png") {
    invalidField("image_config.image_output_options.compression_quality", "is only supported for 'image/jpeg'.");
  }
  return { mimeType, quality: typeof quality === "number" ? Math.max(1, quality) : 90 };
}

function readTier(request: JsonObject, model: ImageModel): string {
  const tier = (textAt(request, "serviceTier") ?? "standard").toLowerCase();
  if (tier === "service_tier_unspecified") return "standard";
  if (!model.tiers.includes(tier)) invalid(`Service tier ${tier} is not supported for model ${model.id}.`);
  return tier;
}
