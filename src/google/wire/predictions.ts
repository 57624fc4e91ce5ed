// One prediction of an Imagen answer, and whether a JSON text is such an answer at all. Source: google-apis facts §7, 2026-11-22:
// a filtered picture is a `raiFilteredReason` in its place; when all are filtered, `predictions` may be missing, status 200.
// We always ask for the reason, so an answer without one proves nothing about the bill: it is no refusal but "no picture".

import { fieldOf, isObject, listOf, textOf } from "./json-values.ts";

/** The reason for stopping of an answer whose pictures were all filtered: Imagen's own answers have no such name. */
export const WITHHELD = "RAI_FILTERED";

/** Fields that Vertex AI is known to write beside the predictions. An object with any other is somebody else's. */
const ownFields: readonly string[] = [
  "predictions",
  "positivePromptSafetyAttributes",
  "deployedModelId",
  "model",
  "modelDisplayName",
  "modelVersionId",
  "metadata",
];

export interface Prediction {
  /** The picture's number, which the scanner put where its text stood; `null` without a picture. */
  readonly number: number | null;
  readonly mimeType: string | null;
  /** Where the picture was left; `null` when it came with the answer, or is nowhere. */
  readonly uri: string | null;
  /** Why the picture was withheld; `null` when nobody says. */
  readonly reason: string | null;
}

export function readPrediction(prediction: unknown): Prediction {
  const uri = textOf(fieldOf(prediction, "gcsUri"));
  const number = textOf(fieldOf(prediction, "bytesBase64Encoded"));
  return {
    number: number === null ? null : Number(number),
    mimeType: textOf(fieldOf(prediction, "mimeType")),
    uri: uri?.startsWith("gs://") === true ? uri : null,
    reason: textOf(fieldOf(prediction, "raiFilteredReason")),
  };
}

export function isPredictAnswer(value: unknown): boolean {
  if (!isObject(value)) return false;
  return (
    listOf(fieldOf(value, "predictions")).length > 0 || Object.keys(value).every((name) => ownFields.includes(name))
  );
}
