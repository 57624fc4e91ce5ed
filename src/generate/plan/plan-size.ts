// How large a request is, and what follows from it: it goes as it is, its pictures are uploaded first, or it is too large. Pure.

import type { InputPart } from "../../core/input-part.ts";
import type { PlannedUploads } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Endpoint } from "../../google/endpoints/endpoint.ts";

/** Earlier turns of a conversation, in bytes. */
export interface PastSize {
  /** Text, and the model's own pictures in base64, which go back exactly as they came. */
  readonly fixedBytes: number;
  /** Pictures that were given by the caller. */
  readonly pictureBytes: readonly number[];
}

export const noPast: PastSize = { fixedBytes: 0, pictureBytes: [] };

export interface SizedRequest {
  readonly endpoint: Endpoint;
  readonly prompt: string;
  readonly system: string | undefined;
  readonly parts: readonly InputPart[];
  readonly past: PastSize;
}

/** Field names, braces and settings of a request. */
const ENVELOPE_BYTES = 4096;

/** `null`: everything goes inside the request. Mistakes go to `problems`. */
export function planSize(request: SizedRequest, problems: Problem[]): PlannedUploads | null {
  const { endpoint, parts, past } = request;
  const pictures = [
    ...past.pictureBytes,
    ...parts.flatMap((part) => (part.kind === "picture" ? [part.bytes.byteLength] : [])),
  ];
  const rest =
    ENVELOPE_BYTES + textLength(request.prompt) + textLength(request.system) + textBytes(parts) + past.fixedBytes;
  const whole = rest + pictures.reduce((sum, bytes) => sum + base64Bytes(bytes), 0);
  const most = endpoint.inlineRequestLimitBytes;
  if (whole <= most) return null;
  const { files } = endpoint;
  if (files === null) {
    problems.push(tooLarge(whole, most, endpoint));
    return null;
  }
  if (rest > most) {
    problems.push({
      code: "input-too-large",
      field: past.fixedBytes > 0 ? "--session" : "--doc",
      message: `The request would have ${megabytes(rest)} beside the pictures that can be uploaded; ${endpoint.label} takes at most ${megabytes(most)}.`,
      given: megabytes(rest),
      allowed: [`at most ${megabytes(most)}`],
    });
    return null;
  }
  const largest = Math.max(...pictures);
  const bytes = pictures.reduce((sum, each) => sum + each, 0);
  if (largest > files.mostBytesPerFile || bytes > files.mostBytesInAll) {
    const isOne = largest > files.mostBytesPerFile;
    const [given, allowed] = isOne ? [largest, files.mostBytesPerFile] : [bytes, files.mostBytesInAll];
    problems.push({
      code: "input-too-large",
      field: "--image",
      message: `${isOne ? "A reference picture has" : "The reference pictures have"} ${megabytes(given)}; the Files API of ${endpoint.label} takes at most ${megabytes(allowed)}${isOne ? " for one file" : " for all files of a project"}.`,
      given: megabytes(given),
      allowed: [`at most ${megabytes(allowed)}`],
    });
    return null;
  }
  return { pictures: pictures.length, bytes };
}

function tooLarge(bytes: number, most: number, { name, label }: Endpoint): Problem {
  const way =
    name === "aiplatform" ? " Put the pictures into Cloud Storage and give their gs:// addresses with --image." : "";
  return {
    code: "input-too-large",
    field: "--image",
    message: `The request would have ${megabytes(bytes)}, pictures in base64 included; ${label} takes at most ${megabytes(most)}.${way}`,
    given: megabytes(bytes),
    allowed: [`at most ${megabytes(most)}`],
  };
}

export function base64Bytes(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/** UTF-8 bytes of the documents. Letters that JSON writes longer are not counted twice: it is the least that the body will have. */
export function textBytes(parts: readonly InputPart[]): number {
  return parts.reduce((sum, part) => sum + (part.kind === "text" ? Buffer.byteLength(part.text) : 0), 0);
}

/** A caller without types may have given something else; that is reported as its own mistake. */
function textLength(text: unknown): number {
  return typeof text === "string" ? Buffer.byteLength(text) : 0;
}

export function megabytes(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
