// An interaction that ended without a clip becomes a Failure. What it cost is what its answer counts: Google bills tokens, so an
// interaction that names a failure and counts none has bought nothing (google-apis facts §3.3 and §8.2, 2026-11-22).

import type { ErrorCode } from "../../../core/error-table.ts";
import type { Failure } from "../../../core/failure.ts";
import type { UsageReport } from "../../../core/outcome.ts";
import { fieldOf, type JsonObject, textOf } from "../json-values.ts";
import { operationCodes } from "./operation-failure.ts";

/** Errors of interactions have words or an address for a code, those of a step google.rpc.Code. */
const codeOfWord: readonly (readonly [RegExp, ErrorCode])[] = [
  [/safety|prohibited|blocklist|spii|recitation/i, "refused-safety"],
  [/invalid|failed_precondition|out_of_range/i, "bad-request"],
  [/permission/i, "permission-denied"],
  [/exhausted|rate_limit|quota/i, "rate-limited"],
  [/unavailable|overloaded/i, "overloaded"],
  [/deadline|timeout/i, "server-timeout"],
];

/** Whole phrases only: a message may name the field `safety_settings`. */
const SAFETY_WORDS = /\b(?:blocked|violat\w+|prohibited|refus\w+)\b[^.]*\b(?:safety|polic(?:y|ies)|guidelines?)\b/i;

/** `answer`: the provider's object under the field `error`. */
export function failureOfInteraction(answer: JsonObject, usage: UsageReport | null): Failure {
  const error = fieldOf(answer, "error");
  const code = fieldOf(error, "code");
  const message = textOf(fieldOf(error, "message")) ?? "";
  const named = typeof code === "number" ? operationCodes.get(code) : wordOf(textOf(code) ?? "");
  const isSafety = named === undefined || named === "bad-request" ? SAFETY_WORDS.test(message) : false;
  return {
    code: isSafety ? "refused-safety" : (named ?? "server-error"),
    message: "The provider began the clip and then failed to make it.",
    httpStatus: 200,
    billed: usage === null ? "no" : "yes",
    ...(message === "" ? {} : { providerMessage: message }),
  };
}

function wordOf(code: string): ErrorCode | undefined {
  return codeOfWord.find(([pattern]) => pattern.test(code))?.[1];
}

/** Completed with words in place of a clip: a refusal, or a question. */
export function failureOfWords(words: string, usage: UsageReport | null): Failure {
  const isSafety = SAFETY_WORDS.test(words);
  return {
    code: isSafety ? "refused-safety" : "no-image",
    message: isSafety
      ? "The provider's safety rules stopped the clip."
      : words === ""
        ? "The provider finished without a clip."
        : "The model answered with words in place of a clip; a refusal looks like that too.",
    httpStatus: 200,
    // Its tokens are billed. An answer that counts none leaves the price open.
    billed: usage === null ? "maybe" : "yes",
    ...(words === "" ? {} : { providerMessage: words }),
  };
}

/** `status`: the provider's word for how it ended. */
export function failureOfStop(status: string, usage: UsageReport | null): Failure {
  return {
    code: "clip-stopped",
    message: `The provider ended the clip before it was finished: ${status}.`,
    httpStatus: 200,
    billed: usage === null ? "maybe" : "yes",
  };
}

/** An id that the provider does not know is a 400 in words of its own (bike4mind's provider, 2026-09). */
export function isUnknownInteraction({ httpStatus, providerMessage = "" }: Failure): boolean {
  return httpStatus === 400 && /invalid interaction name/i.test(providerMessage);
}
