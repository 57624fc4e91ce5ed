// Whether a video model can do what a request asks: lengths, resolutions, frames, the clip to be extended.
// Leaves unknown fields to the schema. Limits: facts on Google's APIs, section 8.1.

import { refuse } from "../google-error.ts";
import { isJsonObject, type JsonObject, listAt, objectAt, ownValue, textAt } from "../json.ts";
import type { Backend } from "../model-table.ts";
import type { KeptFile } from "../files/file-store.ts";
import type { GivenPicture } from "../pictures/thumbnails.ts";
import type { PixelSize } from "../pixel-table.ts";
import { readPictureHeader } from "../requests/picture-header.ts";
import { type ClipHeader, readClipHeader } from "./clip-header.ts";
import type { VideoModel } from "./video-models.ts";

/** One order for a clip that a model can do. */
export interface VideoOrder {
  readonly model: VideoModel;
  readonly backend: Backend;
  readonly prompt: string;
  readonly size: PixelSize;
  readonly resolution: string;
  /** Seconds that are made anew, and billed. */
  readonly newSeconds: number;
  /** Seconds of the clip that is extended; 0 without one. */
  readonly givenSeconds: number;
  readonly framesPerSecond: number;
  readonly sampleCount: number;
  readonly withAudio: boolean;
  readonly firstFrame: GivenPicture | null;
  readonly lastFrame: GivenPicture | null;
  readonly references: readonly GivenPicture[];
  /** `gs://…` where the clips are to be put; null: they come with the answer. */
  readonly storageUri: string | null;
}

const extensionSeconds = 7;
const pixels: Readonly<Record<string, PixelSize>> = {
  "720p": { width: 1280, height: 720 },
  "1080p": { width: 1920, height: 1080 },
  "4k": { width: 3840, height: 2160 },
};

/** What the Gemini API knows of a clip that it keeps: one that it has made, or an uploaded file. */
export type StoredClip = { readonly madeSeconds: number } | { readonly file: KeptFile; readonly isReady: boolean };

/** Reads an order; stops with 400 at the first thing that the model does not take. `stored`: the clip behind an address. */
export function readVideoOrder(
  request: JsonObject,
  backend: Backend,
  model: VideoModel,
  stored: (uri: string) => StoredClip | null,
): VideoOrder {
  const instances = listAt(request, "instances").filter(isJsonObject);
  const [instance] = instances;
  if (instance === undefined || instances.length > 1) return invalid("Exactly one instance is supported.");
  const parameters = objectAt(request, "parameters");
  const prompt = textAt(instance, "prompt") ?? "";
  const firstFrame = pictureAt(instance, "image");
  const lastFrame = pictureAt(instance, "lastFrame");
  const extended = readExtended(instance, backend, stored);
  const references = listAt(instance, "referenceImages").filter(isJsonObject).map(readReference);
  if (prompt.trim() === "" && firstFrame === null && extended === null) invalid("The prompt must not be empty.");
  if (references.length > 3) invalid("At most 3 reference images are supported.");
  if (references.length > 0 && (firstFrame ?? lastFrame ?? extended) !== null)
    invalid("`referenceImages` cannot be used together with image, video or lastFrame.");
  if (firstFrame !== null && extended !== null) invalid("`image` and `video` cannot be used together.");
  if (lastFrame !== null && firstFrame === null && (extended === null || backend === "gemini"))
    invalid("`lastFrame` needs an `image`.");
  const aspectRatio = textAt(parameters, "aspectRatio") ?? extended?.aspectRatio ?? "16:9";
  if (aspectRatio !== "16:9" && aspectRatio !== "9:16")
    invalid(`Unsupported aspect ratio ${aspectRatio}. Supported: 16:9, 9:16.`);
  const resolution = readResolution(parameters, model, extended);
  const { width, height } = pixels[resolution] ?? { width: 1280, height: 720 };
  const most = backend === "gemini" ? 1 : 4;
  const sampleCount = wholeAt(parameters, "sampleCount") ?? 1;
  if (sampleCount < 1 || sampleCount > most) invalid(`sampleCount must be between 1 and ${most}.`);
  const storageUri = textAt(parameters, "storageUri");
  if (storageUri !== null && !/^gs:\/\/[a-z0-9][a-z0-9._-]+/.test(storageUri))
    invalid(`Invalid storageUri ${storageUri.slice(0, 200)}.`);
  return {
    model,
    backend,
    prompt,
    size: aspectRatio === "16:9" ? { width, height } : { width: height, height: width },
    resolution,
    newSeconds: readSeconds(parameters, extended !== null, resolution, references.length),
    givenSeconds: extended?.seconds ?? 0,
    framesPerSecond: readFrameRate(parameters),
    sampleCount,
    // Veo 3.1 makes sound unless it is told not to; its price is the same (2026-11-24, from the prices "incl. audio").
    withAudio: ownValue(parameters, "generateAudio") !== false,
    firstFrame,
    lastFrame,
    references,
    storageUri,
  };
}

function invalid(message: string): never {
  return refuse({ code: 400, message });
}

function wholeAt(object: JsonObject, name: string): number | null {
  const value = ownValue(object, name);
  return typeof value === "number" ? value : null;
}

function readSeconds(parameters: JsonObject, extends_: boolean, resolution: string, references: number): number {
  const asked = wholeAt(parameters, "durationSeconds");
  if (extends_) {
    if (asked !== null && asked !== extensionSeconds) invalid(`An extension is ${extensionSeconds} seconds long.`);
    return extensionSeconds;
  }
  const seconds = asked ?? 8;
  if (![4, 6, 8].includes(seconds))
    invalid(`Unsupported output video duration ${seconds} seconds, supported durations are [8,4,6].`);
  if (seconds !== 8 && (resolution !== "720p" || references > 0))
    invalid("A duration of 8 seconds is needed for 1080p, 4k and reference images.");
  return seconds;
}

function readFrameRate(parameters: JsonObject): number {
  const rate = wholeAt(parameters, "fps") ?? 24;
  if (rate !== 24) invalid(`Unsupported fps ${rate}, supported is 24.`);
  return rate;
}

function readResolution(parameters: JsonObject, model: VideoModel, extended: Extended | null): string {
  const offered = Object.keys(model.perSecondMicroUsd);
  const resolution = (textAt(parameters, "resolution") ?? extended?.resolution ?? "720p").toLowerCase();
  if (!offered.includes(resolution))
    invalid(`Unsupported resolution ${resolution} for ${model.id}, supported resolutions are ${offered.join(", ")}.`);
  if (extended !== null && resolution !== extended.resolution)
    invalid(`The input video is ${extended.resolution}; an extension keeps its resolution.`);
  return resolution;
}

function pictureAt(instance: JsonObject, name: string): GivenPicture | null {
  const value = ownValue(instance, name);
  return isJsonObject(value) ? readPicture(value, name) : null;
}

function readReference(reference: JsonObject): GivenPicture {
  const type = textAt(reference, "referenceType") ?? "asset";
  if (type.toLowerCase() !== "asset") invalid(`Unsupported referenceType ${type}.`);
  return pictureAt(reference, "image") ?? invalid("A reference image has no image.");
}

function readPicture(image: JsonObject, name: string): GivenPicture {
  const mimeType = textAt(image, "mimeType") ?? "";
  if (textAt(image, "gcsUri") !== null) return { mimeType, bytes: null };
  const bytes = Buffer.from(textAt(image, "bytesBase64Encoded") ?? "", "base64");
  if (bytes.length === 0) invalid(`\`${name}\` has no data.`);
  if (!["image/png", "image/jpeg", "image/webp"].includes(mimeType))
    invalid(mimeType === "" ? `\`${name}.mimeType\` must be set.` : `Unsupported MIME type: ${mimeType}`);
  if (readPictureHeader(bytes)?.mimeType !== mimeType) invalid(`Unable to process input image \`${name}\`.`);
  return { mimeType, bytes };
}

interface Extended {
  readonly seconds: number;
  readonly resolution: string;
  readonly aspectRatio: string | null;
}

function readExtended(
  instance: JsonObject,
  backend: Backend,
  stored: (uri: string) => StoredClip | null,
): Extended | null {
  const video = ownValue(instance, "video");
  if (!isJsonObject(video)) return null;
  const uri = textAt(video, "uri");
  if (uri !== null) {
    const clip = stored(uri) ?? invalid("The input video was not found, or was not generated by Veo.");
    return readStored(clip, textAt(video, "encoding"));
  }
  if (backend === "gemini") invalid("The input video has no uri.");
  const mimeType = textAt(video, "mimeType");
  if (mimeType !== "video/mp4") invalid(`Unsupported video MIME type: ${mimeType ?? "none"}`);
  const gcsUri = textAt(video, "gcsUri");
  // What lies in a bucket is not there to be looked at: it counts as one of the model's usual clips.
  if (gcsUri !== null) {
    if (!gcsUri.startsWith("gs://")) invalid(`Invalid gcsUri ${gcsUri.slice(0, 200)}.`);
    return { seconds: 8, resolution: "720p", aspectRatio: null };
  }
  return readInline(Buffer.from(textAt(video, "bytesBase64Encoded") ?? "", "base64"));
}

/** Veo's own clips of 720p up to 141 s. Whether an uploaded one is Veo's is not looked at: its mark is not in our clips. */
function readStored(clip: StoredClip, told: string | null): Extended {
  if ("madeSeconds" in clip) {
    checkStoredLength(clip.madeSeconds);
    return { seconds: clip.madeSeconds, resolution: "720p", aspectRatio: null };
  }
  const { file, isReady } = clip;
  if (!isReady) invalid(`The File ${file.id} is not in an ACTIVE state and usage is not allowed.`);
  if (!file.mimeType.startsWith("video/")) invalid(`Unsupported video MIME type: ${file.mimeType}`);
  if (told !== null && told !== file.mimeType) invalid(`The File ${file.id} is ${file.mimeType}, not ${told}.`);
  const { seconds, width, height } = readDecodable(file.bytes);
  checkStoredLength(seconds);
  if (!isSize({ width: 1280, height: 720 }, width, height))
    invalid(`The input video has ${width}x${height} pixels; 720p in 16:9 or 9:16 is supported.`);
  return { seconds, resolution: "720p", aspectRatio: width > height ? "16:9" : "9:16" };
}

function checkStoredLength(seconds: number): void {
  if (seconds < 1 || seconds > 141.5) invalid("The input video must be between 1 and 141 seconds long.");
}

function readDecodable(bytes: Buffer): ClipHeader {
  const header = readClipHeader(bytes);
  if (header === null) return invalid("The input video could not be decoded.");
  if (!["avc1", "avc3", "hvc1", "hev1"].includes(header.codec))
    invalid(`The codec ${header.codec} of the input video is not supported.`);
  return header;
}

function readInline(bytes: Buffer): Extended {
  const { seconds, width, height } = readDecodable(bytes);
  if (seconds < 1 || seconds > 30.5) invalid("The input video must be between 1 and 30 seconds long.");
  const [resolution] = Object.entries(pixels).find(([, size]) => isSize(size, width, height)) ?? [];
  if (resolution === undefined || resolution === "4k")
    return invalid(`The input video has ${width}x${height} pixels; 720p and 1080p in 16:9 or 9:16 are supported.`);
  return { seconds, resolution, aspectRatio: width > height ? "16:9" : "9:16" };
}

function isSize(size: PixelSize, width: number, height: number): boolean {
  return (size.width === width && size.height === height) || (size.width === height && size.height === width);
}
