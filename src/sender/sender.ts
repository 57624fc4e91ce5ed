// The sender: a small process of its own, in its own session, that plans, holds, sends, publishes and settles one request.
// Killing the command, its terminal or the agent that started it loses nothing: this process owns the socket and the spool.

import type { Readable, Writable } from "node:stream";
import { isToolError, reportError, ToolError } from "../core/tool-error.ts";
import { createVideoGen } from "../generate/clip/create-video-gen.ts";
import { createImageGen } from "../generate/create-image-gen.ts";
import { openSealed } from "../google/auth/sealed-credentials.ts";
import { readLines, toLine } from "./lines.ts";
import type { Job, News, Order } from "./messages.ts";
import { startRehearsal } from "./start-rehearsal.ts";

export interface SenderPorts {
  readonly orders: Readable;
  readonly news: Writable;
}

/** Resolves when the request is settled; what goes wrong is an outcome like any other. */
export async function runSender({ orders, news }: SenderPorts): Promise<void> {
  const stopStarting = new AbortController();
  const abandonment = new AbortController();
  const job = promiseOf<Job>();
  const shown = promiseOf<boolean>();
  // The command may be gone: then nobody reads, and that must not stop the work.
  news.on("error", () => undefined);
  const tell = (item: News): void => void news.write(toLine(item));
  readLines<Order>(orders, (order) => {
    if (order.type === "job") job.resolve(order.job);
    if (order.type === "stop") stopStarting.abort();
    if (order.type === "abandon") abandonment.abort();
    if (order.type === "shown") shown.resolve(order.seen);
  });
  const nobodyWaits = (): void => {
    stopStarting.abort();
    shown.resolve(false);
  };
  orders.on("close", nobodyWaits).on("error", nobodyWaits);
  // Signals to the whole group or to every process of the user: what is paid for is finished first.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stopStarting.abort());
  await work(await job.promise);

  async function work({ options, credentials, rehearse, work: wanted }: Job): Promise<void> {
    const emulator = rehearse ? await startRehearsal() : null;
    let isTold = false;
    const show = async (outcome: Extract<News, { type: "outcome" }>["outcome"]): Promise<boolean> => {
      isTold = true;
      tell({ type: "outcome", outcome });
      return await shown.promise;
    };
    try {
      const opened = {
        ...options,
        credentials: openSealed(credentials),
        ...(emulator ? { rehearsal: emulator } : {}),
      };
      const context = {
        signal: abandonment.signal,
        stopStarting: stopStarting.signal,
        onProgress: (event: Extract<News, { type: "progress" }>["event"]) => tell({ type: "progress", event }),
        deliver: show,
      };
      if (wanted.kind === "pictures") {
        const imageGen = createImageGen(opened);
        const outcome = await imageGen.generate(wanted.request, context);
        if (!isTold) await show(outcome);
        imageGen.close();
      } else {
        const videoGen = createVideoGen(opened);
        const outcome = await videoGen.generate(wanted.request, context);
        if (!isTold) await show(outcome);
        videoGen.close();
      }
    } catch (error) {
      const failure = isToolError(error) ? error : new ToolError("internal", { message: String(error) });
      const { run = "" } = options;
      await show({ version: 1, status: "error", operation: run, rehearsal: rehearse, error: reportError(failure) });
    } finally {
      tell({ type: "settled" });
      await emulator?.close();
    }
  }
}

function promiseOf<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  const waiting: ((value: Value) => void)[] = [];
  const promise = new Promise<Value>((settle) => {
    waiting.push(settle);
  });
  return { promise, resolve: (value) => waiting.forEach((settle) => settle(value)) };
}
