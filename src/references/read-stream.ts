// A stream's bytes, bounded: an endless one is refused as soon as it has given more than is read.

import { megabytes, refuse } from "./refuse.ts";

/** A stream with an encoding gives text, whatever its type says. */
function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === "string") return Buffer.from(chunk);
  throw new TypeError("it gives neither bytes nor text");
}

/**
 * @throws ToolError `reference-too-large`, or `reference-unreadable` when the stream fails or gives nothing.
 */
export async function readReferenceStream(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isTooLong = false;
  try {
    for await (const given of stream) {
      const chunk = bytesOf(given);
      length += chunk.byteLength;
      isTooLong = length > maxBytes;
      if (isTooLong) break;
      chunks.push(chunk);
    }
  } catch (error) {
    return refuse("reference-unreadable", `broke off (${error instanceof Error ? error.message : String(error)}).`);
  }
  if (isTooLong) return refuse("reference-too-large", `gives more than ${megabytes(maxBytes)}, the most that is read.`);
  return length === 0 ? refuse("reference-unreadable", "is empty.") : Buffer.concat(chunks);
}
