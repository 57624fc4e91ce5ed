// Fault proxy: a TCP proxy between the command and the emulator that breaks connections as told. It counts bytes of the
// request itself, so that "after the body" means the body's last byte.

import { createServer, type Server, type Socket, connect } from "node:net";
import type { AddressInfo } from "node:net";

/** What happens to one connection. */
export type ConnectionFault =
  | { readonly kind: "none" }
  /** Reset after this share of the request's body. */
  | { readonly kind: "reset-while-uploading"; readonly share: number }
  /** Everything has arrived and was billed; the caller sees a reset in place of the answer. */
  | { readonly kind: "reset-after-body" }
  /** The connection ends politely after this share of the answer. */
  | { readonly kind: "end-in-answer"; readonly share: number }
  /** Nothing more comes after this share of the answer. */
  | { readonly kind: "stall"; readonly share: number }
  /** The answer comes in pieces, with time between them. */
  | { readonly kind: "slow"; readonly pieces: number; readonly everyMs: number }
  /** Bytes that are no HTTP come in place of the answer. */
  | { readonly kind: "garbage" };

export interface FaultProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** The first connections meet `faults` in order; those after them pass. `upstream` is an origin on loopback. */
export async function openFaultProxy(upstream: string, faults: readonly ConnectionFault[]): Promise<FaultProxy> {
  const { hostname, port, pathname } = new URL(upstream);
  const sockets = new Set<Socket>();
  let met = 0;
  const server = createServer((caller) => {
    const fault = faults[met] ?? { kind: "none" };
    met += 1;
    const provider = connect(Number(port), hostname);
    for (const socket of [caller, provider]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    passRequest(caller, provider, fault);
    passAnswer(caller, provider, fault);
  });
  await listen(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname === "/" ? "" : pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });
}

function passRequest(caller: Socket, provider: Socket, fault: ConnectionFault): void {
  const seen: Buffer[] = [];
  let passed = 0;
  caller.on("data", (piece: Buffer) => {
    if (fault.kind !== "reset-while-uploading") {
      provider.write(piece);
      return;
    }
    seen.push(piece);
    const request = Buffer.concat(seen);
    const most = cutPoint(request, fault.share);
    const now = request.subarray(passed, Math.min(request.length, most));
    passed += now.length;
    provider.write(now);
    if (request.length < most) return;
    caller.resetAndDestroy();
    provider.resetAndDestroy();
  });
  caller.on("end", () => provider.end());
  caller.on("close", () => provider.destroy());
}

/** How many bytes of the request may pass; all so far while its head is not whole. */
function cutPoint(request: Buffer, share: number): number {
  const end = request.indexOf("\r\n\r\n");
  if (end < 0) return Number.POSITIVE_INFINITY;
  const length = Number(/content-length: *(\d+)/i.exec(request.subarray(0, end).toString("latin1"))?.[1] ?? 0);
  return end + 4 + Math.floor(length * share);
}

function passAnswer(caller: Socket, provider: Socket, fault: ConnectionFault): void {
  if (fault.kind === "none" || fault.kind === "reset-while-uploading") {
    provider.pipe(caller);
    return;
  }
  if (fault.kind === "reset-after-body") {
    // The provider's first byte proves that it has taken the whole request.
    provider.once("data", () => {
      caller.resetAndDestroy();
      provider.destroy();
    });
    return;
  }
  if (fault.kind === "garbage") {
    provider.once("data", () => {
      caller.end(Buffer.from("\u0000\u0001garbage that is no HTTP\r\n\r\n".repeat(40)));
      provider.destroy();
    });
    return;
  }
  const answer: Buffer[] = [];
  provider.on("data", (piece: Buffer) => void answer.push(piece));
  const whole = onceWhole(provider, answer);
  void whole.then((bytes) => breakAnswer(caller, bytes, fault));
}

/** The answer with all the bytes that its head promises; a connection that is kept open does not end by itself. */
function onceWhole(provider: Socket, answer: Buffer[]): Promise<Buffer> {
  return new Promise((resolve) => {
    const look = (): void => {
      const bytes = Buffer.concat(answer);
      const end = bytes.indexOf("\r\n\r\n");
      const head = end < 0 ? "" : bytes.subarray(0, end).toString("latin1");
      const length = /content-length: *(\d+)/i.exec(head)?.[1];
      const isWhole =
        length === undefined ? bytes.subarray(-7).includes("0\r\n\r\n") : bytes.length >= end + 4 + Number(length);
      if (end >= 0 && isWhole) resolve(bytes);
    };
    provider.on("data", look);
    provider.on("end", () => resolve(Buffer.concat(answer)));
  });
}

function breakAnswer(
  caller: Socket,
  bytes: Buffer,
  fault: Extract<ConnectionFault, { kind: "end-in-answer" | "stall" | "slow" }>,
): void {
  if (fault.kind === "end-in-answer") {
    caller.end(bytes.subarray(0, Math.floor(bytes.length * fault.share)));
    return;
  }
  if (fault.kind === "stall") {
    caller.write(bytes.subarray(0, Math.floor(bytes.length * fault.share)));
    return;
  }
  const size = Math.ceil(bytes.length / fault.pieces);
  let at = 0;
  const timer = setInterval(() => {
    caller.write(bytes.subarray(at, at + size));
    at += size;
    if (at >= bytes.length) clearInterval(timer);
  }, fault.everyMs);
  caller.on("close", () => clearInterval(timer));
}
