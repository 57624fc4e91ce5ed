// Whether an Omni model can make the clip that an interaction asks for: lengths, sizes, what the pictures are for. Leaves unknown
// fields to interaction-fields.ts. Limits: facts on Google's APIs, section 8.2; pictures by task: ComfyUI's and civitai's pages of
// the models (2026-08 and 2026-11).

import { isJsonObject, type JsonObject, objectAt, ownValue, textAt } from "../json.ts";
import type { GivenPicture } from "../pictures/thumbnails.ts";
import type { PixelSize } from "../pixel-table.ts";
import { readPictureHeader } from "../requests/picture-header.ts";
import { refuseInteraction } from "./interaction-error.ts";
import type { VideoModel } from "./video-models.ts";
import type { VideoOrder } from "./video-rules.ts";

const pixels: Readonly<Record<string, PixelSize>> = {
  "360p": { width: 640, height: 360 },
  "720p": { width: 1280, height: 720 },
  "1080p": { width: 1920, height: 1080 },
  "4k": { width: 3840, height: 2160 },
};
const shortestSeconds = 3;
const mostReferences = 6;
const mostSecondsBetweenFrames = 10;

export interface InteractionOrder {
  readonly order: VideoOrder;
  readonly delivery: "inline" | "uri";
  readonly runsInBackground: boolean;
  readonly isStored: boolean;
}

/** Reads an order; stops with 400 at the first thing that the model does not take. */
export function readInteractionOrder(request: JsonObject, model: VideoModel): InteractionOrder {
  const given = ownValue(request, "response_format");
  const first = Array.isArray(given) ? given[0] : given;
  const format = isJsonObject(first) ? first : {};
  if (first !== undefined && textAt(format, "type") === null) refuseInteraction("'response_format.type' must be set.");
  const input = ownValue(request, "input");
  const contents = typeof input === "string" ? [{ type: "text", text: input }] : Array.isArray(input) ? input : [input];
  const objects = contents.filter(isJsonObject);
  const prompt = objects
    .flatMap((content) => textAt(content, "text") ?? [])
    .join("\n")
    .trim();
  if (prompt === "") refuseInteraction("'input' must hold a text.");
  const pictures = objects.filter((content) => textAt(content, "type") === "image").map(readPicture);
  const use = useOf(pictures, textAt(objectAt(objectAt(request, "generation_config"), "video_config"), "task"));
  const resolution = textAt(format, "resolution") ?? "720p";
  const offered = Object.keys(model.perSecondMicroUsd);
  if (!offered.includes(resolution)) {
    refuseInteraction(`Unsupported 'response_format.resolution' ${resolution} for ${model.id}: ${offered.join(", ")}.`);
  }
  const { width, height } = pixels[resolution] ?? { width: 1280, height: 720 };
  const isBetween = use.lastFrame !== null;
  const runsInBackground = ownValue(request, "background") === true;
  const isStored = ownValue(request, "store") !== false;
  if (runsInBackground && !isStored) refuseInteraction("'background' needs 'store' to be true.");
  return {
    order: {
      model,
      backend: "gemini",
      prompt,
      size: textAt(format, "aspect_ratio") === "9:16" ? { width: height, height: width } : { width, height },
      resolution,
      newSeconds: readSeconds(textAt(format, "duration"), model, isBetween),
      givenSeconds: 0,
      framesPerSecond: 24,
      sampleCount: 1,
      withAudio: true,
      ...use,
      storageUri: null,
    },
    delivery: textAt(format, "delivery") === "uri" ? "uri" : "inline",
    runsInBackground,
    isStored,
  };
}

type Use = Pick<VideoOrder, "firstFrame" | "lastFrame" | "references">;

/** Without a task the model decides: one picture is a frame, two are the ends, more are references. */
function useOf(pictures: readonly GivenPicture[], task: string | null): Use {
  const count = pictures.length;
  const guess = count === 0 ? "text_to_video" : count > 2 ? "reference_to_video" : "image_to_video";
  const name = task ?? guess;
  switch (name) {
    case "text_to_video":
      if (count > 0) refuseInteraction("The task text_to_video takes no images.");
      return { firstFrame: null, lastFrame: null, references: [] };
    case "image_to_video":
      if (count < 1 || count > 2) refuseInteraction("The task image_to_video requires 1 or 2 images.");
      return { firstFrame: pictures[0] ?? null, lastFrame: pictures[1] ?? null, references: [] };
    case "reference_to_video":
      if (count < 1 || count > mostReferences) {
        refuseInteraction(`The task reference_to_video requires 1 to ${mostReferences} images.`);
      }
      return { firstFrame: null, lastFrame: null, references: pictures };
    default:
      return refuseInteraction(`The task ${name} requires an input video.`);
  }
}

/** A protobuf duration; a bare number is none. */
function readSeconds(duration: string | null, model: VideoModel, isBetween: boolean): number {
  if (duration === null) return 8;
  const seconds = Number(/^(\d+(?:\.\d+)?)s$/.exec(duration)?.[1] ?? Number.NaN);
  const longest = isBetween ? Math.min(mostSecondsBetweenFrames, model.longestSeconds) : model.longestSeconds;
  if (!(Number.isInteger(seconds) && seconds >= shortestSeconds && seconds <= longest)) {
    refuseInteraction(
      `Invalid 'response_format.duration' ${JSON.stringify(duration.slice(0, 40))}: ${shortestSeconds}s to ${longest}s in whole seconds.`,
    );
  }
  return seconds;
}

function readPicture(content: JsonObject, index: number): GivenPicture {
  const mimeType = textAt(content, "mime_type") ?? "";
  if (mimeType === "") refuseInteraction("'input.mime_type' of an image must be set.");
  const data = textAt(content, "data");
  const uri = textAt(content, "uri");
  if ((data === null) === (uri === null)) refuseInteraction("An image in 'input' has either 'data' or 'uri'.");
  if (data === null) return { mimeType, bytes: null };
  const bytes = Buffer.from(data, "base64");
  if (readPictureHeader(bytes)?.mimeType !== mimeType)
    refuseInteraction(`Unable to process image ${index} of 'input'.`);
  return { mimeType, bytes };
}
