// Every field of a generateContent request, by back end. The names follow Google's protos as the SDK's converters send them.
// Leaves the meaning of the values to generate-content-rules.ts. Source: facts on Google's APIs, section 1.2; @google/genai 2.32.0.

import type { Backend } from "../model-table.ts";
import type { FieldDescription, FieldKind, MessageDescription } from "./proto-schema.ts";

const vertexSide: readonly Backend[] = ["vertex", "code-assist"];
const geminiSide: readonly Backend[] = ["gemini"];

const protoRoot = "google.ai.generativelanguage.v1beta";

const text: FieldDescription = { kind: "string" };
const flag: FieldDescription = { kind: "bool" };
const whole: FieldDescription = { kind: "int32" };
const decimal: FieldDescription = { kind: "float" };
const free: FieldDescription = { kind: "any" };
const texts: FieldDescription = { kind: "string", repeated: true };

function message(name: string, fields: Readonly<Record<string, FieldDescription>>): MessageDescription {
  return { messageName: `${protoRoot}.${name}`, fields };
}

function choice(name: string, values: readonly string[]): FieldKind {
  return { enumName: `${protoRoot}.${name}`, values };
}

function onlyOn(backends: readonly Backend[], kind: FieldKind): FieldDescription {
  return { kind, only: backends };
}

function member(oneof: string, kind: FieldKind): FieldDescription {
  return { kind, oneof };
}

const empty = (name: string): MessageDescription => message(name, {});

const part = message("Part", {
  text: member("data", "string"),
  inline_data: member(
    "data",
    message("Blob", { mime_type: text, data: { kind: "bytes" }, display_name: { ...text, only: vertexSide } }),
  ),
  file_data: member(
    "data",
    message("FileData", { mime_type: text, file_uri: text, display_name: { ...text, only: vertexSide } }),
  ),
  function_call: member("data", "any"),
  function_response: member("data", "any"),
  executable_code: member("data", "any"),
  code_execution_result: member("data", "any"),
  thought: flag,
  thought_signature: { kind: "bytes" },
  media_resolution: { kind: message("MediaResolution", { level: text, num_tokens: whole }) },
  video_metadata: free,
  part_metadata: onlyOn(geminiSide, "any"),
});

/** One turn of a conversation. */
const content = message("Content", { role: text, parts: { kind: part, repeated: true } });

const imageOutputOptions = message("ImageConfig.ImageOutputOptions", { mime_type: text, compression_quality: whole });

const imageConfig = message("ImageConfig", {
  aspect_ratio: text,
  image_size: text,
  image_output_options: onlyOn(vertexSide, imageOutputOptions),
  person_generation: onlyOn(
    vertexSide,
    choice("ImageConfig.PersonGeneration", ["PERSON_GENERATION_UNSPECIFIED", "ALLOW_ALL", "ALLOW_ADULT", "ALLOW_NONE"]),
  ),
  prominent_people: onlyOn(
    vertexSide,
    choice("ImageConfig.ProminentPeople", [
      "PROMINENT_PEOPLE_UNSPECIFIED",
      "ALLOW_PROMINENT_PEOPLE",
      "BLOCK_PROMINENT_PEOPLE",
    ]),
  ),
});

const thinkingConfig = message("ThinkingConfig", {
  include_thoughts: flag,
  thinking_budget: whole,
  thinking_level: {
    kind: choice("ThinkingConfig.ThinkingLevel", ["THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH"]),
  },
});

/** The newer form of `imageConfig`; reports disagree whether the Gemini API takes it, so both are read (facts 1.2). */
const responseFormat = message("ResponseFormat", {
  image: {
    kind: message("ResponseFormat.Image", { aspect_ratio: text, image_size: text, mime_type: text, delivery: text }),
  },
});

const generationConfig = message("GenerationConfig", {
  candidate_count: whole,
  stop_sequences: texts,
  max_output_tokens: whole,
  temperature: decimal,
  top_p: decimal,
  top_k: decimal,
  seed: whole,
  response_mime_type: text,
  response_schema: free,
  response_json_schema: free,
  response_modalities: {
    kind: choice("GenerationConfig.Modality", ["MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO", "VIDEO"]),
    repeated: true,
  },
  response_format: { kind: responseFormat },
  presence_penalty: decimal,
  frequency_penalty: decimal,
  response_logprobs: flag,
  logprobs: whole,
  enable_enhanced_civic_answers: onlyOn(geminiSide, "bool"),
  speech_config: free,
  thinking_config: { kind: thinkingConfig },
  image_config: { kind: imageConfig },
  media_resolution: {
    kind: choice("GenerationConfig.MediaResolution", [
      "MEDIA_RESOLUTION_UNSPECIFIED",
      "MEDIA_RESOLUTION_LOW",
      "MEDIA_RESOLUTION_MEDIUM",
      "MEDIA_RESOLUTION_HIGH",
    ]),
  },
  audio_timestamp: onlyOn(vertexSide, "bool"),
  routing_config: onlyOn(vertexSide, "any"),
  model_config: onlyOn(vertexSide, "any"),
});

const harmCategories = [
  "HARM_CATEGORY_UNSPECIFIED",
  "HARM_CATEGORY_HARASSMENT",
  "HARM_CATEGORY_HATE_SPEECH",
  "HARM_CATEGORY_SEXUALLY_EXPLICIT",
  "HARM_CATEGORY_DANGEROUS_CONTENT",
  "HARM_CATEGORY_CIVIC_INTEGRITY",
];

/** Categories that only Vertex AI knows; the rules refuse them on the Gemini API. */
export const vertexHarmCategories: readonly string[] = [
  "HARM_CATEGORY_IMAGE_HATE",
  "HARM_CATEGORY_IMAGE_DANGEROUS_CONTENT",
  "HARM_CATEGORY_IMAGE_HARASSMENT",
  "HARM_CATEGORY_IMAGE_SEXUALLY_EXPLICIT",
  "HARM_CATEGORY_JAILBREAK",
];

const safetySetting = message("SafetySetting", {
  category: { kind: choice("HarmCategory", [...harmCategories, ...vertexHarmCategories]) },
  threshold: {
    kind: choice("SafetySetting.HarmBlockThreshold", [
      "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
      "BLOCK_LOW_AND_ABOVE",
      "BLOCK_MEDIUM_AND_ABOVE",
      "BLOCK_ONLY_HIGH",
      "BLOCK_NONE",
      "OFF",
    ]),
  },
  method: onlyOn(
    vertexSide,
    choice("SafetySetting.HarmBlockMethod", ["HARM_BLOCK_METHOD_UNSPECIFIED", "SEVERITY", "PROBABILITY"]),
  ),
});

const googleSearch = message("GoogleSearch", {
  search_types: {
    kind: message("GoogleSearch.SearchTypes", {
      web_search: { kind: empty("WebSearch") },
      image_search: { kind: empty("ImageSearch") },
    }),
  },
  time_range_filter: { kind: message("Interval", { start_time: text, end_time: text }) },
  exclude_domains: { ...texts, only: vertexSide },
  blocking_confidence: { ...text, only: vertexSide },
});

const tool = message("Tool", {
  google_search: { kind: googleSearch },
  google_search_retrieval: free,
  function_declarations: { kind: "any", repeated: true },
  code_execution: { kind: empty("CodeExecution") },
  url_context: { kind: empty("UrlContext") },
  google_maps: free,
  computer_use: free,
  file_search: onlyOn(geminiSide, "any"),
  retrieval: onlyOn(vertexSide, "any"),
  enterprise_web_search: onlyOn(vertexSide, "any"),
});

const requestFields: Readonly<Record<string, FieldDescription>> = {
  contents: { kind: content, repeated: true },
  system_instruction: { kind: content },
  generation_config: { kind: generationConfig },
  safety_settings: { kind: safetySetting, repeated: true },
  tools: { kind: tool, repeated: true },
  tool_config: free,
  cached_content: text,
  labels: { kind: { mapOf: "string" } },
};

/** The body of generateContent and streamGenerateContent on the Gemini API and Vertex AI. */
export const generateContentRequest = message("GenerateContentRequest", {
  ...requestFields,
  model: text,
  service_tier: { kind: choice("ServiceTier", ["SERVICE_TIER_UNSPECIFIED", "STANDARD", "FLEX", "PRIORITY"]) },
  store: onlyOn(geminiSide, "bool"),
  model_armor_config: onlyOn(["vertex"], "any"),
  output_config: onlyOn(["vertex"], message("OutputConfig", { output_uri_prefix: text })),
});

/** Code Assist's envelope around the same request (gemini-cli's `converter.ts`, and CLIProxyAPI's three further fields). */
export const codeAssistRequest: MessageDescription = {
  messageName: "google.internal.cloud.code.v1internal.GenerateContentRequest",
  fields: {
    model: text,
    project: text,
    user_prompt_id: text,
    enabled_credit_types: texts,
    request_type: text,
    user_agent: text,
    request_id: text,
    request: { kind: message("VertexGenerateContentRequest", { ...requestFields, session_id: text }) },
  },
};

/** The body of countTokens. */
export const countTokensRequest = message("CountTokensRequest", {
  contents: { kind: content, repeated: true },
  generate_content_request: onlyOn(geminiSide, generateContentRequest),
  model: text,
  system_instruction: onlyOn(["vertex"], content),
  tools: onlyOn(["vertex"], "any"),
  generation_config: onlyOn(["vertex"], generationConfig),
  instances: onlyOn(["vertex"], "any"),
});
