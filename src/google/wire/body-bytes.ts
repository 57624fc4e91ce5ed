// A body as the bytes that are sent. Pictures are written as base64 straight into their place: as strings a request of fourteen
// of them would be in memory three times over.

import { randomUUID } from "node:crypto";

/** A multiple of three, so that pieces of base64 fit together. */
const STEP_BYTES = 49_152;

/** The body as JSON in UTF-8; a `Uint8Array` in it (not a `Buffer`, which writes itself as a list) becomes base64. */
export function bodyBytes(body: object): Buffer {
  // Nobody can have written it into a prompt.
  const mark = randomUUID();
  const pictures: Uint8Array[] = [];
  const text = JSON.stringify(body, (_, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    pictures.push(value);
    return mark;
  });
  if (pictures.length === 0) return Buffer.from(text);
  const pieces = text.split(mark).map((piece) => Buffer.from(piece));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = Buffer.alloc(length + pictures.reduce((sum, picture) => sum + base64Length(picture), 0));
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    at += piece.copy(bytes, at);
    const picture = pictures[index];
    if (picture) at += writeBase64(picture, bytes, at);
  }
  return bytes;
}

/** The same bytes, no `Buffer`: that would write itself into JSON as a list of numbers. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function base64Length({ byteLength }: Uint8Array): number {
  return Math.ceil(byteLength / 3) * 4;
}

function writeBase64(picture: Uint8Array, target: Buffer, start: number): number {
  let at = start;
  for (let from = 0; from < picture.byteLength; from += STEP_BYTES) {
    const step = Buffer.from(
      picture.buffer,
      picture.byteOffset + from,
      Math.min(STEP_BYTES, picture.byteLength - from),
    );
    at += target.write(step.toString("base64"), at, "latin1");
  }
  return at - start;
}
