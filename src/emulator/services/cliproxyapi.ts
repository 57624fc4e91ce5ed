// CLIProxyAPI as it stands at localhost:8317: its routes, its own error shapes, its Antigravity upstream.
// Everything as measured on v7.2.140 (facts on CLIProxyAPI, sections 1 to 3). Leaves cooldowns to named faults.

import type { AnswerShape } from "../answer-shape.ts";
import { type Call, parseBody } from "../call.ts";
import { isJsonObject, type Json, type JsonObject, listAt, objectAt } from "../json.ts";
import { findModel } from "../model-table.ts";
import { denseJsonReply, emptyReply, htmlReply, type Reply } from "../reply.ts";
import { codeAssistRequest } from "../requests/generate-content-schema.ts";
import { readMessage } from "../requests/proto-schema.ts";
import { type AnsweringModel, countTokens, generate } from "./generation.ts";
import type { ServiceContext } from "./service-context.ts";

/** What a plain CLIProxyAPI with one Antigravity login offers, as far as the emulator plays it. */
export const defaultProxyModels: readonly string[] = [
  "gemini-3.1-flash-image",
  "gemini-3-flash-preview",
  "gemini-2.5-flash",
  "claude-sonnet-4-5",
  "gpt-oss-120b-medium",
];

/** Answers a call to CLIProxyAPI. */
export async function answerProxy(call: Call, shape: AnswerShape, context: ServiceContext): Promise<Reply> {
  const { path } = call.route;
  const isRead = call.httpMethod === "GET" || call.httpMethod === "HEAD";
  const hasExampleKey = call.credentials.some(({ value }) => /^your-api-key-[123]$/.test(value));
  if (path === "/healthz" && isRead) return denseJsonReply(200, { status: "ok" });
  if (path === "/" && call.httpMethod === "GET") return hasExampleKey ? warningPage : fingerprint;
  if (!knowsPath(call)) return emptyReply(404);
  const refusal = refuseKey(call, context, hasExampleKey);
  if (refusal !== null) return refusal;
  const traced = { "x-cpa-trace-id": `emulator${context.nextSerial().toString(16).padStart(8, "0")}` };
  const reply = await answerOpened(call, shape, context);
  return reply.status === 200 ? { ...reply, headers: { ...reply.headers, ...traced } } : reply;
}

const fingerprint = denseJsonReply(200, {
  message: "CLI Proxy API Server",
  endpoints: ["POST /v1/chat/completions", "POST /v1/completions", "GET /v1/models"],
});

const warningPage = htmlReply(
  200,
  "<!doctype html><title>CLI Proxy API</title><p>The api-keys in config.yaml are still the template's.</p>\n",
);

function knowsPath(call: Call): boolean {
  const { path } = call.route;
  if (call.httpMethod === "GET") return path === "/v1/models" || /^\/v1beta\/models(?:\/[^/]+)?$/.test(path);
  if (call.httpMethod !== "POST") return false;
  return path.startsWith("/v1beta/models/") || /^\/v1\/images\/(?:generations|edits)$/.test(path);
}

/** Any one right key is enough, wherever it stands. */
function refuseKey(call: Call, context: ServiceContext, hasExampleKey: boolean): Reply | null {
  if (hasExampleKey) {
    return denseJsonReply(
      403,
      {
        error: "unsafe_example_api_key",
        message:
          "Proxy API endpoints are disabled because api-keys contains template values. Replace them in config.yaml with keys of your own and restart.",
      },
      { "x-cpa-safe-mode": "example-api-key" },
    );
  }
  const { proxyAccess } = context;
  if (proxyAccess === "open" || (proxyAccess === "auto" && call.route.host === null)) return null;
  if (call.credentials.length === 0) return denseJsonReply(401, { error: "Missing API key" });
  const isRight = (value: string): boolean =>
    value === context.credentials.proxyKey || (proxyAccess === "auto" && !/invalid|wrong/i.test(value));
  return call.credentials.some(({ value }) => isRight(value))
    ? null
    : denseJsonReply(401, { error: "Invalid API key" });
}

async function answerOpened(call: Call, shape: AnswerShape, context: ServiceContext): Promise<Reply> {
  const { rpc, model } = call.target;
  const { path } = call.route;
  if (path === "/v1/models") return denseJsonReply(200, openAiList(context));
  if (path.startsWith("/v1/images/")) return refuseImagesRoute(call);
  if (rpc === "listModels") return denseJsonReply(200, { models: context.proxyModels.map(describe) });
  if (rpc === "getModel" && model !== null) {
    return context.proxyModels.includes(model) ? denseJsonReply(200, describe(model)) : notFound(`${path} not found.`);
  }
  if (rpc === null || model === null) return notFound(`${path} not found.`);
  // The switch over methods has no default: anything else is an empty 200.
  if (!["generateContent", "streamGenerateContent", "countTokens"].includes(rpc)) return emptyReply(200);
  if (!context.proxyModels.includes(model)) return unknownProvider(model);
  const request = readUpstream(call);
  const answering = upstreamModel(model);
  if (rpc === "countTokens") return denseJsonReply(200, countTokens(request, "code-assist", answering));
  const writing = { wrap: (chunk: JsonObject) => chunk, indents: false, streamError: proxyStreamError };
  const form = rpc === "generateContent" ? "json" : "sse";
  return generate({ backend: "code-assist", request, answering, form, writing, shape }, context);
}

/** What CLIProxyAPI sends upstream: an unreadable body becomes an empty request, safety settings go, roles are filled in. */
function readUpstream(call: Call): JsonObject {
  const document = parseBody(call.body);
  const {
    safetySettings: _camel,
    safety_settings: _snake,
    model: _model,
    ...kept
  } = isJsonObject(document) ? document : {};
  const contents = listAt(kept, "contents").map(
    (turn): Json => (isJsonObject(turn) && turn["role"] === undefined ? { ...turn, role: "user" } : turn),
  );
  const request = { ...kept, ...(contents.length > 0 ? { contents } : {}) };
  return objectAt(readMessage({ request }, codeAssistRequest, "code-assist"), "request");
}

/** Names that the catalogue does not know are the owner's aliases of the one image model that there is. */
function upstreamModel(name: string): AnsweringModel {
  for (const backend of ["code-assist", "gemini"] as const) {
    const lookup = findModel(name, backend);
    if (lookup.found === "image" || lookup.found === "text") return lookup;
  }
  if (!name.includes("image")) return { found: "text", id: name };
  const lookup = findModel("gemini-3.1-flash-image", "code-assist");
  return lookup.found === "image" ? lookup : { found: "text", id: name };
}

function proxyStreamError(): string {
  const error = { message: "unexpected EOF", type: "server_error", code: "internal_server_error" };
  return `event: error\ndata: ${JSON.stringify({ error })}`;
}

function notFound(message: string): Reply {
  return denseJsonReply(404, { error: { message, type: "invalid_request_error" } });
}

function unknownProvider(model: string): Reply {
  return denseJsonReply(400, {
    error: {
      message: `unknown provider for model ${model}`,
      type: "invalid_request_error",
      code: "model_not_found",
      param: "model",
    },
  });
}

function refuseImagesRoute(call: Call): Reply {
  const document = parseBody(call.body);
  const model = isJsonObject(document) && typeof document["model"] === "string" ? document["model"] : "gpt-image-2";
  return denseJsonReply(400, {
    error: {
      message: `Model ${model} is not supported on /v1/images/generations or /v1/images/edits. Use gpt-image-1.5, gpt-image-2 or grok-imagine.`,
      type: "invalid_request_error",
    },
  });
}

function makesImages(id: string): boolean {
  return upstreamModel(id).found === "image";
}

function describe(id: string): JsonObject {
  return {
    name: `models/${id}`,
    version: id,
    displayName: id,
    description: id,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ["generateContent", "countTokens", "createCachedContent", "batchGenerateContent"],
    supportedInputModalities: ["text", "image"],
    supportedOutputModalities: makesImages(id) ? ["text", "image"] : ["text"],
  };
}

function openAiList(context: ServiceContext): JsonObject {
  const data = context.proxyModels.map((id) => ({
    id,
    object: "model",
    created: 1_780_000_000,
    owned_by: ownerOf(id),
  }));
  return { object: "list", data };
}

function ownerOf(id: string): string {
  return id.startsWith("claude") ? "anthropic" : id.startsWith("gpt") ? "openai" : "antigravity";
}
