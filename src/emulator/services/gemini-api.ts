// generativelanguage.googleapis.com: models, generateContent, streamGenerateContent, countTokens; files are files-api.ts'.
// Leaves what a request may hold to requests/. Wording: facts on Google's APIs, section 4.

import type { AnswerShape } from "../answer-shape.ts";
import { type Call, parseBody } from "../call.ts";
import { checkCredential, refuseFreeTier } from "../credential-checks.ts";
import type { Credential } from "../credentials.ts";
import { stateOf } from "../files/file-store.ts";
import { refuse } from "../google-error.ts";
import type { JsonObject } from "../json.ts";
import { findModel, type ImageModel, imageModelsOn, textModelIds } from "../model-table.ts";
import { jsonReply, Refusal, type Reply, unknownUrlReply } from "../reply.ts";
import type { ReadFile } from "../requests/content-rules.ts";
import { countTokensRequest, generateContentRequest } from "../requests/generate-content-schema.ts";
import { readMessage } from "../requests/proto-schema.ts";
import { type AnswerForm, googleStreamError } from "../serialise.ts";
import { answerFiles, isPiece, ownerOf, refuseFile, takePiece } from "./files-api.ts";
import { predictLongRunningRequest } from "../videos/predict-long-running-schema.ts";
import { answerInteraction, createInteraction } from "../videos/interaction-service.ts";
import { findVideoModel, type VideoApi, type VideoModel } from "../videos/video-models.ts";
import { describeOperation, downloadClip, startVideo } from "../videos/video-service.ts";
import { type AnsweringModel, checkQuery, countTokens, generate, requireJson } from "./generation.ts";
import type { ServiceContext } from "./service-context.ts";

/** Largest request with its base64 (changelog of 2026-01-08). */
export const geminiBodyLimitBytes = 104_857_600;

/** Answers a call to the Gemini API. */
export async function answerGemini(call: Call, shape: AnswerShape, context: ServiceContext): Promise<Reply> {
  const { rpc, version, model } = call.target;
  if (rpc === null || version === null) return unknownUrlReply(call.route.path);
  const grpcMethod = `google.ai.generativelanguage.${version}.${grpcMethodOf(rpc)}`;
  const isList = rpc === "streamGenerateContent" && call.query.get("alt") !== "sse" && call.query.get("$alt") !== "sse";
  if (isPiece(call)) return takePiece(call, shape.file, context);
  const isInteraction = rpc.endsWith("Interaction");
  let isKnown = false;
  try {
    const credential = checkCredential(
      call.credentials,
      { service: "generativelanguage", grpcMethod, namesProject: false, nowMs: context.clock.nowMs() },
      context.credentials,
    );
    isKnown = true;
    if (isInteraction) return await answerInteractions(rpc, call, credential, shape, context);
    if (rpc === "listModels") return listModels(call);
    if (filesRpcs.has(rpc)) return answerFiles(call, credential, context);
    if (rpc === "downloadFile") {
      checkQuery(call.query);
      return await downloadClip(call.target.resource ?? "", context);
    }
    if (model === null) return unknownUrlReply(call.route.path);
    if (rpc === "getOperation") {
      checkQuery(call.query);
      return await describeOperation(`models/${model}/operations/${call.target.resource ?? ""}`, call, context);
    }
    if (rpc === "getModel") return getModel(model, version, call.isUndecided);
    checkQuery(call.query);
    const document = requireJson(parseBody(call.body), call.body);
    const readFile = fileReader(credential, context);
    if (rpc === "countTokens") {
      const request = readMessage(document, countTokensRequest, "gemini");
      const answering = answeringModel(model, version, "countTokens");
      return jsonReply(200, countTokens(request, "gemini", answering, readFile));
    }
    if (rpc === "predictLongRunning") {
      const request = readMessage(document, predictLongRunningRequest, "gemini");
      const video = videoModel(model, version, context);
      const resource = `models/${model}`;
      const owner = ownerOf(credential);
      return startVideo({ backend: "gemini", request, model: video, resource, fault: shape.operation, owner }, context);
    }
    if (rpc !== "generateContent" && rpc !== "streamGenerateContent") {
      return refuse({
        code: 404,
        message: `models/${model} is not found for API version ${version}, or is not supported for ${rpc}. ${listHint}`,
      });
    }
    const request = readMessage(document, generateContentRequest, "gemini");
    const answering = answeringModel(model, version, rpc);
    if (answering.found === "image") refuseFreeTier(credential, model);
    const form: AnswerForm = rpc === "generateContent" ? "json" : isList ? "list" : "sse";
    const writing = { wrap: (chunk: JsonObject) => chunk, indents: true, streamError: googleStreamError };
    return await generate({ backend: "gemini", request, answering, form, writing, shape, readFile }, context);
  } catch (error) {
    // What turns a caller away before the Interactions API sees it writes its errors in a list.
    throw (isList || (isInteraction && !isKnown)) && error instanceof Refusal
      ? new Refusal(inList(error.reply))
      : error;
  }
}

async function answerInteractions(
  rpc: string,
  call: Call,
  credential: Credential,
  shape: AnswerShape,
  context: ServiceContext,
): Promise<Reply> {
  const { version, resource } = call.target;
  checkQuery(call.query, rpc === "getInteraction" ? ["include_input", "stream"] : []);
  if (resource !== null) return await answerInteraction(rpc, resource, call, context);
  const document = requireJson(parseBody(call.body), call.body);
  const findOmni = (name: string): VideoModel => {
    const model = videoModel(name, version ?? "", context, "interactions");
    refuseFreeTier(credential, name);
    return model;
  };
  return await createInteraction(document, findOmni, shape, call, context);
}

const filesRpcs: ReadonlySet<string> = new Set(["uploadFile", "listFiles", "getFile", "deleteFile"]);

/** Files of the caller's own, for requests that name them; stops with Google's error for any other. */
function fileReader(credential: Credential, { files, clock }: ServiceContext): ReadFile {
  return (id) => {
    const nowMs = clock.nowMs();
    const file = files.find(id, ownerOf(credential), nowMs) ?? refuseFile(id);
    const state = stateOf(file, nowMs);
    if (state !== "ACTIVE") {
      refuse({ code: 400, message: `The File ${id} is not in an ACTIVE state and usage is not allowed.` });
    }
    return file;
  };
}

const listHint = "Call ModelService.ListModels to see the list of available models and their supported methods.";

/** Without `alt=sse` a stream is a JSON list, its errors included. */
export function inList(reply: Reply): Reply {
  return { ...reply, pieces: [Buffer.from("["), ...reply.pieces, Buffer.from("]\n")] };
}

function grpcMethodOf(rpc: string): string {
  if (rpc === "uploadFile") return "FileService.CreateFile";
  if (filesRpcs.has(rpc)) return `FileService.${rpc.slice(0, 1).toUpperCase()}${rpc.slice(1)}`;
  if (rpc === "listModels" || rpc === "getModel")
    return `ModelService.${rpc === "listModels" ? "ListModels" : "GetModel"}`;
  return `GenerativeService.${rpc.slice(0, 1).toUpperCase()}${rpc.slice(1)}`;
}

function answeringModel(name: string, version: string, rpc: string): AnsweringModel {
  const lookup = findModel(name, "gemini");
  if (lookup.found === "image" || lookup.found === "text") return lookup;
  return lookup.found === "unknown" ? refuseUnknown(name, version, rpc) : refuseRetired(name, lookup.replacement);
}

function videoModel(
  name: string,
  version: string,
  context: ServiceContext,
  api: VideoApi = "predictLongRunning",
): VideoModel {
  const lookup = findVideoModel(name, "gemini", context.servesRetired, api);
  if (lookup.found === "video") return lookup.model;
  return lookup.found === "unknown" ? refuseUnknown(name, version, api) : refuseRetired(name, lookup.replacement);
}

function refuseUnknown(name: string, version: string, rpc: string): never {
  return refuse({
    code: 404,
    message: `models/${name} is not found for API version ${version}, or is not supported for ${rpc}. ${listHint}`,
  });
}

function refuseRetired(name: string, replacement: string | null): never {
  const advice = replacement === null ? "use a newer model" : `use models/${replacement}`;
  return refuse({
    code: 404,
    message: `This model models/${name} is no longer available. Please update your code to ${advice}.`,
  });
}

function listModels(call: Call): Reply {
  checkQuery(call.query, ["pageSize", "pageToken"]);
  const all = [
    ...imageModelsOn("gemini").map((model) => describeImageModel(model, call.isUndecided)),
    ...textModelIds().map((id) => describeTextModel(id)),
  ];
  const from = Number(call.query.get("pageToken") ?? "0");
  const size = Math.min(1000, Math.max(1, Number(call.query.get("pageSize") ?? "50") || 50));
  if (!Number.isInteger(from) || from < 0) refuse({ code: 400, message: "Page token is invalid." });
  const next = from + size < all.length ? { nextPageToken: String(from + size) } : {};
  return jsonReply(200, { models: all.slice(from, from + size), ...next });
}

function getModel(name: string, version: string, isUndecided: boolean): Reply {
  const answering = answeringModel(name, version, "getModel");
  return jsonReply(
    200,
    answering.found === "image" ? describeImageModel(answering.model, isUndecided) : describeTextModel(answering.id),
  );
}

function describeImageModel(model: ImageModel, isUndecided: boolean): JsonObject {
  // Google's list does not tell modalities; CLIProxyAPI's does, and a caller that may be meant for it finds them here too.
  const modalities = { supportedInputModalities: ["text", "image"], supportedOutputModalities: ["text", "image"] };
  return {
    name: `models/${model.id}`,
    version: "001",
    displayName: model.displayName,
    description: `${model.displayName} (emulated)`,
    inputTokenLimit: model.inputTokenLimit,
    outputTokenLimit: model.outputTokenLimit,
    supportedGenerationMethods: ["generateContent", "countTokens", "batchGenerateContent"],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
    ...(model.thinkingLevels === null ? {} : { thinking: true }),
    ...(isUndecided ? modalities : {}),
  };
}

function describeTextModel(id: string): JsonObject {
  return {
    name: `models/${id}`,
    version: "001",
    displayName: id,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ["generateContent", "countTokens"],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
    thinking: true,
  };
}
