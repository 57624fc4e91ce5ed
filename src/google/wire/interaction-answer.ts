// What a provider says of an interaction that makes a clip, read while it arrives: clips go to their sinks, the rest becomes
// the same plain value as for other long-running operations. Source: google-apis facts §1.5 and §8.2.

import type { OpenPicture } from "../../core/answer.ts";
import { readInteractionUsage } from "./interaction-usage.ts";
import { fieldOf, isObject, type JsonObject, listOf, parseJson, textOf } from "./json-values.ts";
import {
  type AnsweredClip,
  createClipDecoder,
  type OperationAnswer,
  type OperationDecoder,
} from "./operation-answer.ts";

export function createInteractionDecoder(openClip: OpenPicture): OperationDecoder {
  return createClipDecoder(openClip, readInteraction);
}

/** The id of the interaction that was begun; `null` when the answer names none. */
export function readInteractionId(body: string): string | null {
  const document = parseJson(body);
  return textOf(fieldOf(document, "status")) === null ? null : textOf(fieldOf(document, "id"));
}

const AT_WORK: ReadonlySet<string> = new Set(["queued", "in_progress"]);

function readInteraction(document: JsonObject, isSound: (index: number) => boolean): OperationAnswer {
  const status = textOf(fieldOf(document, "status"));
  if (status === null) return { kind: "unreadable", excerpt: JSON.stringify(document).slice(0, 400) };
  if (AT_WORK.has(status)) return { kind: "working" };
  const usage = readInteractionUsage(document);
  const outputs = listOf(fieldOf(document, "steps")).filter((step) => fieldOf(step, "type") === "model_output");
  const contents = [...outputs.flatMap((step) => listOf(fieldOf(step, "content"))), fieldOf(document, "output_video")];
  const [first, ...others] = contents.flatMap((content) => readClip(content, isSound) ?? []);
  // A clip that is there is paid and wanted, whatever else is said of it.
  if (first) return { kind: "done", clips: [first, ...others], usage };
  if (status === "failed") {
    const error = [...listOf(fieldOf(document, "errors")), fieldOf(document, "error"), ...outputs.map(errorOf)];
    return { kind: "failed", error: { error: error.find(isObject) ?? {} }, usage };
  }
  if (status !== "completed") return { kind: "stopped", status, usage };
  const words = contents.flatMap((content) => textOf(fieldOf(content, "text")) ?? []);
  return { kind: "empty", words: words.join("\n"), usage };
}

function errorOf(step: unknown): unknown {
  return fieldOf(step, "error");
}

function readClip(content: unknown, isSound: (index: number) => boolean): AnsweredClip | null {
  const mimeType = textOf(fieldOf(content, "mime_type")) ?? "video/mp4";
  if (!isObject(content) || (fieldOf(content, "type") ?? "video") !== "video" || !mimeType.startsWith("video/"))
    return null;
  // The scanner leaves the number of the clip where its text stood.
  const index = textOf(fieldOf(content, "data"));
  if (index !== null && /^\d$/.test(index))
    return { kind: "bytes", index: Number(index), whole: isSound(Number(index)) };
  const uri = textOf(fieldOf(content, "uri"));
  if (uri === null) return null;
  return uri.startsWith("gs://") ? { kind: "stored", uri } : { kind: "link", uri };
}
