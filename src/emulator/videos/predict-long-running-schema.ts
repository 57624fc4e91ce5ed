// Every field of a predictLongRunning request and of fetchPredictOperation's, by back end. Source: facts on Google's APIs,
// section 8.1, and the converters of @google/genai 2.32.0. Leaves the meaning of the values to video-rules.ts.

import type { Backend } from "../model-table.ts";
import type { FieldDescription, MessageDescription } from "../requests/proto-schema.ts";

const text: FieldDescription = { kind: "string" };
const whole: FieldDescription = { kind: "int32" };
const vertexSide: readonly Backend[] = ["vertex"];
const onVertex = (field: FieldDescription): FieldDescription => ({ ...field, only: vertexSide });

const protoRoot = "google.cloud.aiplatform.v1.schema.predict";

function message(name: string, fields: Readonly<Record<string, FieldDescription>>): MessageDescription {
  return { messageName: `${protoRoot}.${name}`, fields };
}

const image = message("VideoImage", {
  bytes_base64_encoded: { kind: "bytes", oneof: "data" },
  gcs_uri: { kind: "string", oneof: "data", only: vertexSide },
  mime_type: text,
});

const video = message("VideoInput", {
  bytes_base64_encoded: { kind: "bytes", oneof: "data", only: vertexSide },
  gcs_uri: { kind: "string", oneof: "data", only: vertexSide },
  uri: { kind: "string", oneof: "data", only: ["gemini"] },
  encoded_video: { kind: "bytes", oneof: "data", only: ["gemini"] },
  mime_type: onVertex(text),
  encoding: { kind: "string", only: ["gemini"] },
});

const instance = message("VideoGenerationInstance", {
  prompt: text,
  image: { kind: image },
  last_frame: { kind: image },
  video: { kind: video },
  reference_images: {
    kind: message("VideoReferenceImage", { image: { kind: image }, reference_type: text }),
    repeated: true,
  },
  mask: onVertex({ kind: "any" }),
});

const parameters = message("VideoGenerationParameters", {
  sample_count: whole,
  aspect_ratio: text,
  duration_seconds: whole,
  resolution: text,
  negative_prompt: text,
  person_generation: text,
  enhance_prompt: { kind: "bool" },
  storage_uri: onVertex(text),
  fps: onVertex(whole),
  seed: onVertex(whole),
  generate_audio: onVertex({ kind: "bool" }),
  pubsub_topic: onVertex(text),
  compression_quality: onVertex(text),
  resize_mode: onVertex(text),
});

/** `…:predictLongRunning` */
export const predictLongRunningRequest: MessageDescription = message("PredictLongRunningRequest", {
  instances: { kind: instance, repeated: true },
  parameters: { kind: parameters },
  labels: onVertex({ kind: { mapOf: "string" } }),
  webhook_config: { kind: "any", only: ["gemini"] },
});

/** `…:fetchPredictOperation` */
export const fetchPredictOperationRequest: MessageDescription = message("FetchPredictOperationRequest", {
  operation_name: text,
});
