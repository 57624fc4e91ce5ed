// Reads a request's body to its end, to a limit, or to where a planned fault cuts it off.
// Leaves what is in it to the services.

import type { IncomingMessage } from "node:http";

/** A body as far as it came. */
export interface RequestBody {
  readonly bytes: Buffer;
  readonly received: number;
  readonly isComplete: boolean;
  readonly isTooLarge: boolean;
}

/**
 * Reads a body to its end, or to `stopAfter` bytes when that is a number. Beyond `limit` it is still taken in, so that the
 * caller can read the refusal, but not kept.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  stopAfter: number | null,
): Promise<RequestBody> {
  let chunks: Buffer[] = [];
  let received = 0;
  const nothing = Buffer.alloc(0);
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (stopAfter !== null && received >= stopAfter) {
        return { bytes: nothing, received, isComplete: false, isTooLarge: false };
      }
      if (received <= limit) chunks.push(chunk);
      else chunks = [];
    }
  } catch {
    return { bytes: nothing, received, isComplete: false, isTooLarge: false };
  }
  return { bytes: Buffer.concat(chunks), received, isComplete: request.complete, isTooLarge: received > limit };
}
