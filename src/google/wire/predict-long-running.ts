// The body of a predictLongRunning call: pure, from a planned clip and its inputs. What the answers say is operation-answer.ts'
// business. Source: google-apis facts §8.1, 2026-11-22.

import type { PlannedClip } from "../../core/clip.ts";
import type { PersonGeneration } from "../../core/request.ts";
import type { EndpointName } from "../../core/route.ts";

/** A picture or a clip as it is sent; `shown`: words in its place, for showing a request to a person. */
export type ClipInput =
  | { readonly kind: "bytes"; readonly mimeType: string; readonly bytes: Uint8Array }
  | { readonly kind: "link"; readonly mimeType: string; readonly uri: string }
  | { readonly kind: "shown"; readonly mimeType: string; readonly words: string };

export interface ClipInputs {
  readonly firstFrame: ClipInput | null;
  readonly lastFrame: ClipInput | null;
  readonly references: readonly ClipInput[];
  readonly extends: ClipInput | null;
}

interface PredictLongRunning {
  readonly instances: readonly [object];
  readonly parameters: object;
}

/** Veo's words: google-apis facts §8.1 and the types of @google/genai 2.32.0. */
const personWords: Readonly<Record<PersonGeneration, string>> = {
  "allow-all": "allow_all",
  "allow-adult": "allow_adult",
  "allow-none": "dont_allow",
};

/** Only what was asked for: the models have defaults of their own. Bytes stay bytes; body-bytes.ts writes them. */
export function encodePredictLongRunning(
  request: PlannedClip,
  inputs: ClipInputs,
  endpoint: EndpointName,
): PredictLongRunning {
  const isVertex = endpoint === "aiplatform";
  const { references } = inputs;
  return {
    instances: [
      {
        prompt: request.prompt,
        ...(inputs.firstFrame === null ? {} : { image: media(inputs.firstFrame) }),
        ...(inputs.extends === null ? {} : { video: isVertex ? media(inputs.extends) : fileOf(inputs.extends) }),
        ...(inputs.lastFrame === null ? {} : { lastFrame: media(inputs.lastFrame) }),
        ...(references.length === 0
          ? {}
          : { referenceImages: references.map((image) => ({ image: media(image), referenceType: "asset" })) }),
      },
    ],
    parameters: {
      // An extension keeps the shape of its clip and has a length of its own.
      ...(inputs.extends === null
        ? {
            aspectRatio: request.aspectRatio,
            durationSeconds: request.seconds,
            resolution: request.resolution,
          }
        : {}),
      sampleCount: 1,
      ...(request.negativePrompt === null ? {} : { negativePrompt: request.negativePrompt }),
      ...(request.personGeneration === null ? {} : { personGeneration: personWords[request.personGeneration] }),
      ...(request.seed === null ? {} : { seed: request.seed }),
      ...(request.audio === null ? {} : { generateAudio: request.audio }),
      ...(request.storageUri === null ? {} : { storageUri: request.storageUri }),
    },
  };
}

function media(input: ClipInput): object {
  if (input.kind === "link") return { gcsUri: input.uri, mimeType: input.mimeType };
  const { mimeType } = input;
  if (input.kind === "shown") return { bytesBase64Encoded: input.words, mimeType };
  const { buffer, byteOffset, byteLength } = input.bytes;
  // A Buffer would be written as a list of numbers.
  return { bytesBase64Encoded: new Uint8Array(buffer, byteOffset, byteLength), mimeType };
}

/** The Gemini API extends what lies with it. */
function fileOf(input: ClipInput): object {
  if (input.kind === "bytes") throw new Error("A clip that was not uploaded was let through.");
  return { uri: input.kind === "link" ? input.uri : `(uploaded first: ${input.words})` };
}
