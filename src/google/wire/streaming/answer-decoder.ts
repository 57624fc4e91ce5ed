// The answer of a generateContent or predict call, decoded while it arrives: pictures go to their sinks, the rest becomes an Answer.
// It takes JSON, a JSON list of chunks, and server-sent events, with and without the Code Assist envelope. No I/O of its own.

import type { Answer, OpenPicture } from "../../../core/answer.ts";
import { ToolError } from "../../../core/tool-error.ts";
import { createAnswerCollector } from "./answer-collector.ts";
import { createEventStream } from "./event-stream.ts";
import type { JsonObject } from "../json-values.ts";
import { createPictureScanner } from "./picture-scanner.ts";

export interface AnswerDecoderOptions {
  /** `auto` looks at the first byte and is right for every answer of Google's and of CLIProxyAPI's, errors included. */
  readonly framing: "json" | "sse" | "auto";
  /** The answer stands in `response`, as cloudcode-pa sends it. */
  readonly enveloped: boolean;
  /** Imagen's: an object without predictions is an answer too. Default `generateContent`. */
  readonly method?: "generateContent" | "predict";
  /**
   * Its sinks must consume synchronously: the buffer handed to `write` is used again for the next piece (at most 96 KiB).
   * What a sink throws comes out of `write` or `end`.
   */
  readonly openPicture: OpenPicture;
  readonly limits?: Partial<AnswerLimits>;
}

export interface AnswerLimits {
  /** Bytes of everything but pictures. Default 32 MiB. */
  readonly residualBytes: number;
  /** Decoded bytes of all pictures. Default 256 MiB. */
  readonly pictureBytes: number;
  /** Pictures, drafts and thoughts included. Default 64; up to 10 were seen (google-apis facts §1.3). */
  readonly pictures: number;
}

/** Why an answer is not the provider's. */
export type ForeignReason = "empty" | "html" | "not-json" | "no-answer";

export type DecodedAnswer =
  /** `chosen`: the last whole picture that is not a thought. `complete` false: it broke off, but `chosen` is whole. */
  | {
      readonly kind: "answer";
      readonly answer: Answer;
      readonly chosen: number | null;
      readonly complete: boolean;
    }
  /** An error instead of the answer, or (`begun`) after some of it. `error` is the provider's object with the field `error`. */
  | {
      readonly kind: "provider-error";
      readonly error: JsonObject;
      readonly answer: Answer;
      readonly chosen: number | null;
      readonly begun: boolean;
    }
  /** Nothing of what the provider would say. `excerpt`: the first bytes as text, as received. */
  | { readonly kind: "foreign"; readonly reason: ForeignReason; readonly excerpt: string }
  /** It broke off without a whole picture. */
  | { readonly kind: "incomplete"; readonly answer: Answer };

export interface AnswerDecoder {
  /** Takes any split of the body. Throws `answer-too-large` when a limit is passed; the decoder is of no use then. */
  write(chunk: Buffer): void;
  /** The body is over, or nothing more will come of it. */
  end(): DecodedAnswer;
  /** Decoded picture bytes so far, drafts included. */
  readonly pictureBytes: number;
}

const defaultLimits: AnswerLimits = { residualBytes: 32 * 2 ** 20, pictureBytes: 256 * 2 ** 20, pictures: 64 };
const EXCERPT_BYTES = 2_048;
// Space, tab, line ends and the three bytes of a byte order mark may stand before everything.
const leadingBytes: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

type Reading = "nothing-yet" | "json" | "sse" | "foreign";

export function createAnswerDecoder(options: AnswerDecoderOptions): AnswerDecoder {
  const limits = { ...defaultLimits, ...options.limits };
  const collector = createAnswerCollector(options.enveloped, options.method);
  const scanner = createPictureScanner({
    enveloped: options.enveloped,
    openPicture: options.openPicture,
    limits,
    onDocument: (document) => collector.add(document, events.eventName === "error"),
  });
  const events = createEventStream({
    onData: (start, end) => scanner.scan(start, end),
    onEvent: () => scanner.endDocument(),
  });
  let reading: Reading = "nothing-yet";
  let excerpt = Buffer.alloc(0);
  let foreignBytes = 0;

  function readChunk(chunk: Buffer, start: number): void {
    scanner.beginChunk(chunk);
    if (reading === "json") scanner.scan(start, chunk.length);
    else {
      events.beginChunk(chunk);
      events.read(start);
    }
    scanner.endChunk();
  }

  function countForeign(bytes: number): void {
    foreignBytes += bytes;
    if (foreignBytes > limits.residualBytes) {
      throw new ToolError("answer-too-large", {
        message: `Something that is not the provider's answer has more than ${limits.residualBytes} bytes.`,
      });
    }
  }

  return {
    write(chunk) {
      let start = 0;
      if (reading === "nothing-yet") {
        while (start < chunk.length && leadingBytes.has(chunk[start] ?? 0)) start += 1;
        if (start === chunk.length) return countForeign(chunk.length);
        reading = recognise(chunk[start] ?? 0, options.framing);
      }
      if (excerpt.length < EXCERPT_BYTES) {
        excerpt = Buffer.concat([excerpt, chunk.subarray(start, start + EXCERPT_BYTES - excerpt.length)]);
      }
      if (reading === "foreign") countForeign(chunk.length);
      else readChunk(chunk, start);
    },
    end() {
      if (reading === "json" || reading === "sse") scanner.endDocument();
      const { answer, chosen, error, ...collected } = collector.collect(scanner.pictures);
      const begun = collected.recognised || answer.pictures.length > 0;
      if (error) return { kind: "provider-error", error, answer, chosen, begun };
      if (!begun && !collected.cut) {
        const text = excerpt.toString("utf8");
        return { kind: "foreign", reason: foreignReason(text, collected.broken || reading !== "json"), excerpt: text };
      }
      const chunked = reading === "sse" || collected.chunked;
      const complete = !collected.broken && (collected.finished || !chunked);
      if (complete || chosen !== null) return { kind: "answer", answer, chosen, complete };
      return { kind: "incomplete", answer };
    },
    get pictureBytes() {
      return scanner.pictureBytes;
    },
  };
}

/** From the first byte that says something: JSON objects and lists, and the first letters of an event stream's fields. */
function recognise(byte: number, framing: AnswerDecoderOptions["framing"]): Reading {
  if (framing !== "auto") return framing;
  const character = String.fromCharCode(byte);
  if (character === "{" || character === "[") return "json";
  return "deir:".includes(character) ? "sse" : "foreign";
}

function foreignReason(text: string, notJson: boolean): ForeignReason {
  if (text === "") return "empty";
  if (/^<(?:!doctype|html|head|body|\?xml|!--)/i.test(text)) return "html";
  return notJson ? "not-json" : "no-answer";
}
