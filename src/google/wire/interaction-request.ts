// The body of a call to the Interactions API that orders a clip: pure, from a planned clip and its inputs. What the answers say
// is interaction-answer.ts' business. Source: google-apis facts §1.5 and §8.2, and the types of @google/genai 2.32.0.

import type { PlannedClip } from "../../core/clip.ts";
import type { ClipInput, ClipInputs } from "./predict-long-running.ts";

/**
 * `background`: else the call stays open for as long as the clip takes, and who loses it loses the name of what was bought.
 * `store`: what is not stored cannot be asked for. `uri`: an answer holds no more than 4 MB of clip (apidog's guide to the
 * API, 2026-09-03).
 */
export function encodeInteraction(request: PlannedClip, inputs: ClipInputs, model: string): object {
  const { firstFrame, lastFrame, references } = inputs;
  const frames = [firstFrame, lastFrame].filter((frame) => frame !== null);
  return {
    model,
    input: [...[...frames, ...references].map(picture), { type: "text", text: request.prompt }],
    response_format: {
      type: "video",
      aspect_ratio: request.aspectRatio,
      resolution: request.resolution,
      duration: `${request.seconds}s`,
      delivery: "uri",
    },
    generation_config: { video_config: { task: taskOf(frames.length, references.length) } },
    background: true,
    store: true,
  };
}

/** One picture is where the clip begins, a second one where it ends. */
function taskOf(frames: number, references: number): string {
  if (frames > 0) return "image_to_video";
  return references > 0 ? "reference_to_video" : "text_to_video";
}

function picture(input: ClipInput): object {
  const { mimeType } = input;
  const common = { type: "image", mime_type: mimeType };
  if (input.kind === "link") return { ...common, uri: input.uri };
  if (input.kind === "shown") return { ...common, data: input.words };
  const { buffer, byteOffset, byteLength } = input.bytes;
  // A Buffer would be written as a list of numbers.
  return { ...common, data: new Uint8Array(buffer, byteOffset, byteLength) };
}
