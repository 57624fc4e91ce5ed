// Server: the protocol's side. Lists the tools and calls them: arguments checked, failures in words, questions sealed.
// The tools are loaded by the first request for them, so that the host's `initialize` is answered at once.

import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { asObject } from "../core/json-field.ts";
import { isToolError, reportError, ToolError } from "../core/tool-error.ts";
import type { Call } from "./call.ts";
import type { Desk } from "./desk.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { createProgress, type Progress, silent } from "./progress.ts";
import type { CallState } from "./question.ts";
import type { Session } from "./session.ts";

const TOOL_LIST_GOOD_FOR_MS = 3_600_000;

/** A server for one connection, or for one request over HTTP. */
export function createAgentServer(desk: Desk, session: Session): Server {
  const server = new Server(
    { name: "image-gen", title: "image-gen", version: desk.version },
    {
      capabilities: { tools: { listChanged: false } },
      instructions: INSTRUCTIONS,
      requestState: { verify: (state, context) => session.seal.verify(state, context) },
      cacheHints: { "tools/list": { ttlMs: TOOL_LIST_GOOD_FOR_MS, cacheScope: "public" } },
    },
  );
  server.setRequestHandler("tools/list", async () => {
    const { listTools } = await import("./tools/index.ts");
    return { tools: listTools() };
  });
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const answered = callTool(params, context, server, desk, session);
    session.running.add(answered);
    try {
      return await answered;
    } finally {
      session.running.delete(answered);
    }
  });
  return server;
}

async function callTool(
  { name, arguments: given }: { readonly name: string; readonly arguments?: unknown },
  context: ServerContext,
  server: Server,
  desk: Desk,
  session: Session,
): Promise<CallToolResult | InputRequiredResult> {
  const { findTool } = await import("./tools/index.ts");
  const { answerFailure } = await import("./failure-answer.ts");
  const { toResult } = await import("./answer.ts");
  const { checkArguments } = await import("./arguments.ts");
  const { isQuestion } = await import("./question.ts");
  const tool = findTool(name);
  if (!tool) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${JSON.stringify(name.slice(0, 100))}.`);
  }
  const progress = progressOf(context, desk);
  try {
    const call = callOf(context, server, desk, session, progress);
    const answer = await tool.run(checkArguments(tool.input, given), call);
    if (!isQuestion(answer)) return toResult(answer, desk.redact);
    return inputRequired({
      inputRequests: { ...answer.asks },
      requestState: await session.seal.mint(answer.state, context),
    });
  } catch (error) {
    return toResult(answerFailure(reportError(asToolError(error)), desk), desk.redact);
  } finally {
    progress.end();
  }
}

function asToolError(error: unknown): ToolError {
  if (isToolError(error)) return error;
  return new ToolError("internal", {
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  });
}

function callOf(context: ServerContext, server: Server, desk: Desk, session: Session, progress: Progress): Call {
  const { mcpReq } = context;
  return {
    desk,
    session,
    signal: mcpReq.signal,
    tell: (message) => progress.tell(message),
    client: clientOf(context, server),
    state: mcpReq.requestState<CallState>() ?? {},
    responses: mcpReq.inputResponses ?? {},
  };
}

/** Since 2026-07-28 each request says what its client can; before, `initialize` did. */
function clientOf({ mcpReq }: ServerContext, server: Server): Call["client"] {
  const { envelope = {} } = mcpReq;
  const claimed: unknown = Reflect.get(envelope, CLIENT_CAPABILITIES_META_KEY) ?? server.getClientCapabilities();
  const capabilities = asObject(claimed);
  const elicitation = asObject(capabilities?.["elicitation"]);
  return {
    hasRoots: asObject(capabilities?.["roots"]) !== null,
    // A bare `elicitation: {}` is the form of before there were two kinds.
    canAskPerson: elicitation !== null && ("form" in elicitation || !("url" in elicitation)),
  };
}

function progressOf({ mcpReq }: ServerContext, desk: Desk): Progress {
  // oxlint-disable-next-line no-underscore-dangle -- the protocol's name
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return silent;
  return createProgress({
    clock: desk.clock,
    every: (intervalMs, tick) => desk.every(intervalMs, tick),
    send: (note) => {
      // A client that is gone needs no progress.
      mcpReq.notify({ method: "notifications/progress", params: { progressToken, ...note } }).catch(() => undefined);
    },
  });
}
