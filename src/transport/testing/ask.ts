// Sends a call as the tests of this room do, and gives back all that a caller can see of it.

import { type ErrorReport, isToolError, reportError } from "../../core/tool-error.ts";
import type { HttpCall, HttpHead } from "../../core/http-call.ts";
import type { Deadlines } from "../../core/plan.ts";
import { createTransport, type SendOptions, type TransportPorts } from "../send.ts";
import { systemClock } from "../system-clock.ts";

/** Short enough for a test that runs into one, long enough for a busy machine. */
const PATIENT: Deadlines = { connectMs: 10_000, totalMs: 20_000, idleMs: 10_000 };

export interface Seen {
  readonly head: HttpHead | null;
  readonly body: Buffer;
  readonly bytes: number | null;
  readonly sent: boolean;
  readonly error: ErrorReport | null;
  /** What was thrown when it was no ToolError. */
  readonly thrown: unknown;
}

export function post(url: string, body: string | Uint8Array = '{"contents":[]}'): HttpCall {
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? Buffer.from(body) : body,
  };
}

export interface Asking extends Partial<Omit<SendOptions, "onHead">> {
  readonly ports?: Partial<TransportPorts>;
  readonly onHead?: (head: HttpHead) => void;
  readonly onChunk?: (chunk: Buffer) => void;
}

export async function ask(call: HttpCall | string, asking: Asking = {}): Promise<Seen> {
  const { ports, onHead, onChunk, onSent, ...options } = asking;
  const transport = createTransport({ clock: systemClock, ...ports });
  const chunks: Buffer[] = [];
  let head: HttpHead | null = null;
  let sent = false;
  const seen = (): Omit<Seen, "bytes" | "error" | "thrown"> => ({ head, body: Buffer.concat(chunks), sent });
  try {
    const { bytes } = await transport.send(typeof call === "string" ? post(call) : call, {
      deadlines: PATIENT,
      ...options,
      onSent() {
        sent = true;
        onSent?.();
      },
      onHead(arrived) {
        head = arrived;
        onHead?.(arrived);
        return (chunk) => {
          chunks.push(Buffer.from(chunk));
          onChunk?.(chunk);
        };
      },
    });
    return { ...seen(), bytes, error: null, thrown: null };
  } catch (error) {
    const known = isToolError(error);
    return { ...seen(), bytes: null, error: known ? reportError(error) : null, thrown: known ? null : error };
  }
}
