// How Google writes an error: `{"error":{code,message,status,details}}` with google.rpc details.
// Leaves which error to send, and with which words, to the checks that call it.
// Shapes: facts on Google's APIs, section 4, read 2026-11 from SDKs and issue threads.

import type { Json, JsonObject } from "./json.ts";
import { jsonReply, Refusal, type Reply } from "./reply.ts";

/** The canonical names that go with HTTP statuses on Google's APIs. */
const statusNames: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  402: "RESOURCE_EXHAUSTED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ALREADY_EXISTS",
  413: "INVALID_ARGUMENT",
  429: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** Parts of one Google error. */
export interface GoogleErrorParts {
  /** HTTP status, repeated as `error.code`. */
  readonly code: number;
  readonly message: string;
  /** Canonical name; follows from `code` when absent. */
  readonly status?: string;
  readonly details?: readonly JsonObject[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** The JSON document of an error. */
export function googleErrorBody(parts: GoogleErrorParts): JsonObject {
  const error: JsonObject = {
    code: parts.code,
    message: parts.message,
    status: parts.status ?? statusNames[parts.code] ?? "UNKNOWN",
  };
  if (parts.details !== undefined && parts.details.length > 0) error["details"] = [...parts.details];
  return { error };
}

/** The whole answer for an error. */
export function googleErrorReply(parts: GoogleErrorParts): Reply {
  return jsonReply(parts.code, googleErrorBody(parts), parts.headers);
}

/** Stops the request with a Google error. */
export function refuse(parts: GoogleErrorParts): never {
  throw new Refusal(googleErrorReply(parts));
}

/** google.rpc.ErrorInfo. */
export function errorInfo(
  reason: string,
  domain: string | null,
  metadata: Readonly<Record<string, string>> = {},
): JsonObject {
  const info: JsonObject = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason };
  if (domain !== null) info["domain"] = domain;
  if (Object.keys(metadata).length > 0) info["metadata"] = { ...metadata };
  return info;
}

/** google.rpc.LocalizedMessage in en-US. */
export function localizedMessage(message: string): JsonObject {
  return { "@type": "type.googleapis.com/google.rpc.LocalizedMessage", locale: "en-US", message };
}

/** google.rpc.Help with one link. */
export function help(description: string, url: string): JsonObject {
  return { "@type": "type.googleapis.com/google.rpc.Help", links: [{ description, url }] };
}

/** google.rpc.RetryInfo; `retryDelay` is a protobuf duration such as "44s", or any raw text a fault asks for. */
export function retryInfo(retryDelay: string): JsonObject {
  return { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay };
}

/** google.rpc.QuotaFailure with one violation. */
export function quotaFailure(violation: JsonObject): JsonObject {
  return { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [violation] };
}

/** google.rpc.BadRequest. */
export function badRequest(violations: readonly { field?: string; description: string }[]): JsonObject {
  const fieldViolations: Json[] = violations.map(({ field, description }) =>
    field === undefined ? { description } : { field, description },
  );
  return { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations };
}
