// Why a model stopped without a picture: every finishReason and blockReason, as one of our error codes and a plain sentence.
// Source of the names: @google/genai 3.1.0 enums FinishReason and BlockedReason, google-apis facts §1.3, 2026-11-22.

import type { ErrorCode } from "../../../core/error-table.ts";
import { WITHHELD } from "../predictions.ts";

export interface RefusalReason {
  readonly code: Extract<ErrorCode, "refused-safety" | "prompt-blocked" | "no-image">;
  readonly message: string;
}

const finishReasons: ReadonlyMap<string, RefusalReason> = new Map<string, RefusalReason>([
  ["FINISH_REASON_UNSPECIFIED", noImage("The model stopped without a picture and without giving a reason.")],
  ["STOP", noImage("The model finished, but without a picture.")],
  ["MAX_TOKENS", noImage("The model reached its token limit before it drew the picture.")],
  ["CONTINUATION", noImage("The model wanted to go on in another answer before it drew the picture.")],
  ["LANGUAGE", noImage("The model does not support the language of the prompt.")],
  ["OTHER", noImage("The model stopped without a picture for a reason it does not name.")],
  ["MALFORMED_FUNCTION_CALL", noImage("The model tried to call a function instead of drawing.")],
  ["UNEXPECTED_TOOL_CALL", noImage("The model tried to use a tool that it was not given.")],
  ["TOO_MANY_TOOL_CALLS", noImage("The model called its tools too often and was stopped.")],
  ["MALFORMED_RESPONSE", noImage("The model's answer was malformed and the provider dropped it.")],
  ["NO_IMAGE", noImage("The model was expected to draw but made no picture.")],
  ["IMAGE_OTHER", noImage("The model could not draw a picture from this prompt.")],
  ["SAFETY", refused("The answer was stopped by the provider's safety rules.")],
  ["RECITATION", refused("The answer was stopped because it repeats protected material.")],
  ["BLOCKLIST", refused("The answer was stopped because of a term on the provider's block list.")],
  ["PROHIBITED_CONTENT", refused("The answer was stopped because its content is prohibited.")],
  ["SPII", refused("The answer was stopped because it may hold sensitive personal data.")],
  ["IMAGE_SAFETY", refused("The picture was withheld by the provider's safety rules.")],
  ["IMAGE_PROHIBITED_CONTENT", refused("The picture was withheld because its content is prohibited.")],
  // Ours: Imagen gives a sentence and no name of a reason.
  [WITHHELD, refused("The provider's safety filter withheld the picture.")],
  ["IMAGE_RECITATION", refused("The picture was withheld because it repeats protected material.")],
]);

const blockReasons: ReadonlyMap<string, string> = new Map([
  ["BLOCK_REASON_UNSPECIFIED", "The prompt was blocked and the provider gives no reason."],
  ["BLOCKED_REASON_UNSPECIFIED", "The prompt was blocked and the provider gives no reason."],
  ["SAFETY", "The prompt was blocked by the provider's safety rules."],
  ["OTHER", "The prompt was blocked for a reason that the provider does not name."],
  ["BLOCKLIST", "The prompt was blocked because of a term on the provider's block list."],
  ["PROHIBITED_CONTENT", "The prompt was blocked because it asks for prohibited content."],
  ["IMAGE_SAFETY", "The prompt was blocked because it asks for a picture that the safety rules do not allow."],
  ["MODEL_ARMOR", "The prompt was blocked by the project's Model Armor rules."],
  ["JAILBREAK", "The prompt was blocked because it looks like an attempt to get around the safety rules."],
]);

/** For an answer without a picture. A value that is not in the table (a future one, or none) is `no-image` and named in the sentence. */
export function readFinishReason(finishReason: string | null): RefusalReason {
  if (finishReason === null) return noImage("The model's answer holds no picture and gives no reason.");
  return (
    finishReasons.get(finishReason) ??
    noImage(`The model stopped without a picture; the reason given: ${finishReason}.`)
  );
}

/** For a prompt that was refused before the model saw it. */
export function readBlockReason(blockReason: string): RefusalReason {
  return {
    code: "prompt-blocked",
    message: blockReasons.get(blockReason) ?? `The prompt was blocked; the reason given: ${blockReason}.`,
  };
}

function noImage(message: string): RefusalReason {
  return { code: "no-image", message };
}

function refused(message: string): RefusalReason {
  return { code: "refused-safety", message };
}
