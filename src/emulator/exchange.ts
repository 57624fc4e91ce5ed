// The life of one request: logged when its headers come, read, answered, written, and entered for the bill on the way.
// Leaves the server to emulator.ts, deciding to dispatch.ts and writing to delivery.ts.

import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Call } from "./call.ts";
import { type Credential, pathWithoutSecrets, readCredentials, traceOf } from "./credentials.ts";
import { deliver } from "./delivery.ts";
import { type Decision, decideService, dispatch, type FaultSources, type RootService } from "./dispatch.ts";
import type { FaultAction } from "./faults/fault-actions.ts";
import type { FaultPlan } from "./faults/fault-plan.ts";
import { readActions } from "./faults/fault-reading.ts";
import { fileLimits } from "./files/file-store.ts";
import { googleErrorReply } from "./google-error.ts";
import { type Route, resolveRoute } from "./hosts.ts";
import { parseJson } from "./json.ts";
import { jsonReply, type Reply, unknownUrlReply } from "./reply.ts";
import { readBody } from "./request-body.ts";
import type { RequestLog } from "./request-log.ts";
import { answerControl } from "./services/control.ts";
import { geminiBodyLimitBytes } from "./services/gemini-api.ts";
import type { ServiceContext } from "./services/service-context.ts";
import { vertexBodyLimitBytes } from "./services/vertex-ai.ts";

/** What an exchange needs of its emulator. */
export interface ExchangeTools {
  readonly context: ServiceContext;
  readonly plan: FaultPlan;
  readonly log: RequestLog;
  readonly rootService: RootService;
  /** Faults may be asked for by header and in prompts. */
  readonly takesFaultsFromCallers: boolean;
  readonly keepsBodies: boolean;
}

/** A request whose headers have come. */
interface Opened {
  readonly id: number;
  readonly route: Route;
  readonly httpMethod: string;
  readonly query: URLSearchParams;
  readonly credentials: readonly Credential[];
  readonly decision: Decision;
}

type ResetAction = Extract<FaultAction, { type: "upload-reset" }>;

/** Serves one request to its end. `signal` aborts when the caller leaves or the emulator stops. */
export async function serveExchange(
  request: IncomingMessage,
  response: ServerResponse,
  tools: ExchangeTools,
  signal: AbortSignal,
): Promise<void> {
  const { pathname, query } = splitUrl(request.url ?? "/");
  const httpMethod = request.method ?? "GET";
  const route = resolveRoute(pathname);
  const send = (reply: Reply, actions: readonly FaultAction[] = []): Promise<boolean> =>
    deliver(response, reply, actions, tools.context.clock, signal);
  if (route.service === "emulator") {
    const body = await readBody(request, vertexBodyLimitBytes, null);
    await send(answerControl(httpMethod, route.path, body.bytes, { ...tools, credentials: tools.context.credentials }));
    return;
  }
  const opened = open(request, route, httpMethod, query, tools);
  const finish = async (reply: Reply, actions: readonly FaultAction[] = []): Promise<void> => {
    tools.log.update(opened.id, { status: reply.status });
    tools.log.update(opened.id, { answerComplete: await send(reply, actions) });
  };
  const header = tools.takesFaultsFromCallers ? readHeaderFault(request.headers["x-emulator-fault"]) : noFault;
  if (header.problems.length > 0) {
    await finish(jsonReply(400, { error: "x-emulator-fault was not understood", problems: [...header.problems] }));
    return;
  }
  const { service } = opened.decision;
  const reset = takeReset(opened, header.actions, tools);
  const limit = limitOf(opened.decision);
  const body = await readBody(request, limit, reset === undefined ? null : (reset.afterBytes ?? 0));
  tools.log.update(opened.id, { bodyBytes: body.received, bodyComplete: body.isComplete });
  if (reset !== undefined) {
    tools.log.update(opened.id, { bodyComplete: false, faults: ["upload-reset"] });
    request.socket.resetAndDestroy();
    return;
  }
  if (body.isTooLarge) {
    await finish(googleErrorReply({ code: 400, message: `Request payload size exceeds the limit: ${limit} bytes.` }));
    return;
  }
  if (!body.isComplete) return;
  tools.log.update(opened.id, { bodySha256: createHash("sha256").update(body.bytes).digest("hex") });
  if (tools.keepsBodies) tools.log.update(opened.id, { body: body.bytes.toString("utf8") });
  if (service === null) {
    await finish(unknownUrlReply(route.path), header.actions);
    return;
  }
  const { isUndecided, target } = opened.decision;
  const call: Call = { ...opened, service, target, isUndecided, headers: request.headers, body: body.bytes };
  const { reply, actions, model } = await dispatch(call, faultSources(opened, header.actions, tools), tools.context);
  tools.log.update(opened.id, { model, faults: actions.map((action) => action.type) });
  if (reply.purchase !== undefined) tools.log.charge(opened.id, reply.purchase);
  await finish(reply, actions);
}

/** Largest body that the service reads. */
function limitOf({ service, target }: Decision): number {
  if (service !== "generativelanguage") return vertexBodyLimitBytes;
  return target.rpc === "uploadFile" ? fileLimits.mostBytes : geminiBodyLimitBytes;
}

function open(
  request: IncomingMessage,
  route: Route,
  httpMethod: string,
  query: URLSearchParams,
  tools: ExchangeTools,
): Opened {
  const credentials = readCredentials(request.headers, query);
  const decision = decideService(route, httpMethod, credentials, tools.rootService, tools.context.credentials);
  const id = tools.log.open({
    time: new Date(tools.context.clock.nowMs()).toISOString(),
    service: decision.service,
    host: route.host,
    httpMethod,
    path: pathWithoutSecrets(route.path, query),
    rpc: decision.target.rpc,
    model: decision.target.model,
    credential: traceOf(credentials[0]),
    credentialCount: credentials.length,
    headers: tools.keepsBodies ? harmlessHeaders(request.headers) : null,
  });
  return { id, route, httpMethod, query, credentials, decision };
}

/** A reset must be known before the body is read, so it is taken by what the URL tells. */
function takeReset(opened: Opened, fromHeader: readonly FaultAction[], tools: ExchangeTools): ResetAction | undefined {
  const { service, target } = opened.decision;
  const call = { service, rpc: target.rpc, model: target.model, path: opened.route.path };
  const planned = tools.plan.take(call, (actions) => actions.some(isReset));
  return [...fromHeader, ...planned].find(isReset);
}

function isReset(action: FaultAction): action is ResetAction {
  return action.type === "upload-reset";
}

function faultSources(opened: Opened, fromHeader: readonly FaultAction[], tools: ExchangeTools): FaultSources {
  const { service, target } = opened.decision;
  return {
    fromHeader,
    fromPlan: (model) =>
      tools.plan.take(
        { service, rpc: target.rpc, model, path: opened.route.path },
        (actions) => !actions.some(isReset),
      ),
    readsPrompts: tools.takesFaultsFromCallers,
  };
}

function splitUrl(url: string): { pathname: string; query: URLSearchParams } {
  const at = url.indexOf("?");
  // Clients join a base URL with a final slash and a path with a leading one; Google's front end takes the double slash.
  const pathname = (at === -1 ? url : url.slice(0, at)).replace(/^\/{2,}/, "/");
  return { pathname, query: new URLSearchParams(at === -1 ? "" : url.slice(at + 1)) };
}

const noFault = { actions: [], problems: [] };

function readHeaderFault(header: string | string[] | undefined): {
  actions: readonly FaultAction[];
  problems: readonly string[];
} {
  if (typeof header !== "string") return { actions: [], problems: [] };
  try {
    return readActions(parseJson(header));
  } catch {
    return { actions: [], problems: ["the header is not JSON"] };
  }
}

function harmlessHeaders(headers: IncomingMessage["headers"]): Record<string, string> {
  const secret = ["authorization", "x-goog-api-key", "x-api-key", "cookie", "proxy-authorization"];
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !secret.includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
}
