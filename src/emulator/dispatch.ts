// One complete request → one reply: decides the service at the root, gathers the faults, asks the service.
// Leaves sockets to emulator.ts and faults on the wire to delivery.ts.

import { type AnswerShape, shapeOf } from "./answer-shape.ts";
import { type Call, modelOf, parseBody, readTarget, type Target } from "./call.ts";
import type { Credential } from "./credentials.ts";
import type { FaultAction } from "./faults/fault-actions.ts";
import { makesPictures } from "./faults/fault-plan.ts";
import { replyInstead, spoilReply } from "./faults/fault-replies.ts";
import { faultsInPrompt } from "./faults/prompt-faults.ts";
import { googleErrorReply } from "./google-error.ts";
import type { Route, Service } from "./hosts.ts";
import type { EmulatorCredentials } from "./issued-credentials.ts";
import { isJsonObject, type Json, listAt, objectAt, ownValue, textAt, unreachable } from "./json.ts";
import { jsonReply, Refusal, type Reply, unknownUrlReply } from "./reply.ts";
import { textOf } from "./requests/content-rules.ts";
import { answerProxy } from "./services/cliproxyapi.ts";
import { answerCodeAssist } from "./services/code-assist.ts";
import { answerGemini } from "./services/gemini-api.ts";
import { answerMetadata } from "./services/metadata-server.ts";
import { answerTokens } from "./services/oauth-tokens.ts";
import type { ServiceContext } from "./services/service-context.ts";
import { answerVertex } from "./services/vertex-ai.ts";

/** Who answers `/v1beta/models…` at the root. */
export type RootService = "auto" | "generativelanguage" | "cliproxyapi";

/** The service of a route and whether it had to be guessed. */
export interface Decision {
  readonly service: Service | null;
  readonly isUndecided: boolean;
  readonly target: Target;
}

/** Decides the service of a request from its route and, at the root, its credential. */
export function decideService(
  route: Route,
  httpMethod: string,
  credentials: readonly Credential[],
  rootService: RootService,
  issued: EmulatorCredentials,
): Decision {
  let service: Service | null;
  let isUndecided = false;
  if (route.service === "ambiguous") {
    const guess =
      rootService === "auto"
        ? guessService(credentials, issued, route.path)
        : { service: rootService, isUndecided: false };
    service = guess.service;
    isUndecided = guess.isUndecided;
  } else {
    service = route.service;
  }
  const target =
    service === null ? readTarget("emulator", httpMethod, route.path) : readTarget(service, httpMethod, route.path);
  return { service, isUndecided, target };
}

/**
 * The proxy's own key, or none at all, means CLIProxyAPI; so do its own places for a key. Everything else means the Gemini
 * API; a credential of no known kind could be either's, and the Gemini API then answers in a way that suits both.
 */
function guessService(
  credentials: readonly Credential[],
  issued: EmulatorCredentials,
  path: string,
): { service: Service; isUndecided: boolean } {
  const isProxys = ({ value, place }: Credential): boolean =>
    value === issued.proxyKey ||
    /^your-api-key-\d$/.test(value) ||
    ["x-api-key", "auth_token", "bare-authorization"].includes(place);
  if (credentials.length === 0 || credentials.some(isProxys)) return { service: "cliproxyapi", isUndecided: false };
  // Only OpenAI-style clients list models at /v1/models with a bearer key.
  const isGooglesKind = credentials.some(({ value }) => /^(?:AIza|AQ\.|ya29\.)/.test(value));
  if (path === "/v1/models" && !isGooglesKind && credentials.every(({ kind }) => kind === "bearer")) {
    return { service: "cliproxyapi", isUndecided: false };
  }
  return { service: "generativelanguage", isUndecided: !isGooglesKind };
}

/** The faults of a complete request: its header, the plan, its prompt. */
export interface FaultSources {
  readonly fromHeader: readonly FaultAction[];
  readonly fromPlan: (model: string | null) => readonly FaultAction[];
  readonly readsPrompts: boolean;
}

/** A reply and the faults that still have to happen on the wire. */
export interface Dispatched {
  readonly reply: Reply;
  readonly actions: readonly FaultAction[];
  readonly model: string | null;
}

/** Answers a complete request. Never throws for anything that a caller can send. */
export async function dispatch(call: Call, sources: FaultSources, context: ServiceContext): Promise<Dispatched> {
  const document = needsDocument(call) ? parseBody(call.body) : undefined;
  const model = modelOf(call.target, document);
  const prompt = sources.readsPrompts && makesPictures(call.target.rpc) ? lastPrompt(document) : "";
  const actions = [...sources.fromHeader, ...sources.fromPlan(model), ...faultsInPrompt(prompt)];
  const instead = replyInstead(actions, { model: model ?? "", credential: call.credentials[0]?.value ?? "" });
  if (instead !== null) {
    const wraps = actions.some((action) => action.type === "wrap-array");
    return { reply: wraps ? inArray(instead) : instead, actions, model };
  }
  try {
    const reply = await answer(call, shapeOf(actions), context);
    return { reply: spoilReply(withinDeadline(reply, call), actions), actions, model };
  } catch (error) {
    if (error instanceof Refusal) return { reply: error.reply, actions, model };
    const message = error instanceof Error ? error.message : String(error);
    return {
      reply: jsonReply(500, {
        error: { code: 500, message: `The emulator itself failed: ${message}`, status: "INTERNAL" },
      }),
      actions,
      model,
    };
  }
}

async function answer(call: Call, shape: AnswerShape, context: ServiceContext): Promise<Reply> {
  switch (call.service) {
    case "generativelanguage":
      return answerGemini(call, shape, context);
    case "aiplatform":
      return answerVertex(call, shape, context);
    case "cloudcode-pa":
      return answerCodeAssist(call, shape, context);
    case "cliproxyapi":
      return answerProxy(call, shape, context);
    case "oauth2":
    case "sts":
    case "iamcredentials":
      return answerTokens(call, context);
    case "metadata":
      return answerMetadata(call, context);
    case "emulator":
      return unknownUrlReply(call.route.path);
  }
  return unreachable(call.service);
}

/** A caller's `X-Server-Timeout` (seconds) ends the work with Google's own 504 instead of a broken connection. */
function withinDeadline(reply: Reply, call: Call): Reply {
  const limitMs = Number(call.headers["x-server-timeout"] ?? Number.NaN) * 1000;
  if (!(limitMs < (reply.latencyMs ?? 0))) return reply;
  const late = googleErrorReply({ code: 504, message: "Deadline expired before operation could complete." });
  return { ...late, latencyMs: limitMs };
}

function needsDocument(call: Call): boolean {
  return makesPictures(call.target.rpc);
}

/** The text of the last turn, of a plain request or of one in Code Assist's envelope; of Imagen's and Veo's requests the prompt, of interactions the input. */
function lastPrompt(document: Json | undefined): string {
  if (!isJsonObject(document)) return "";
  const request = isJsonObject(document["request"]) ? objectAt(document, "request") : document;
  const [instance] = listAt(request, "instances");
  if (isJsonObject(instance)) return textAt(instance, "prompt") ?? "";
  const input = ownValue(request, "input");
  if (typeof input === "string") return input;
  if (input !== undefined) {
    const contents = Array.isArray(input) ? input : [input];
    return contents.map((content) => (isJsonObject(content) ? (textAt(content, "text") ?? "") : "")).join("\n");
  }
  const last = listAt(request, "contents").at(-1);
  return isJsonObject(last) ? textOf(last) : "";
}

function inArray(reply: Reply): Reply {
  return { ...reply, pieces: [Buffer.from("["), ...reply.pieces, Buffer.from("]")] };
}
