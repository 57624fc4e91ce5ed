// Clip proxy: an HTTP proxy between one `video-gen` and the emulator. It tells when an order, a look or a download has come how
// far, slows down what it passes on, and so knows from outside in which moment of a clip's life a kill has fallen.

import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pause } from "./bill.ts";

/** The paid call, the asking after it, and the bytes of a clip that is handed out as a file. */
export type ClipStep = "order" | "look" | "download";

/** What has passed until now. */
export interface Passed {
  orders: number;
  /** Answers to an order of which all bytes were passed on. */
  answers: number;
  /** The caller has asked for an operation by its name. */
  looks: number;
  /** Of the bytes of a clip, from 0 to 1. */
  clipShare: number;
}

export interface ClipProxyOptions {
  /** The emulator's origin. */
  readonly upstream: string;
  /** For the emulator, with each order: what becomes of the operation. */
  readonly fault: object | null;
  /** Called again and again, with how much of the request or of its answer has passed. */
  readonly onPassing: (step: ClipStep, part: "request" | "answer", share: number, isClip: boolean) => void;
  /** Between two of the twenty pieces of an answer with a clip. */
  readonly paceMs: number;
  /** The caller of the first order loses its connection when the answer is there. */
  readonly losesAnswer?: boolean;
}

export interface ClipProxy {
  /** In place of the emulator's origin. */
  readonly url: string;
  readonly passed: Readonly<Passed>;
  close(): Promise<void>;
}

const PIECES = 20;
/** Answers without a clip are shorter. */
const CLIP_FROM_BYTES = 8_000;

export async function openClipProxy(options: ClipProxyOptions): Promise<ClipProxy> {
  const passed: Passed = { orders: 0, answers: 0, looks: 0, clipShare: 0 };
  const server = createServer((incoming, outgoing) => {
    outgoing.on("error", () => {});
    passOn(incoming, outgoing, options, passed).catch(() => void outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function stepOf({ method, url = "" }: IncomingMessage): ClipStep {
  if (method === "POST" && /(?:\/interactions|:predictLongRunning)$/.test(url.split("?")[0] ?? "")) return "order";
  return url.includes(":download") ? "download" : "look";
}

async function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { upstream, fault, onPassing, paceMs, losesAnswer = false }: ClipProxyOptions,
  passed: Passed,
): Promise<void> {
  const step = stepOf(incoming);
  if (step === "order") passed.orders += 1;
  if (step === "look") passed.looks += 1;
  const isFirst = passed.orders === 1;
  const headers = { ...incoming.headers };
  if (step === "order" && fault !== null) headers["x-emulator-fault"] = JSON.stringify(fault);
  const onward = request(new URL(incoming.url ?? "/", upstream), { method: incoming.method ?? "GET", headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    onward.once("response", resolve).once("error", reject);
  });
  answered.catch(() => {});
  await passRequest(incoming, onward, (share) => onPassing(step, "request", share, false));
  const answer = await answered;
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  const isClip = step !== "order" && bytes.length > CLIP_FROM_BYTES;
  onPassing(step, "answer", 0, isClip);
  if (step === "order" && isFirst && losesAnswer) {
    outgoing.destroy();
    return;
  }
  const { "transfer-encoding": _, ...answerHeaders } = answer.headers;
  outgoing.writeHead(answer.statusCode ?? 502, { ...answerHeaders, "content-length": bytes.length });
  const size = Math.max(1, Math.ceil(bytes.length / (isClip ? PIECES : 2)));
  for (let at = 0; at < bytes.length && !outgoing.destroyed; at += size) {
    outgoing.write(bytes.subarray(at, at + size));
    if (isClip) await pause(paceMs);
    const share = Math.min(1, (at + size) / bytes.length);
    if (isClip) passed.clipShare = share;
    if (step === "order" && share === 1) passed.answers += 1;
    onPassing(step, "answer", share, isClip);
  }
  outgoing.end();
}

/** Reads no quicker than the emulator takes it, so that a large body is really on its way for a while. */
async function passRequest(
  incoming: IncomingMessage,
  onward: ReturnType<typeof request>,
  tell: (share: number) => void,
): Promise<void> {
  const length = Number(incoming.headers["content-length"] ?? 0);
  let bytes = 0;
  tell(0);
  try {
    for await (const piece of incoming) {
      bytes += (piece as Buffer).length;
      if (!onward.write(piece)) await new Promise((resolve) => onward.once("drain", resolve));
      if (length > 0) tell(bytes / length);
    }
    onward.end();
  } catch (error) {
    // The caller was killed in the middle of it: so is what the emulator has of it.
    onward.destroy();
    throw error;
  }
}
