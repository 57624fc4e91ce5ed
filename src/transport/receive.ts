// The answer's half of an exchange: head and body as they arrive, unpacked if need be, counted and bounded.
// When to stop waiting for it is exchange.ts' business.

import type { IncomingMessage } from "node:http";
import type { HttpHead } from "../core/http-call.ts";
import { createUnpacker, encodingOf, type Unpacker } from "./decoding.ts";
import type { Fault } from "./faults.ts";

export interface Receiver {
  readonly maxBytes: number;
  /** An HTTP proxy is in between, so that a 407 is its word and not the server's. */
  readonly proxied: boolean;
  readonly onHead: (head: HttpHead) => (chunk: Buffer) => void;
  /** Bytes came off the wire. */
  readonly onBytes: () => void;
  /** The answer ended cleanly; `bytes` were handed to the callback. */
  readonly onEnd: (bytes: number) => void;
  readonly onFault: (fault: Fault) => void;
  /** The caller's own code threw. */
  readonly onThrow: (error: unknown) => void;
  /** True once the exchange is over, however it ended: nothing more is handed on. */
  readonly isOver: () => boolean;
}

/** Takes the answer. Returns what frees the memory of an unpacker that is still at work. */
export function receive(incoming: IncomingMessage, receiver: Receiver): () => void {
  const { onFault } = receiver;
  let unpacker: Unpacker | undefined;
  const release = (): void => unpacker?.destroy();

  // Stays for good: an `error` without a listener would end the process.
  incoming.on("error", (error) => onFault({ kind: "network", error }));
  incoming.on("close", () => {
    if (!incoming.complete) onFault({ kind: "network", error: null });
  });

  if (receiver.proxied && incoming.statusCode === 407) {
    onFault({ kind: "proxy-status", status: 407 });
    return release;
  }
  const head = headOf(incoming);
  const contentEncoding = head.headers["content-encoding"];
  const encoding = encodingOf(contentEncoding);
  if (encoding === "unknown") {
    onFault({ kind: "encoding", encoding: contentEncoding ?? "" });
    return release;
  }

  let write: (chunk: Buffer) => void;
  try {
    write = receiver.onHead(head);
  } catch (error) {
    receiver.onThrow(error);
    return release;
  }

  let bytes = 0;
  const deliver = (chunk: Buffer): void => {
    if (receiver.isOver()) return;
    bytes += chunk.length;
    if (bytes > receiver.maxBytes) {
      onFault({ kind: "too-large", maxBytes: receiver.maxBytes });
      return;
    }
    try {
      write(chunk);
    } catch (error) {
      receiver.onThrow(error);
    }
  };
  const end = (): void => receiver.onEnd(bytes);

  if (encoding === null) {
    incoming.on("data", (chunk: Buffer) => {
      receiver.onBytes();
      deliver(chunk);
    });
    incoming.on("end", end);
    return release;
  }
  const unpack = (opened: Unpacker): void => {
    if (receiver.isOver()) return;
    unpacker = opened;
    incoming.on("data", (chunk: Buffer) => {
      receiver.onBytes();
      if (!receiver.isOver() && !opened.write(chunk)) incoming.pause();
    });
    incoming.on("end", () => opened.end());
  };
  createUnpacker(encoding, {
    onData: deliver,
    onDrain: () => void incoming.resume(),
    onEnd: end,
    onError: (error) => onFault({ kind: "unpacking", error }),
  }).then(unpack, receiver.onThrow);
  return release;
}

function headOf(incoming: IncomingMessage): HttpHead {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  return { status: incoming.statusCode ?? 0, headers };
}
