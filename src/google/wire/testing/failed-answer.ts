// For tests: error bodies in Google's form, and reading them.

import type { Failure } from "../../../core/failure.ts";
import { type FailedAnswer, readFailure } from "../failures/read-failure.ts";

export function googleError(code: number, status: string, message: string, ...details: readonly object[]): object {
  return { error: { code, message, status, ...(details.length > 0 ? { details } : {}) } };
}

export function info(reason: string, metadata: object = {}): object {
  return { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com", metadata };
}

/** Reads an error answer of generativelanguage to a Gemini API key, unless said otherwise. */
export function readFailed(status: number, body: string | object, more: Partial<FailedAnswer> = {}): Failure {
  return readFailure({
    status,
    headers: {},
    body: typeof body === "string" ? body : JSON.stringify(body),
    endpoint: "generativelanguage",
    auth: "api-key",
    model: "some-model",
    ...more,
  });
}
