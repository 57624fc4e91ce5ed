// cloudcode-pa.googleapis.com: the `{model, project, request}` envelope around generateContent, and finding one's project.
// Leaves the request inside to requests/. Sources: facts on Google's APIs, section 1.6; facts on CLIProxyAPI, sections 2 and 7.

import type { AnswerShape } from "../answer-shape.ts";
import { type Call, parseBody } from "../call.ts";
import { checkCredential } from "../credential-checks.ts";
import { refuse } from "../google-error.ts";
import { isJsonObject, type JsonObject, objectAt, textAt } from "../json.ts";
import { findModel } from "../model-table.ts";
import { jsonReply, Refusal, type Reply, unknownUrlReply } from "../reply.ts";
import { codeAssistRequest } from "../requests/generate-content-schema.ts";
import { readMessage } from "../requests/proto-schema.ts";
import { type AnswerForm, googleStreamError } from "../serialise.ts";
import { inList } from "./gemini-api.ts";
import { type AnsweringModel, checkQuery, countTokens, generate, requireJson } from "./generation.ts";
import type { ServiceContext } from "./service-context.ts";

/** Answers a call to Code Assist. */
export async function answerCodeAssist(call: Call, shape: AnswerShape, context: ServiceContext): Promise<Reply> {
  const { rpc } = call.target;
  if (rpc === null) return unknownUrlReply(call.route.path);
  const grpcMethod = `google.internal.cloud.code.v1internal.CloudCode.${rpc.slice(0, 1).toUpperCase()}${rpc.slice(1)}`;
  const isList = rpc === "streamGenerateContent" && call.query.get("alt") !== "sse" && call.query.get("$alt") !== "sse";
  try {
    const credential = checkCredential(
      call.credentials,
      { service: "cloudcode-pa", grpcMethod, namesProject: true, nowMs: context.clock.nowMs() },
      context.credentials,
    );
    checkQuery(call.query);
    const document = requireJson(parseBody(call.body), call.body);
    switch (rpc) {
      case "loadCodeAssist":
        return jsonReply(200, loadCodeAssist(document, credential.value, context));
      case "onboardUser":
        return jsonReply(200, onboardUser(document, credential.value, context));
      case "countTokens":
        return jsonReply(200, countTokens(objectAt(document, "request"), "gemini", { found: "text", id: "" }));
      case "generateContent":
      case "streamGenerateContent":
        return await generateInEnvelope(
          document,
          rpc === "generateContent" ? "json" : isList ? "list" : "sse",
          shape,
          context,
        );
      default:
        return unknownUrlReply(call.route.path);
    }
  } catch (error) {
    throw isList && error instanceof Refusal ? new Refusal(inList(error.reply)) : error;
  }
}

async function generateInEnvelope(
  document: JsonObject,
  form: AnswerForm,
  shape: AnswerShape,
  context: ServiceContext,
): Promise<Reply> {
  const envelope = readMessage(document, codeAssistRequest, "code-assist");
  const model = textAt(envelope, "model");
  const project = textAt(envelope, "project");
  const request = envelope["request"];
  if (model === null || model === "")
    return refuse({ code: 400, message: "Request contains an invalid argument: model is required." });
  if (project === null || project === "")
    return refuse({ code: 400, message: "Request contains an invalid argument: project is required." });
  if (!isJsonObject(request))
    return refuse({ code: 400, message: "Request contains an invalid argument: request is required." });
  const traceId = `emulator-trace-${context.nextSerial()}`;
  const writing = {
    wrap: (chunk: JsonObject) => ({ response: chunk, traceId }),
    indents: true,
    streamError: googleStreamError,
  };
  return generate({ backend: "code-assist", request, answering: answeringModel(model), form, writing, shape }, context);
}

function answeringModel(name: string): AnsweringModel {
  const lookup = findModel(name, "code-assist");
  if (lookup.found === "image" || lookup.found === "text") return lookup;
  return refuse({ code: 404, message: "Requested entity was not found." });
}

const tiers = [
  {
    id: "free-tier",
    name: "Gemini Code Assist for individuals",
    isDefault: true,
    userDefinedCloudaicompanionProject: false,
  },
  { id: "standard-tier", name: "Gemini Code Assist", userDefinedCloudaicompanionProject: true },
];

/** A token marked `new-user` has no project until it has been onboarded. */
function loadCodeAssist(document: JsonObject, token: string, context: ServiceContext): JsonObject {
  requireMetadata(document, ["ideType", "ide_type"]);
  const isNew = token.includes("new-user") && (context.onboarding.get(token) ?? 0) < 2;
  if (isNew) return { allowedTiers: tiers };
  return {
    currentTier: tiers[1] ?? {},
    allowedTiers: tiers,
    cloudaicompanionProject: context.credentials.projectId,
    gcpManaged: false,
  };
}

/** A long-running operation that is done when asked a second time. */
function onboardUser(document: JsonObject, token: string, context: ServiceContext): JsonObject {
  if (textAt(document, "tierId") === null && textAt(document, "tier_id") === null) {
    refuse({ code: 400, message: "Request contains an invalid argument: tierId is required." });
  }
  const asked = (context.onboarding.get(token) ?? 0) + 1;
  context.onboarding.set(token, asked);
  const name = "operations/onboard-emulator";
  if (asked < 2) return { name, done: false };
  const project = { id: context.credentials.projectId, name: context.credentials.projectId };
  return {
    name,
    done: true,
    response: {
      "@type": "type.googleapis.com/google.internal.cloud.code.v1internal.OnboardUserResponse",
      cloudaicompanionProject: project,
    },
  };
}

function requireMetadata(document: JsonObject, names: readonly string[]): void {
  const metadata = objectAt(document, "metadata");
  if (names.some((name) => textAt(metadata, name) !== null)) return;
  refuse({ code: 400, message: "Request contains an invalid argument: metadata.ideType is required." });
}
