// A request to the Interactions API, read field by field: what is unknown, of a wrong kind or without effect here is refused by
// name. Fields and values: @google/genai 2.32.0's types and facts on Google's APIs, section 8.2. Leaves what a model can do to
// interaction-rules.ts.

import { isJsonObject, type Json, type JsonObject, ownValue } from "../json.ts";
import { refuseInteraction } from "./interaction-error.ts";

/** Reads one value; stops when it is of a wrong kind. `at`: its place, for the message. */
type Reader = (value: Json, at: string) => void;

const text: Reader = (value, at) => {
  if (typeof value !== "string") refuseInteraction(`Invalid value at '${at}': a string is expected.`);
};
const truth: Reader = (value, at) => {
  if (typeof value !== "boolean") refuseInteraction(`Invalid value at '${at}': a boolean is expected.`);
};
const oneOf =
  (...allowed: readonly string[]): Reader =>
  (value, at) => {
    if (typeof value === "string" && allowed.includes(value)) return;
    refuseInteraction(`Invalid value at '${at}': ${JSON.stringify(value)}. Allowed: ${allowed.join(", ")}.`);
  };
/** Google takes these; this emulator makes clips of text and pictures and nothing else. */
const notHere: Reader = (_, at) => refuseInteraction(`'${at}' is not supported for this model.`);

function object(fields: Readonly<Record<string, Reader>>): Reader {
  return (value, at) => {
    if (!isJsonObject(value)) return refuseInteraction(`Invalid value at '${at}': an object is expected.`);
    for (const [name, given] of Object.entries(value)) {
      const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (read === undefined) {
        refuseInteraction(`Unknown parameter '${name}'${at === "" ? "" : ` at '${at}'`}.`);
      } else read(given, at === "" ? name : `${at}.${name}`);
    }
    return undefined;
  };
}

const responseFormat = object({
  type: oneOf("video"),
  aspect_ratio: oneOf("16:9", "9:16"),
  delivery: oneOf("inline", "uri"),
  duration: text,
  // Vertex AI's.
  gcs_uri: notHere,
  resolution: oneOf("360p", "720p", "1080p", "4k"),
});

const generationConfig = object({
  image_config: notHere,
  max_output_tokens: notHere,
  seed: notHere,
  speech_config: notHere,
  stop_sequences: notHere,
  temperature: notHere,
  thinking_level: notHere,
  thinking_summaries: notHere,
  tool_choice: notHere,
  top_p: notHere,
  transcription_config: notHere,
  video_config: object({
    task: oneOf("text_to_video", "image_to_video", "reference_to_video", "edit", "extend", "upscale"),
  }),
});

const contents: Readonly<Record<string, Reader>> = {
  text: object({ type: text, text }),
  image: object({
    type: text,
    data: text,
    uri: text,
    mime_type: oneOf("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"),
    resolution: notHere,
  }),
};

const input: Reader = (value, at) => {
  if (typeof value === "string") return;
  const list = Array.isArray(value) ? value : [value];
  for (const [index, content] of list.entries()) {
    const place = `${at}[${index}]`;
    const type = isJsonObject(content) ? ownValue(content, "type") : undefined;
    const read = typeof type === "string" && Object.hasOwn(contents, type) ? contents[type] : undefined;
    if (read === undefined) refuseInteraction(`Unsupported content at '${place}': ${JSON.stringify(type ?? null)}.`);
    else read(content, place);
  }
};

const request = object({
  model: text,
  input,
  response_format: (value, at) => {
    if (!Array.isArray(value)) return responseFormat(value, at);
    if (value.length !== 1) refuseInteraction(`'${at}' holds exactly one format for this model.`);
    return responseFormat(value[0] ?? null, `${at}[0]`);
  },
  generation_config: generationConfig,
  background: truth,
  store: truth,
  stream: (value, at) => {
    truth(value, at);
    if (value === true) notHere(value, at);
  },
  agent: notHere,
  agent_config: notHere,
  cached_content: notHere,
  continuation_token: notHere,
  environment: notHere,
  labels: notHere,
  previous_interaction_id: notHere,
  response_mime_type: notHere,
  response_modalities: notHere,
  safety_settings: notHere,
  service_tier: oneOf("standard"),
  system_instruction: notHere,
  tools: notHere,
  webhook_config: notHere,
});

/** The request as it was given. Stops with 400 that names the first field that is wrong. */
export function readInteractionFields(document: JsonObject): JsonObject {
  request(document, "");
  return document;
}
