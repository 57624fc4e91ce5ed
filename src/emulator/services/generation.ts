// generateContent and its kin, once the service has checked who calls: schema, model, rules, answer, bytes.
// Shared by the Gemini API, Vertex AI, Code Assist and the upstream side of CLIProxyAPI.

import { type Answer, answerOrder } from "../answer.ts";
import type { AnswerShape } from "../answer-shape.ts";
import { refuse } from "../google-error.ts";
import { isJsonObject, type Json, type JsonObject, listAt, objectAt } from "../json.ts";
import { latencyOf } from "../latency.ts";
import type { Backend, ImageModel } from "../model-table.ts";
import type { Reply } from "../reply.ts";
import { makeThumbnails } from "../pictures/thumbnails.ts";
import { type ReadFile, readConversation } from "../requests/content-rules.ts";
import { readOrder } from "../requests/generate-content-rules.ts";
import { type AnswerForm, contentTypeOf, type Writing, writeAnswer } from "../serialise.ts";
import { tokensOfText } from "../usage.ts";
import type { ServiceContext } from "./service-context.ts";

/** The model that will answer. */
export type AnsweringModel =
  | { readonly found: "image"; readonly model: ImageModel }
  | { readonly found: "text"; readonly id: string };

/** One call for content, as a service hands it over. */
export interface GenerationCall {
  readonly backend: Backend;
  /** The request as the schema returned it. */
  readonly request: JsonObject;
  readonly answering: AnsweringModel;
  readonly form: AnswerForm;
  readonly writing: Writing;
  readonly shape: AnswerShape;
  /** Absent where the service keeps no files. */
  readonly readFile?: ReadFile;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a call for content; stops with 400 when the model cannot do it. */
export async function generate(call: GenerationCall, context: ServiceContext): Promise<Reply> {
  const { backend, request, answering, form, writing, shape } = call;
  let answer: Answer;
  let latencyMs = 0;
  if (answering.found === "image") {
    const order = readOrder(request, backend, answering.model, call.readFile);
    const thumbnails = await makeThumbnails(order.conversation.given);
    answer = await answerOrder({ ...order, thumbnails }, shape, context);
    latencyMs = latencyOf(order, context.latency);
  } else {
    answer = answerText(call, answering.id, context);
  }
  return {
    status: 200,
    headers: { "content-type": contentTypeOf(form), ...call.headers },
    pieces: writeAnswer(answer.chunks, form, writing, shape.text),
    latencyMs,
    ...(answer.purchase === undefined ? {} : { purchase: answer.purchase }),
  };
}

/** A text model's answer: just enough to show that it answers, and that it makes no pictures. */
function answerText({ request, backend, readFile }: GenerationCall, id: string, context: ServiceContext): Answer {
  const modalities = listAt(objectAt(request, "generationConfig"), "responseModalities");
  if (modalities.includes("IMAGE"))
    refuse({ code: 400, message: "Model does not support the requested response modalities: image" });
  const conversation = readConversation(request, backend, null, readFile);
  const text = "This is the emulator's answer of a text model.";
  const prompt = tokensOfText(conversation.textLength);
  const usageMetadata = {
    promptTokenCount: prompt,
    candidatesTokenCount: tokensOfText(text.length),
    totalTokenCount: prompt + tokensOfText(text.length),
    promptTokensDetails: [{ modality: "TEXT", tokenCount: prompt }],
  };
  const candidate = { content: { parts: [{ text }], role: "model" }, finishReason: "STOP", index: 0 };
  return {
    chunks: [{ candidates: [candidate], usageMetadata, modelVersion: id, responseId: context.responseId() }],
    purchase: undefined,
  };
}

/** countTokens for a conversation. */
export function countTokens(
  request: JsonObject,
  backend: Backend,
  model: AnsweringModel,
  readFile?: ReadFile,
): JsonObject {
  const inner = objectAt(request, "generateContentRequest");
  const source = Object.keys(inner).length > 0 ? inner : request;
  const conversation = readConversation(source, backend, null, readFile);
  const text = tokensOfText(conversation.textLength);
  const images = conversation.pictureCount * (model.found === "image" ? model.model.tokensPerInputImage : 258);
  const details: Json[] = [{ modality: "TEXT", tokenCount: text }];
  if (images > 0) details.push({ modality: "IMAGE", tokenCount: images });
  const vertex = backend === "vertex" ? { totalBillableCharacters: conversation.textLength } : {};
  return { totalTokens: text + images, ...vertex, promptTokensDetails: details };
}

/** The document of a body, or 400 in the words of Google's parser. */
export function requireJson(document: Json | undefined, body: Buffer): JsonObject {
  if (document === undefined) {
    const start = body
      .subarray(0, 40)
      .toString("latin1")
      .replace(/[^\x20-\x7e]/g, "?");
    return refuse({ code: 400, message: `Invalid JSON payload received. Unexpected token.\n${start}\n^` });
  }
  if (!isJsonObject(document)) {
    return refuse({
      code: 400,
      message: 'Invalid JSON payload received. Unknown name "": Root element must be a message.',
    });
  }
  return document;
}

/** Query parameters that every Google API takes. */
const commonParameters = [
  "alt",
  "$alt",
  "key",
  "access_token",
  "oauth_token",
  "prettyPrint",
  "$prettyPrint",
  "fields",
  "$fields",
  "callback",
  "quotaUser",
  "uploadType",
  "upload_protocol",
  "$.xgafv",
];

/** Stops with 400 for a query parameter that the method does not have. */
export function checkQuery(query: URLSearchParams, own: readonly string[] = []): void {
  for (const name of query.keys()) {
    if (commonParameters.includes(name) || own.includes(name)) continue;
    const description = `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`;
    refuse({
      code: 400,
      message: description,
      details: [{ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ description }] }],
    });
  }
}
