// Whether the turns of a conversation are what a model takes: roles, parts, real pictures, signatures that come back.
// Leaves the settings beside them to generate-content-rules.ts. Wording: facts on Google's APIs, section 4, where known.

import { refuse } from "../google-error.ts";
import { isJsonObject, type JsonObject, listAt, objectAt, ownValue, textAt } from "../json.ts";
import type { Backend, ImageModel } from "../model-table.ts";
import type { GivenPicture } from "../pictures/thumbnails.ts";
import type { PixelSize } from "../pixel-table.ts";
import { readPictureHeader } from "./picture-header.ts";
import { judgeSignature } from "./thought-signature.ts";

/** What the conversation says, once it has passed. */
export interface Conversation {
  /** All text of the last user turn. */
  readonly prompt: string;
  /** Characters of all text, system instruction included; for counting tokens. */
  readonly textLength: number;
  /** Pictures of all turns. */
  readonly pictureCount: number;
  /** Pictures that the user gave, in order; the model's own are left out. */
  readonly given: readonly GivenPicture[];
  /** Size of the last picture given by the user; null when there is none or it is a link. */
  readonly lastPicture: PixelSize | null;
}

/** Gives a file that was uploaded before, by its id; stops the request when the caller may not have it. */
export type ReadFile = (id: string) => { readonly mimeType: string; readonly bytes: Buffer };

const pictureMimeTypes = ["image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"];

/** Reads `contents` and `systemInstruction`; stops with 400 at the first thing that the model does not take. */
export function readConversation(
  request: JsonObject,
  backend: Backend,
  model: ImageModel | null,
  readFile: ReadFile | null = null,
): Conversation {
  const turns = listAt(request, "contents").filter(isJsonObject);
  if (turns.length === 0) invalid("* GenerateContentRequest.contents: contents is not specified\n");
  let userPictures = 0;
  let pictureCount = 0;
  const given: GivenPicture[] = [];
  let lastPicture: PixelSize | null = null;
  let textLength = textOf(objectAt(request, "systemInstruction")).length;
  for (const [turn, content] of turns.entries()) {
    const isModel = roleOf(content, turn, backend) === "model";
    const parts = listAt(content, "parts").filter(isJsonObject);
    if (parts.length === 0)
      invalid(`* GenerateContentRequest.contents[${turn}].parts: contents.parts must not be empty.\n`);
    for (const [position, part] of parts.entries()) {
      checkHasData(part, turn, position);
      textLength += textAt(part, "text")?.length ?? 0;
      const picture = readPart(part, backend, model, readFile);
      if (picture !== null) {
        pictureCount += 1;
        if (!isModel) userPictures += 1;
        if (!isModel) given.push(picture);
        if (!isModel && picture.size !== null) lastPicture = picture.size;
      }
      if (isModel && model?.signsThoughts === true) checkSignature(part, turn, position);
    }
  }
  if (model !== null && userPictures > model.maxReferences) {
    invalid(
      `Too many images in the request: ${userPictures}. The model ${model.id} supports up to ${model.maxReferences} input images.`,
    );
  }
  const lastUserTurn = turns.findLast((content) => textAt(content, "role") !== "model");
  return { prompt: textOf(lastUserTurn ?? {}), textLength, pictureCount, given, lastPicture };
}

/** All texts of a content's parts, joined by line breaks; thoughts are left out. */
export function textOf(content: JsonObject): string {
  const texts: string[] = [];
  for (const part of listAt(content, "parts")) {
    if (!isJsonObject(part) || part["thought"] === true) continue;
    const text = textAt(part, "text");
    if (text !== null) texts.push(text);
  }
  return texts.join("\n");
}

function invalid(message: string): never {
  return refuse({ code: 400, message });
}

function roleOf(content: JsonObject, turn: number, backend: Backend): string {
  const role = textAt(content, "role");
  if (role === "user" || role === "model" || role === "function") return role;
  if (role === null && backend === "gemini") return "user";
  return invalid(`Please use a valid role: user, model. (contents[${turn}])`);
}

function checkHasData(part: JsonObject, turn: number, position: number): void {
  const hasData = Object.keys(part).some(
    (name) => !["thought", "thoughtSignature", "mediaResolution", "videoMetadata", "partMetadata"].includes(name),
  );
  // A signature may come alone: streams end with an empty text part that carries it.
  if (hasData || ownValue(part, "thoughtSignature") !== undefined) return;
  invalid(
    `* GenerateContentRequest.contents[${turn}].parts[${position}].data: required oneof field 'data' must have one initialized field\n`,
  );
}

interface ReadPicture extends GivenPicture {
  readonly size: PixelSize | null;
}

/** The picture in a part, or null when the part is something else. */
function readPart(
  part: JsonObject,
  backend: Backend,
  model: ImageModel | null,
  readFile: ReadFile | null,
): ReadPicture | null {
  const inline = ownValue(part, "inlineData");
  if (isJsonObject(inline)) {
    return readBytes(textAt(inline, "mimeType") ?? "", Buffer.from(textAt(inline, "data") ?? "", "base64"), model);
  }
  const file = ownValue(part, "fileData");
  return isJsonObject(file) ? readLink(file, backend, model, readFile) : null;
}

function readBytes(mimeType: string, bytes: Buffer, model: ImageModel | null): ReadPicture | null {
  if (!pictureMimeTypes.includes(mimeType)) {
    if (model?.otherInputs.some((prefix) => mimeType.startsWith(prefix)) === true || model === null) return null;
    return invalid(mimeType === "" ? "The mimeType of inlineData must be set." : `Unsupported MIME type: ${mimeType}`);
  }
  const header = readPictureHeader(bytes);
  if (header === null) {
    return invalid(
      "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
    );
  }
  if (header.mimeType !== mimeType && !(isHeif(header.mimeType) && isHeif(mimeType))) {
    return invalid(
      `The image is declared as ${mimeType} but its bytes are ${header.mimeType}. Unable to process input image.`,
    );
  }
  return { size: header.size, mimeType, bytes };
}

function isHeif(mimeType: string): boolean {
  return mimeType === "image/heic" || mimeType === "image/heif";
}

function readLink(
  file: JsonObject,
  backend: Backend,
  model: ImageModel | null,
  readFile: ReadFile | null,
): ReadPicture | null {
  const uri = textAt(file, "fileUri") ?? "";
  const stored = /^https:\/\/generativelanguage\.googleapis\.com\/v1(?:beta)?\/files\/([^/?]+)$/.exec(uri)?.[1];
  if (backend === "gemini" && stored !== undefined && readFile !== null) {
    const { mimeType, bytes } = readFile(stored);
    const told = textAt(file, "mimeType") ?? "";
    if (told !== "" && told !== mimeType) invalid(`The File ${stored} is ${mimeType}, not ${told}.`);
    return readBytes(mimeType, bytes, model);
  }
  const known = backend === "gemini" ? /^https?:\/\//.test(uri) : /^(?:gs|https?):\/\//.test(uri);
  if (!known) invalid(`Invalid or unsupported file uri: ${uri.slice(0, 200)}`);
  const mimeType = textAt(file, "mimeType") ?? "image/png";
  return mimeType.startsWith("image/") ? { size: null, mimeType, bytes: null } : null;
}

/** Gemini 3 image models want their own pictures back with the signature they came with, on the content they came with. */
function checkSignature(part: JsonObject, turn: number, position: number): void {
  const signature = textAt(part, "thoughtSignature");
  const data = textAt(objectAt(part, "inlineData"), "data");
  if (signature === null) {
    if (data === null || part["thought"] === true) return;
    invalid(
      `Image part is missing a thought_signature in content position ${turn + 1}, part position ${position + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
    );
  }
  if (judgeSignature(signature, data ?? textAt(part, "text") ?? "") !== "good") invalid("Corrupted thought signature.");
}
