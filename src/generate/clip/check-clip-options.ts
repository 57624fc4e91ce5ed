// Words of a request for a clip that not every model and endpoint takes. Pure.

import type { ClipRequest } from "../../core/clip.ts";
import type { ReferenceReport } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Endpoint } from "../../google/endpoints/endpoint.ts";
import { defaultVideoModel } from "../../google/models/video.ts";
import type { ClipOption, ClipRules, Model } from "../../google/models/model.ts";
import { isBucketAddress } from "../plan/bucket-address.ts";

const LARGEST_SEED = 2 ** 32 - 1;

const fields: readonly (readonly [ClipOption, string])[] = [
  ["audio", "--audio"],
  ["negativePrompt", "--negative-prompt"],
  ["seed", "--seed"],
  ["personGeneration", "--person-generation"],
  ["storageUri", "--storage-uri"],
];

/** The SDK throws for these outside Vertex AI: google-apis facts §8.1. */
const ONLY_ON_VERTEX: readonly ClipOption[] = ["seed", "storageUri", "audio"];

const inThePrompt: Readonly<Partial<Record<ClipOption, string>>> = {
  audio: " Say it in the prompt: it always makes sound.",
  negativePrompt: " Say it in the prompt.",
};

/** `model`: `null` where none was found. Mistakes go to `problems`. */
export function checkClipOptions(
  request: ClipRequest,
  model: (Model & { readonly clip: ClipRules }) | null,
  endpoint: Endpoint,
  problems: Problem[],
): void {
  checkValues(request, problems);
  for (const [option, name] of fields) {
    const value = request[option];
    if (value === undefined) continue;
    const isOnRoute = endpoint.name === "aiplatform" || !ONLY_ON_VERTEX.includes(option);
    const isTaken = model === null || model.clip.takes[option];
    if (isOnRoute && isTaken) continue;
    const field = option === "audio" && value === false ? "--no-audio" : name;
    problems.push({
      code: "option-not-offered",
      field: name,
      message: isTaken
        ? `${endpoint.label} does not take ${field}; Vertex AI (--endpoint aiplatform) does.`
        : `${model.id} does not take ${field}; ${defaultVideoModel("aiplatform")} on Vertex AI (--auth adc or vertex-key) does.${inThePrompt[option] ?? ""}`,
      given: String(value),
    });
  }
}

/** Only Vertex AI reads Cloud Storage (google-apis facts §6). */
export function checkPictureLinks(
  pictures: readonly (ReferenceReport | null)[],
  endpoint: Endpoint,
  problems: Problem[],
): void {
  if (endpoint.name === "aiplatform") return;
  for (const picture of pictures) {
    if (picture?.uri === undefined) continue;
    problems.push({
      code: "option-not-offered",
      field: "--image",
      message: `${endpoint.label} does not read ${picture.uri}: only Vertex AI (--endpoint aiplatform) reads Cloud Storage. Download it and give its path.`,
      given: picture.uri,
    });
  }
}

function checkValues({ seed, storageUri }: ClipRequest, problems: Problem[]): void {
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED)) {
    problems.push({
      code: "value-not-allowed",
      field: "--seed",
      message: `The seed is a whole number from 0 to ${LARGEST_SEED}.`,
      given: String(seed),
    });
  }
  if (storageUri !== undefined && !isBucketAddress(storageUri)) {
    problems.push({
      code: "value-not-allowed",
      field: "--storage-uri",
      message: "The storage is written gs://bucket/folder.",
      given: storageUri,
    });
  }
}
