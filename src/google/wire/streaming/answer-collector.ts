// From the JSON texts of an answer (one, or one for each chunk of a stream) to one Answer: parts in order, last reason, last usage.
// What it may be taken for (a picture, a refusal) is judge-answer's business.

import type { Answer, AnswerPart, AnswerPicture, StoredPicture } from "../../../core/answer.ts";
import { fieldOf, isObject, type JsonObject, listOf, parseJson, textOf } from "../json-values.ts";
import type { ScannedPicture } from "./picture-intake.ts";
import type { ScannedDocument } from "./picture-scanner.ts";
import { isPredictAnswer, readPrediction, WITHHELD } from "../predictions.ts";
import { readUsage } from "../read-usage.ts";
import { readTurnPart } from "../turn-part.ts";

export interface CollectedAnswer {
  readonly answer: Answer;
  /** Index of the last picture in the answer's order that is whole, not empty and not a thought. */
  readonly chosen: number | null;
  /** The provider's error, an object with the field `error`; `null` when there was none. */
  readonly error: JsonObject | null;
  /** There was something of an answer: candidates or feedback on the prompt. */
  readonly recognised: boolean;
  /** Some text was not JSON, or was cut. */
  readonly broken: boolean;
  /** The last text began an object or array and never closed it. */
  readonly cut: boolean;
  /** The reason for stopping or blocking has come. */
  readonly finished: boolean;
  /** The answer came in several texts or as a list, so that only `finished` tells its end. */
  readonly chunked: boolean;
}

export interface AnswerCollector {
  /** `isError`: it came as an event named `error`. */
  add(document: ScannedDocument, isError: boolean): void;
  collect(pictures: readonly ScannedPicture[]): CollectedAnswer;
}

interface PartLabel {
  readonly mimeType: string | null;
  readonly thought: boolean;
}

const usageFields = [
  "promptTokenCount",
  "toolUsePromptTokenCount",
  "candidatesTokenCount",
  "thoughtsTokenCount",
  "totalTokenCount",
  "promptTokensDetails",
  "candidatesTokensDetails",
  "serviceTier",
  "trafficType",
];

export function createAnswerCollector(
  enveloped: boolean,
  method: "generateContent" | "predict" = "generateContent",
): AnswerCollector {
  /** By picture number, in the order of the parts. */
  const labels = new Map<number, PartLabel>();
  const parts: AnswerPart[] = [];
  const usage: Record<string, unknown> = {};
  let hasUsage = false;
  const queries = new Set<string>();
  let mostQueries = 0;
  const withheld: string[] = [];
  let stored: StoredPicture | null = null;
  let hasPredictions = false;
  let text = "";
  let finishReason: string | null = null;
  let finishMessage: string | null = null;
  let blockReason: string | null = null;
  let blockMessage: string | null = null;
  let modelVersion: string | null = null;
  let responseId: string | null = null;
  let error: JsonObject | null = null;
  let recognised = false;
  let broken = false;
  let cut = false;
  let chunks = 0;
  let isList = false;

  function addPart(part: unknown): void {
    const thought = fieldOf(part, "thought") === true;
    const written = fieldOf(part, "text");
    if (typeof written === "string" && !thought) text += written;
    const turnPart = isObject(part) ? readTurnPart(part) : null;
    if (turnPart) parts.push(turnPart);
    for (const name of ["inlineData", "inline_data"]) {
      const inline = fieldOf(part, name);
      // The scanner put the picture's number where its text stood.
      const number = textOf(fieldOf(inline, "data"));
      if (number === null) continue;
      const mimeType = textOf(fieldOf(inline, "mimeType")) ?? textOf(fieldOf(inline, "mime_type"));
      labels.set(Number(number), { mimeType, thought });
    }
  }

  function addCandidate(candidate: unknown): void {
    for (const part of listOf(fieldOf(fieldOf(candidate, "content"), "parts"))) addPart(part);
    addQueries(fieldOf(candidate, "groundingMetadata"));
    const reason = textOf(fieldOf(candidate, "finishReason"));
    if (reason !== null) {
      finishReason = reason;
      finishMessage = null;
    }
    finishMessage = textOf(fieldOf(candidate, "finishMessage")) ?? finishMessage;
  }

  function addPrediction(prediction: unknown): void {
    const { number, mimeType, uri, reason } = readPrediction(prediction);
    if (uri !== null) stored ??= { uri, mimeType };
    if (number !== null) labels.set(number, { mimeType, thought: false });
    if (reason !== null && !withheld.includes(reason)) withheld.push(reason);
  }

  /** A stream may repeat its queries or bring them piecemeal; the same query twice in one list was made twice. */
  function addQueries(metadata: unknown): void {
    const made = ["webSearchQueries", "imageSearchQueries"].flatMap((name) =>
      listOf(fieldOf(metadata, name)).map((query) => `${name} ${JSON.stringify(query)}`),
    );
    for (const query of made) queries.add(query);
    mostQueries = Math.max(mostQueries, made.length);
  }

  function addUsage(metadata: unknown): void {
    if (!isObject(metadata)) return;
    hasUsage = true;
    // A later chunk counts anew, but may leave out what did not change.
    for (const name of usageFields) {
      const value = fieldOf(metadata, name);
      if (value !== undefined) usage[name] = value;
    }
  }

  function addChunk(chunk: unknown): void {
    chunks += 1;
    const said = fieldOf(chunk, "error");
    if (said !== undefined && said !== null && isObject(chunk)) error ??= chunk;
    const content = enveloped ? fieldOf(chunk, "response") : chunk;
    const candidates = fieldOf(content, "candidates");
    const feedback = fieldOf(content, "promptFeedback");
    if (Array.isArray(candidates) || isObject(feedback)) recognised = true;
    if (method === "predict" && isPredictAnswer(content)) {
      recognised = true;
      hasPredictions = true;
    }
    for (const prediction of listOf(fieldOf(content, "predictions"))) addPrediction(prediction);
    for (const candidate of listOf(candidates)) addCandidate(candidate);
    blockReason = textOf(fieldOf(feedback, "blockReason")) ?? blockReason;
    blockMessage = textOf(fieldOf(feedback, "blockReasonMessage")) ?? blockMessage;
    addUsage(fieldOf(content, "usageMetadata"));
    modelVersion = textOf(fieldOf(content, "modelVersion")) ?? modelVersion;
    responseId = textOf(fieldOf(content, "responseId")) ?? responseId;
  }

  return {
    add(document, isError) {
      const trimmed = document.text.trim();
      // The end mark of other providers' streams; Google's have none.
      if (trimmed === "[DONE]") return;
      let value = parseJson(document.text);
      if (value === undefined) {
        broken = true;
        cut = !document.closed && /^[[{]/.test(trimmed);
        value = document.repaired === null ? undefined : parseJson(document.repaired);
      } else cut = false;
      if (isError && fieldOf(value, "error") === undefined) {
        const message = textOf(value) ?? textOf(fieldOf(value, "message")) ?? trimmed;
        error ??= { error: isObject(value) ? value : { message } };
        return;
      }
      if (value === undefined) return;
      if (Array.isArray(value)) {
        isList = true;
        for (const chunk of value) addChunk(chunk);
      } else addChunk(value);
    },
    collect(scanned) {
      const pictures: AnswerPicture[] = scanned.map(({ bytes, damaged }, index) => ({
        index,
        mimeType: labels.get(index)?.mimeType ?? null,
        thought: labels.get(index)?.thought ?? false,
        bytes,
        damaged,
      }));
      const isUsable = (index: number) =>
        scanned[index]?.whole === true && scanned[index].bytes > 0 && pictures[index]?.thought === false;
      // In a broken text a whole picture may have lost its labels: it is paid for and better than none.
      const order = broken ? pictures.map(({ index }) => index) : [...labels.keys()];
      return {
        answer: {
          pictures,
          // Of half a text the address may be half.
          ...(stored === null || broken ? {} : { stored }),
          parts: broken ? [] : parts,
          text,
          finishReason: finishReason ?? (withheld.length > 0 && scanned.length === 0 ? WITHHELD : null),
          finishMessage: finishMessage ?? (withheld.length === 0 ? null : withheld.join(" ")),
          blockReason,
          blockMessage,
          usage: hasUsage ? readUsage(usage, { hasPicture: pictures.length > 0 }) : null,
          searchQueries: Math.max(queries.size, mostQueries),
          modelVersion,
          responseId,
        },
        chosen: order.findLast(isUsable) ?? null,
        error,
        recognised,
        broken,
        cut,
        finished: finishReason !== null || blockReason !== null || hasPredictions,
        chunked: isList || chunks > 1,
      };
    },
  };
}
