// Writes a reply to the socket, with the faults that happen on the wire: cuts, stalls, drips, wrong lengths, floods.
// Tells whether the whole answer was handed over. Leaves the reply itself to the services.

import type { ServerResponse } from "node:http";
import type { EmulatorClock } from "./clock.ts";
import type { FaultAction } from "./faults/fault-actions.ts";
import type { Reply } from "./reply.ts";

/** Faults of the wire, gathered. */
interface WireShape {
  readonly delayMs: number;
  readonly drops: boolean;
  readonly cut: { readonly afterBytes: number | null; readonly fraction: number } | null;
  readonly stall: {
    readonly where: "before-headers" | "after-headers" | "mid-body";
    readonly afterBytes: number | null;
    readonly forMs: number;
  } | null;
  readonly bytesPerSecond: number | null;
  readonly chunkBytes: number | null;
  readonly lengthDelta: number | null;
  readonly encoding: string | null;
  readonly extraBytes: number;
  readonly isEndless: boolean;
}

const forGood = 2_147_483_647;

function wireShapeOf(actions: readonly FaultAction[]): WireShape {
  const find = <T extends FaultAction["type"]>(type: T): Extract<FaultAction, { type: T }> | undefined =>
    actions.find((action): action is Extract<FaultAction, { type: T }> => action.type === type);
  const cut = find("cut");
  const stall = find("stall");
  return {
    delayMs: find("delay")?.ms ?? 0,
    drops: find("drop") !== undefined,
    cut: cut === undefined ? null : { afterBytes: cut.afterBytes ?? null, fraction: cut.afterFraction ?? 0.5 },
    stall:
      stall === undefined
        ? null
        : { where: stall.where ?? "mid-body", afterBytes: stall.afterBytes ?? null, forMs: stall.forMs ?? forGood },
    bytesPerSecond: find("slow")?.bytesPerSecond ?? null,
    chunkBytes: find("chunks") === undefined ? null : Math.max(1, find("chunks")?.bytes ?? 997),
    lengthDelta: find("content-length")?.delta ?? null,
    encoding: find("content-encoding")?.value ?? null,
    extraBytes: find("extra-bytes") === undefined ? 0 : (find("extra-bytes")?.bytes ?? 64),
    isEndless: find("endless") !== undefined,
  };
}

/** Sends a reply; true when every byte of it was handed to the connection and the connection was still there. */
export async function deliver(
  response: ServerResponse,
  reply: Reply,
  actions: readonly FaultAction[],
  clock: EmulatorClock,
  signal: AbortSignal,
): Promise<boolean> {
  const shape = wireShapeOf(actions);
  const total = reply.pieces.reduce((sum, piece) => sum + piece.length, 0);
  await clock.wait((reply.latencyMs ?? 0) + shape.delayMs, signal);
  if (shape.stall?.where === "before-headers") await clock.wait(shape.stall.forMs, signal);
  if (signal.aborted) return false;
  if (shape.drops) {
    response.socket?.destroy();
    return false;
  }
  response.writeHead(reply.status, headersOf(reply, shape, total));
  if (shape.stall?.where === "after-headers") {
    response.flushHeaders();
    await clock.wait(shape.stall.forMs, signal);
  }
  const endsAt =
    shape.cut === null ? total : Math.min(total, shape.cut.afterBytes ?? Math.floor(total * shape.cut.fraction));
  const stallsAt =
    shape.stall?.where === "mid-body" ? Math.min(endsAt, shape.stall.afterBytes ?? Math.floor(total / 2)) : null;
  const writer = createWriter(response, shape, clock, signal);
  if (stallsAt === null) await writer(slice(reply.pieces, 0, endsAt));
  else {
    await writer(slice(reply.pieces, 0, stallsAt));
    await clock.wait(shape.stall?.forMs ?? 0, signal);
    await writer(slice(reply.pieces, stallsAt, endsAt));
  }
  if (shape.isEndless) await writeForever(response, signal);
  if (signal.aborted) return false;
  if (shape.cut !== null) {
    // Let what was written leave before the connection goes.
    await new Promise<void>((resolve) => response.write("", () => resolve()));
    response.socket?.destroy();
    return false;
  }
  return finish(response, shape, signal);
}

function headersOf(reply: Reply, shape: WireShape, total: number): Record<string, string> {
  const headers: Record<string, string> = { ...reply.headers };
  if (shape.lengthDelta !== null) headers["content-length"] = String(Math.max(0, total + shape.lengthDelta));
  else if (total === 0) headers["content-length"] = "0";
  if (shape.encoding !== null) headers["content-encoding"] = shape.encoding;
  return headers;
}

/** The bytes from `start` to `end` of pieces laid end to end, without copying. */
function slice(pieces: readonly Buffer[], start: number, end: number): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  for (const piece of pieces) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, piece.length);
    if (to > from) parts.push(piece.subarray(from, to));
    at += piece.length;
  }
  return parts;
}

function createWriter(
  response: ServerResponse,
  shape: WireShape,
  clock: EmulatorClock,
  signal: AbortSignal,
): (pieces: readonly Buffer[]) => Promise<void> {
  const stepMs = 50;
  const paced = shape.bytesPerSecond === null ? null : Math.max(1, Math.floor((shape.bytesPerSecond * stepMs) / 1000));
  // Below 20 bytes a second one byte is sent at a time, further apart.
  const pauseMs = shape.bytesPerSecond === null ? 0 : Math.max(stepMs, 1000 / shape.bytesPerSecond);
  const step = shape.chunkBytes ?? paced;
  return async (pieces) => {
    for (const piece of pieces) {
      for (let at = 0; at < piece.length && !signal.aborted; at += step ?? piece.length) {
        await write(response, step === null ? piece : piece.subarray(at, at + step), signal);
        if (paced !== null) await clock.wait(pauseMs, signal);
      }
    }
  };
}

async function write(response: ServerResponse, bytes: Buffer, signal: AbortSignal): Promise<void> {
  if (signal.aborted || response.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    response.on("drain", done);
    signal.addEventListener("abort", done);
  });
}

async function writeForever(response: ServerResponse, signal: AbortSignal): Promise<void> {
  const block = Buffer.alloc(65_536, "QUJD");
  while (!signal.aborted) await write(response, block, signal);
}

async function finish(response: ServerResponse, shape: WireShape, signal: AbortSignal): Promise<boolean> {
  const isWritten = await new Promise<boolean>((resolve) => {
    const give = (): void => resolve(false);
    signal.addEventListener("abort", give);
    const { socket } = response;
    response.end(() => {
      signal.removeEventListener("abort", give);
      if (shape.extraBytes > 0) socket?.write("x".repeat(shape.extraBytes));
      // A client that was promised more would wait for it: the connection has to go.
      if (shape.lengthDelta !== null && shape.lengthDelta > 0) socket?.destroy();
      resolve(true);
    });
  });
  return isWritten && (shape.lengthDelta ?? 0) <= 0;
}
