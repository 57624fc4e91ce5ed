// aiplatform.googleapis.com: generateContent with a project (token) and on the express path (key), models, countTokens;
// Imagen's predict with a project, as if it had not been retired: what old clients send must be tried somewhere.
// Leaves what a request may hold to requests/. Wording: facts on Google's APIs, sections 1.1 and 4.

import type { AnswerShape } from "../answer-shape.ts";
import { type Call, parseBody, type Target } from "../call.ts";
import { checkCredential } from "../credential-checks.ts";
import { refuse } from "../google-error.ts";
import { findImagen } from "../imagen-table.ts";
import { type JsonObject, textAt } from "../json.ts";
import { findModel, imageModelsOn } from "../model-table.ts";
import { jsonReply, Refusal, type Reply, unknownUrlReply } from "../reply.ts";
import { countTokensRequest, generateContentRequest } from "../requests/generate-content-schema.ts";
import { predictRequest } from "../requests/predict-schema.ts";
import { readMessage } from "../requests/proto-schema.ts";
import { type AnswerForm, googleStreamError } from "../serialise.ts";
import { fetchPredictOperationRequest, predictLongRunningRequest } from "../videos/predict-long-running-schema.ts";
import { findVideoModel } from "../videos/video-models.ts";
import { describeOperation, startVideo } from "../videos/video-service.ts";
import { inList } from "./gemini-api.ts";
import { type AnsweringModel, checkQuery, countTokens, generate, requireJson } from "./generation.ts";
import { predict } from "./predict.ts";
import type { ServiceContext } from "./service-context.ts";

/** Largest request (third-party reports of 2026; images inline). */
export const vertexBodyLimitBytes = 524_288_000;

/** Answers a call to Vertex AI. */
export async function answerVertex(call: Call, shape: AnswerShape, context: ServiceContext): Promise<Reply> {
  const { target } = call;
  const { rpc, version, model } = target;
  if (rpc === null || version === null) return unknownUrlReply(call.route.path);
  const grpcService = rpc === "listModels" || rpc === "getModel" ? "ModelGardenService" : "PredictionService";
  const grpcMethod = `google.cloud.aiplatform.${version}.${grpcService}.${rpc.slice(0, 1).toUpperCase()}${rpc.slice(1)}`;
  const isList = rpc === "streamGenerateContent" && call.query.get("alt") !== "sse" && call.query.get("$alt") !== "sse";
  const readsModels = grpcService === "ModelGardenService";
  try {
    checkCredential(
      call.credentials,
      {
        service: "aiplatform",
        grpcMethod,
        namesProject: target.project !== null || readsModels,
        nowMs: context.clock.nowMs(),
      },
      context.credentials,
    );
    checkLocation(call);
    if (rpc === "listModels") return listModels(call);
    if (model === null) return unknownUrlReply(call.route.path);
    if (rpc === "getModel") return jsonReply(200, describeModel(answeringModel(target, model)));
    checkQuery(call.query);
    const document = requireJson(parseBody(call.body), call.body);
    if (rpc === "countTokens") {
      const request = readMessage(document, countTokensRequest, "vertex");
      return jsonReply(200, countTokens(request, "vertex", answeringModel(target, model)));
    }
    const imagen = rpc === "predict" && target.project !== null ? findImagen(model) : undefined;
    if (imagen !== undefined) {
      const request = readMessage(document, predictRequest, "vertex");
      return await predict(request, imagen, shape, context);
    }
    if (rpc === "predictLongRunning" || rpc === "fetchPredictOperation") {
      return await answerVideo(call, document, shape, context);
    }
    if (rpc !== "generateContent" && rpc !== "streamGenerateContent") return refuseMethod(target, model, rpc);
    const request = readMessage(document, generateContentRequest, "vertex");
    const form: AnswerForm = rpc === "generateContent" ? "json" : isList ? "list" : "sse";
    const createTime = new Date(context.clock.nowMs()).toISOString();
    const writing = {
      wrap: (chunk: JsonObject) => ({ ...chunk, createTime }),
      indents: true,
      streamError: googleStreamError,
    };
    return await generate(
      { backend: "vertex", request, answering: answeringModel(target, model), form, writing, shape },
      context,
    );
  } catch (error) {
    throw isList && error instanceof Refusal ? new Refusal(inList(error.reply)) : error;
  }
}

/** Veo: an operation started, or asked for. */
async function answerVideo(
  call: Call,
  document: JsonObject,
  shape: AnswerShape,
  context: ServiceContext,
): Promise<Reply> {
  const { target } = call;
  const { model: name } = target;
  if (name === null) return unknownUrlReply(call.route.path);
  const resource = resourceOf(target, name);
  const lookup = findVideoModel(name, "vertex", context.servesRetired);
  if (lookup.found !== "video") {
    if (findModel(name, "vertex").found === "image") return refuseMethod(target, name, target.rpc ?? "");
    return refuseModel(resource);
  }
  if (target.rpc === "predictLongRunning") {
    const request = readMessage(document, predictLongRunningRequest, "vertex");
    const { model } = lookup;
    return startVideo({ backend: "vertex", request, model, resource, fault: shape.operation, owner: null }, context);
  }
  const operationName = textAt(readMessage(document, fetchPredictOperationRequest, "vertex"), "operationName") ?? "";
  if (!operationName.startsWith(`${resource}/operations/`)) {
    refuse({ code: 400, message: `The operation name ${operationName.slice(0, 300)} does not belong to ${resource}.` });
  }
  return await describeOperation(operationName, call, context);
}

/** `:predict` of any model that is no Imagen ends here. */
function refuseMethod(target: Target, model: string, rpc: string): never {
  answeringModel(target, model);
  return refuse({ code: 400, message: `${resourceOf(target, model)} is not supported in ${rpc}.` });
}

function checkLocation(call: Call): void {
  const { location } = call.target;
  const { hostLocation } = call.route;
  if (location === null || hostLocation === null || location === hostLocation) return;
  refuse({
    code: 400,
    message: `The location "${location}" of the resource does not match the endpoint, which serves "${hostLocation}".`,
  });
}

function resourceOf(target: Target, model: string): string {
  const base = target.project === null ? "" : `projects/${target.project}/locations/${target.location ?? "global"}/`;
  return `${base}publishers/google/models/${model}`;
}

function answeringModel(target: Target, name: string): AnsweringModel {
  const lookup = findModel(name, "vertex");
  const isRegional = target.location !== null && !["global", "us", "eu"].includes(target.location);
  if (lookup.found === "text" || (lookup.found === "image" && !(lookup.model.globalOnly && isRegional))) return lookup;
  return refuseModel(resourceOf(target, name));
}

function refuseModel(resource: string): never {
  return refuse({
    code: 404,
    message: `Publisher Model '${resource}' was not found or your project does not have access to it. Please ensure you are using a valid model version. For more information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions`,
  });
}

function listModels(call: Call): Reply {
  checkQuery(call.query, ["pageSize", "pageToken", "view", "listAllVersions", "filter"]);
  return jsonReply(200, {
    publisherModels: imageModelsOn("vertex").map((model) => describeModel({ found: "image", model })),
  });
}

function describeModel(answering: AnsweringModel): JsonObject {
  const id = answering.found === "image" ? answering.model.id : answering.id;
  return {
    name: `publishers/google/models/${id}`,
    versionId: "default",
    openSourceCategory: "PROPRIETARY",
    launchStage: "GA",
  };
}
