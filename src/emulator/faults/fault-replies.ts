// Faults that answer in place of the service (error statuses, pages, redirects) or in place of its body (garbage, floods).
// Leaves faults inside a real answer to answer-shape.ts and those on the wire to delivery.ts.

import { gzipSync } from "node:zlib";
import { type GoogleErrorParts, googleErrorBody, retryInfo } from "../google-error.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { htmlReply, jsonReply, type Reply } from "../reply.ts";
import type { FaultAction } from "./fault-actions.ts";
import { namedErrors } from "./named-errors.ts";

/** What the replies may repeat of the request. */
export interface FaultyCall {
  readonly model: string;
  /** The caller's credential as it came; only `echo-key` sends it back. */
  readonly credential: string;
}

/** The answer that the first `instead` fault of the list gives, or null when there is none. */
export function replyInstead(actions: readonly FaultAction[], call: FaultyCall): Reply | null {
  for (const action of actions) {
    const reply = replyOf(action, call);
    if (reply !== null) return reply;
  }
  return null;
}

function replyOf(action: FaultAction, call: FaultyCall): Reply | null {
  switch (action.type) {
    case "status":
      return statusReply(action);
    case "error": {
      const context = {
        model: call.model,
        ...(action.retryDelay === undefined ? {} : { retryDelay: action.retryDelay }),
      };
      return namedErrors[action.name]?.(context) ?? null;
    }
    case "html":
      return pageReply(action.page ?? "captive-portal");
    case "redirect":
      return {
        status: action.status ?? 302,
        headers: { location: action.to, "content-type": "text/html" },
        pieces: [],
      };
    case "echo-key":
      return messageReply(
        action.status ?? 400,
        `The credential "${call.credential}" is not what we expected. You sent key=${call.credential}.`,
      );
    case "terminal-escapes":
      return messageReply(
        action.status ?? 400,
        "\u001b[2J\u001b[31mred\u001b[0m \u001b]52;c;ZXZpbA==\u0007\u001b]0;title\u0007 \u009b5m\u202Ereversed\u0000\u0008 end",
      );
    case "long-message":
      return messageReply(
        action.status ?? 400,
        longWords.repeat(Math.ceil((action.bytes ?? 1_000_000) / longWords.length)),
      );
    default:
      return null;
  }
}

/**
 * The answer with its body replaced by garbage, a bomb or the beginning of a flood. What it bought stays bought: the model
 * has worked, and something on the way spoiled its answer.
 */
export function spoilReply(reply: Reply, actions: readonly FaultAction[]): Reply {
  if (reply.status !== 200) return reply;
  for (const action of actions) {
    const spoiled = spoiledBody(action);
    if (spoiled !== null) return { ...reply, ...spoiled };
  }
  return reply;
}

function spoiledBody(action: FaultAction): Pick<Reply, "headers" | "pieces"> | null {
  const headers = { "content-type": "application/json; charset=UTF-8" };
  if (action.type === "garbage") return { headers, pieces: [garbage(action.bytes ?? 4096)] };
  if (action.type === "endless") return { headers, pieces: [Buffer.from(endlessHead)] };
  return action.type === "gzip-bomb" ? gzipBomb(action.megabytes ?? 256) : null;
}

const longWords = "The request was wrong in very many words. ";

/** Where the endless answer begins; delivery.ts goes on with base64 for as long as someone listens. */
const endlessHead = '{"candidates":[{"content":{"role":"model","parts":[{"inlineData":{"mimeType":"image/png","data":"';

function statusReply(action: Extract<FaultAction, { type: "status" }>): Reply {
  const headers: Record<string, string> = action.retryAfter === undefined ? {} : { "retry-after": action.retryAfter };
  if (typeof action.body === "string") return { status: action.status, headers, pieces: [Buffer.from(action.body)] };
  if (action.body !== undefined) return jsonReply(action.status, action.body, headers);
  const given: JsonObject[] = Array.isArray(action.details) ? action.details.filter(isJsonObject) : [];
  const details = action.retryDelay === undefined ? given : [...given, retryInfo(action.retryDelay)];
  const parts: GoogleErrorParts = {
    code: action.status,
    message: action.message ?? `Planned fault with status ${action.status}.`,
    details,
  };
  return jsonReply(action.status, googleErrorBody(parts), headers);
}

function messageReply(code: number, message: string): Reply {
  return jsonReply(code, googleErrorBody({ code, message }) satisfies Json);
}

function pageReply(page: "captive-portal" | "bad-gateway" | "proxy-auth"): Reply {
  if (page === "bad-gateway")
    return htmlReply(
      502,
      "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n",
    );
  if (page === "proxy-auth") {
    const reply = htmlReply(407, "<html><body>Proxy authentication required</body></html>\n");
    return { ...reply, headers: { ...reply.headers, "proxy-authenticate": 'Basic realm="emulator"' } };
  }
  return htmlReply(
    200,
    '<!doctype html><html><head><title>Welcome to the hotel</title></head><body><form action="/login">Sign in to use the network</form></body></html>\n',
  );
}

function garbage(length: number): Buffer {
  // A fixed pseudo-random sequence: the same garbage every time, so that a failure can be repeated.
  const bytes = Buffer.alloc(length);
  let state = 0x9e3779b9;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** Concatenated gzip members are one valid gzip stream, so one packed megabyte is repeated. */
function gzipBomb(megabytes: number): Pick<Reply, "headers" | "pieces"> {
  const member = gzipSync(Buffer.alloc(1_048_576, "A"), { level: 9 });
  const pieces = Array.from({ length: Math.max(1, Math.floor(megabytes)) }, () => member);
  return {
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
    pieces: [gzipSync(endlessHead), ...pieces],
  };
}
