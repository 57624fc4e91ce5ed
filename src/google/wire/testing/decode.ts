// For tests: runs an answer through the decoder in given pieces and keeps what the sinks got.

import { type AnswerDecoderOptions, createAnswerDecoder, type DecodedAnswer } from "../streaming/answer-decoder.ts";

export interface Decoded {
  readonly result: DecodedAnswer;
  /** Bytes of each picture, copied out of the reused buffer. */
  readonly pictures: readonly Buffer[];
  /** Which sinks were told that no more comes. */
  readonly ended: readonly boolean[];
}

export function decode(
  body: string | Buffer | Iterable<Buffer>,
  options: Partial<Omit<AnswerDecoderOptions, "openPicture">> = {},
): Decoded {
  const pictures: Buffer[] = [];
  const ended: boolean[] = [];
  const decoder = createAnswerDecoder({
    framing: "auto",
    enveloped: false,
    ...options,
    openPicture(index) {
      pictures[index] = Buffer.alloc(0);
      ended[index] = false;
      return {
        write(bytes) {
          pictures[index] = Buffer.concat([pictures[index] ?? Buffer.alloc(0), bytes]);
        },
        end() {
          ended[index] = true;
        },
      };
    },
  });
  const chunks = typeof body === "string" || Buffer.isBuffer(body) ? [toBytes(body)] : body;
  for (const chunk of chunks) decoder.write(chunk);
  return { result: decoder.end(), pictures, ended };
}

/** Pieces of at most `size` bytes. */
export function split(body: string | Buffer, size: number): Buffer[] {
  const bytes = toBytes(body);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(Buffer.from(bytes.subarray(at, at + size)));
  return pieces;
}

function toBytes(body: string | Buffer): Buffer {
  return typeof body === "string" ? Buffer.from(body) : body;
}

export interface AnswerParts {
  readonly parts?: readonly unknown[];
  readonly finishReason?: string | null;
  readonly extra?: object;
}

/** A generateContent answer with these parts. */
export function answerJson({ parts = [], finishReason = "STOP", extra = {} }: AnswerParts): object {
  return {
    candidates: [{ index: 0, content: { role: "model", parts }, ...(finishReason === null ? {} : { finishReason }) }],
    ...extra,
  };
}

export function picturePart(bytes: Uint8Array | string, more: object = {}): object {
  const data = typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("base64");
  return { inlineData: { mimeType: "image/png", data }, ...more };
}

export function toEvents(chunks: readonly object[], lineEnd = "\n"): string {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}${lineEnd}${lineEnd}`).join("");
}
