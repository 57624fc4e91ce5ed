// What a provider says of a long-running operation, read while it arrives: clips go to their sinks, the rest becomes a plain
// value. How often it is asked, and what is done with links, is generate's business. Source: google-apis facts §8.1.

import type { OpenPicture } from "../../core/answer.ts";
import type { UsageReport } from "../../core/outcome.ts";
import { fieldOf, isObject, type JsonObject, listOf, parseJson, textOf } from "./json-values.ts";
import { createPictureScanner } from "./streaming/picture-scanner.ts";

/** Where one clip is. */
export type AnsweredClip =
  /** Its bytes went to the sink with this index. */
  | { readonly kind: "bytes"; readonly index: number; readonly whole: boolean }
  /** In the caller's own bucket. */
  | { readonly kind: "stored"; readonly uri: string }
  /** To be downloaded. */
  | { readonly kind: "link"; readonly uri: string };

export type OperationAnswer =
  | { readonly kind: "working" }
  | {
      readonly kind: "done";
      readonly clips: readonly [AnsweredClip, ...AnsweredClip[]];
      readonly usage: UsageReport | null;
    }
  /** `reasons` are the provider's words. */
  | { readonly kind: "filtered"; readonly reasons: readonly string[] }
  /** The provider's object with the field `error`. */
  | { readonly kind: "failed"; readonly error: JsonObject; readonly usage: UsageReport | null }
  /** Finished, without a clip; `words`: what the model says instead. */
  | { readonly kind: "empty"; readonly words: string; readonly usage: UsageReport | null }
  /** Ended before its end, in the provider's word for it. */
  | { readonly kind: "stopped"; readonly status: string; readonly usage: UsageReport | null }
  /** It broke off, or is not what a provider says. */
  | { readonly kind: "unreadable"; readonly excerpt: string };

export interface OperationDecoder {
  /** Takes any split of the body. Throws `answer-too-large`. */
  write(chunk: Buffer): void;
  end(): OperationAnswer;
  /** Decoded bytes of clips so far. */
  readonly clipBytes: number;
}

/** A clip of 4k weighs some tens of megabytes; an answer has at most four. */
const LIMITS = { residualBytes: 4 * 2 ** 20, pictureBytes: 512 * 2 ** 20, pictures: 4 };
const EXCERPT_CHARACTERS = 400;

export function createOperationDecoder(openClip: OpenPicture): OperationDecoder {
  return createClipDecoder(openClip, readOperation);
}

/** What the answer means is for `read` to say; `isSound`: the clip with this number came in undamaged. */
export type ReadOperation = (document: JsonObject, isSound: (index: number) => boolean) => OperationAnswer;

/** `openClip`: its sinks must consume synchronously, as those of a picture. */
export function createClipDecoder(openClip: OpenPicture, read: ReadOperation): OperationDecoder {
  let text = "";
  let isWhole = false;
  const scanner = createPictureScanner({
    enveloped: false,
    openPicture: openClip,
    limits: LIMITS,
    onDocument: (document) => {
      if (text !== "") return;
      text = document.closed ? document.text : (document.repaired ?? document.text);
      isWhole = document.closed;
    },
  });
  return {
    write(chunk) {
      scanner.beginChunk(chunk);
      scanner.scan(0, chunk.length);
      scanner.endChunk();
    },
    end() {
      scanner.endDocument();
      const document = parseJson(text);
      if (!isWhole || !isObject(document)) return { kind: "unreadable", excerpt: text.slice(0, EXCERPT_CHARACTERS) };
      return read(document, (index) => {
        const picture = scanner.pictures[index];
        return picture !== undefined && picture.whole && !picture.damaged;
      });
    },
    get clipBytes() {
      return scanner.pictureBytes;
    },
  };
}

/** The name of the operation that was started; `null` when the answer names none. */
export function readOperationName(body: string): string | null {
  return textOf(fieldOf(parseJson(body), "name"));
}

function readOperation(document: JsonObject, isSound: (index: number) => boolean): OperationAnswer {
  if (isObject(fieldOf(document, "error"))) return { kind: "failed", error: document, usage: null };
  if (fieldOf(document, "done") !== true) {
    return textOf(fieldOf(document, "name")) === null
      ? { kind: "unreadable", excerpt: JSON.stringify(document).slice(0, EXCERPT_CHARACTERS) }
      : { kind: "working" };
  }
  const response = fieldOf(document, "response");
  const inner = fieldOf(response, "generateVideoResponse") ?? response;
  const clips = [
    ...listOf(fieldOf(inner, "videos")),
    ...listOf(fieldOf(inner, "generatedSamples")).map((sample) => fieldOf(sample, "video")),
  ].flatMap((video) => readClip(video, isSound) ?? []);
  const [first, ...others] = clips;
  if (first) return { kind: "done", clips: [first, ...others], usage: null };
  const reasons = listOf(fieldOf(inner, "raiMediaFilteredReasons")).flatMap((reason) => textOf(reason) ?? []);
  const count = fieldOf(inner, "raiMediaFilteredCount");
  return reasons.length > 0 || (typeof count === "number" && count > 0)
    ? { kind: "filtered", reasons }
    : { kind: "empty", words: "", usage: null };
}

function readClip(video: unknown, isSound: (index: number) => boolean): AnsweredClip | null {
  // The scanner leaves the number of the clip where its text stood.
  const index = textOf(fieldOf(video, "bytesBase64Encoded"));
  if (index !== null && /^\d$/.test(index))
    return { kind: "bytes", index: Number(index), whole: isSound(Number(index)) };
  const uri = textOf(fieldOf(video, "gcsUri")) ?? textOf(fieldOf(video, "uri"));
  if (uri === null) return null;
  return uri.startsWith("gs://") ? { kind: "stored", uri } : { kind: "link", uri };
}
