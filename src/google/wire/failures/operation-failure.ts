// A long-running operation that ended without a clip becomes a Failure; of interactions see interaction-failure.ts. Google bills clips that were made, so that it is sure
// here that nothing is (google-apis facts §8.1; ai.google.dev pricing page, 2026-09-24: "charged only if a video is generated").

import type { ErrorCode } from "../../../core/error-table.ts";
import type { Failure } from "../../../core/failure.ts";
import { fieldOf, type JsonObject, textOf } from "../json-values.ts";

/** google.rpc.Code; an operation's error has these and no HTTP status. */
export const operationCodes: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  [3, "bad-request"],
  [4, "server-timeout"],
  [5, "model-not-found"],
  [7, "permission-denied"],
  [8, "rate-limited"],
  [9, "bad-request"],
  [11, "bad-request"],
  [14, "overloaded"],
  [16, "token-invalid"],
]);

/** `answer`: the provider's object with the field `error`. */
export function failureOfOperation(answer: JsonObject): Failure {
  const error = fieldOf(answer, "error");
  const number = fieldOf(error, "code");
  const message = textOf(fieldOf(error, "message"));
  return {
    code: (typeof number === "number" ? operationCodes.get(number) : undefined) ?? "server-error",
    message: "The provider began the clip and then failed to make it.",
    httpStatus: 200,
    billed: "no",
    ...(message === null ? {} : { providerMessage: message }),
  };
}

/** The provider's safety rules took the clip out of the answer. */
export function failureOfFiltering(reasons: readonly string[]): Failure {
  return {
    code: "refused-safety",
    message: "The provider's safety rules stopped the clip.",
    httpStatus: 200,
    billed: "no",
    ...(reasons.length === 0 ? {} : { providerMessage: reasons.join(" ") }),
  };
}
