// One part of the model's turn, kept so that it can be sent back as it came. Gemini 3 refuses a turn whose thought
// signatures are gone or changed (google-apis facts §1.2, 2026-11-22).

import type { AnswerPart } from "../../core/answer.ts";
import { fieldOf, isObject, type JsonObject, textOf } from "./json-values.ts";

/** `null` for a part that says nothing: an empty text, or a thought, without a signature. */
export function readTurnPart(part: JsonObject): AnswerPart | null {
  const inline = [fieldOf(part, "inlineData"), fieldOf(part, "inline_data")].find(isObject);
  const isSigned = textOf(fieldOf(part, "thoughtSignature")) !== null;
  if (!isSigned && (fieldOf(part, "thought") === true || (!inline && fieldOf(part, "text") === ""))) return null;
  if (!inline) return { fields: part, picture: null };
  // The scanner put the picture's number where its text stood.
  const number = textOf(fieldOf(inline, "data"));
  if (number === null && !isSigned) return null;
  const others = Object.entries(part).filter(([name]) => name !== "inlineData" && name !== "inline_data");
  return {
    fields: Object.fromEntries(others),
    picture:
      number === null
        ? null
        : {
            index: Number(number),
            mimeType: textOf(fieldOf(inline, "mimeType")) ?? textOf(fieldOf(inline, "mime_type")),
          },
  };
}
