// The watching side: a request handed to a sender process, its progress passed on, its outcome shown. Interrupting the watching
// leaves the sender at its work.

import type { Readable, Writable } from "node:stream";
import type { ClipEvent, ClipOutcome, ClipRequest } from "../core/clip.ts";
import type { Clock } from "../core/clock.ts";
import type { ErrorOutcome, Outcome } from "../core/outcome.ts";
import type { ProgressEvent } from "../core/progress.ts";
import type { GenerateRequest } from "../core/request.ts";
import { reportError, ToolError } from "../core/tool-error.ts";
import type { ClipContext } from "../generate/clip/create-video-gen.ts";
import type { GenerateContext, ImageGenOptions } from "../generate/options.ts";
import { sealCredentials } from "../google/auth/sealed-credentials.ts";
import { readLines, toLine } from "./lines.ts";
import type { Job, News, Order } from "./messages.ts";
import { sendableClip, sendableRequest } from "./sendable-request.ts";

/** A sender that was started: its pipes, and its end. */
export interface SenderProcess {
  readonly orders: Writable;
  readonly news: Readable;
  /** Resolves when the process has ended or could not be started; with why, when that is known. */
  readonly ended: Promise<string | null>;
  /** The watching process no longer waits for it. */
  letGo(): void;
}

export interface DetachedOptions {
  readonly options: ImageGenOptions;
  readonly rehearse: boolean;
  readonly clock: Clock;
  readonly start: () => Promise<SenderProcess>;
}

/** How long a sender that was asked to stop may take to say what became of it, before it is left to itself. */
const STOP_GRACE_MS = 500;

export interface DetachedImageGen {
  generate(request: GenerateRequest, context?: GenerateContext): Promise<Outcome>;
}

export function createDetachedImageGen(detached: DetachedOptions): DetachedImageGen {
  return {
    generate: async (request, context = {}) =>
      await runDetached<ProgressEvent, Outcome>(
        detached,
        { kind: "pictures", request: sendableRequest(request) },
        context,
      ),
  };
}

export interface DetachedVideoGen {
  generate(request: ClipRequest, context?: ClipContext): Promise<ClipOutcome>;
}

/** Pictures of the request must be paths, addresses or bytes already, see {@link sendableRequest}. */
export function createDetachedVideoGen(detached: DetachedOptions): DetachedVideoGen {
  return {
    generate: async (request, context = {}) =>
      await runDetached<ClipEvent, ClipOutcome>(detached, { kind: "clip", request: sendableClip(request) }, context),
  };
}

/** What who waits gives and wants, for pictures and for clips. */
interface Watcher<Event, Result> {
  readonly signal?: AbortSignal;
  readonly stopStarting?: AbortSignal;
  readonly onProgress?: (event: Event) => void;
  readonly deliver?: (outcome: Result) => Promise<boolean>;
}

/** The failure of one who was left: it knows nothing of pictures or clips. */
type Bare = Pick<ErrorOutcome, "version" | "operation" | "rehearsal" | "error"> & { readonly status: "error" };

async function runDetached<Event extends ProgressEvent | ClipEvent, Result extends Outcome | ClipOutcome>(
  { options, rehearse, clock, start }: DetachedOptions,
  work: Job["work"],
  context: Watcher<Event, Result | Bare>,
): Promise<Result | Bare> {
  const { clock: _, random: _1, credentials = {}, rehearsal: _2, ...sendable } = options;
  const sender = await start();
  const order = (value: Order): void => void (sender.orders.writable && sender.orders.write(toLine(value)));
  // A sender that has died is told of by its end.
  sender.orders.on("error", () => undefined);
  const job: Job = { options: sendable, credentials: sealCredentials(credentials), rehearse, work };
  order({ type: "job", job });
  return await watch<Event, Result>({
    sender,
    order,
    context,
    clock,
    rehearse,
    run: options.run ?? "",
    kind: work.kind,
  });
}

interface Watching<Event, Result> {
  readonly sender: SenderProcess;
  readonly order: (value: Order) => void;
  readonly context: Watcher<Event, Result | Bare>;
  readonly clock: Clock;
  readonly rehearse: boolean;
  readonly run: string;
  readonly kind: Job["work"]["kind"];
}

/** What was seen of the operation so far. */
interface Seen {
  /** The run's id until the plan is there. */
  operation: string;
  /** Images whose call is on its way. */
  readonly sending: Set<number>;
  published: number;
}

function watch<Event extends ProgressEvent | ClipEvent, Result extends Outcome | ClipOutcome>({
  sender,
  order,
  context,
  clock,
  rehearse,
  run,
  kind,
}: Watching<Event, Result>): Promise<Result | Bare> {
  const { onProgress = () => undefined, deliver, signal, stopStarting } = context;
  const seen: Seen = { operation: run, sending: new Set(), published: 0 };
  return new Promise((resolve) => {
    let outcome: Result | null = null;
    const finish = (result: Result | Bare): void => {
      stopStarting?.removeEventListener("abort", stop);
      signal?.removeEventListener("abort", leave);
      sender.letGo();
      resolve(result);
    };
    const leave = (): void => {
      if (outcome === null) finish(leftBehind(seen, rehearse, kind));
    };
    const stop = (): void => {
      order({ type: "stop" });
      void clock.sleep(STOP_GRACE_MS).then(leave, leave);
    };
    readLines<News<Event, Result>>(sender.news, (news) => {
      if (news.type === "progress") {
        note(seen, news.event);
        onProgress(news.event);
      } else if (news.type === "outcome") {
        outcome = news.outcome;
        const shown = deliver === undefined ? Promise.resolve(true) : deliver(news.outcome).catch(() => false);
        void shown.then((isSeen) => order({ type: "shown", seen: isSeen }));
      } else if (outcome !== null) {
        finish(outcome);
      }
    });
    void sender.ended.then((why) => finish(outcome ?? lost(seen, rehearse, why)));
    if (signal?.aborted === true) leave();
    else signal?.addEventListener("abort", leave, { once: true });
    if (stopStarting?.aborted === true) stop();
    else stopStarting?.addEventListener("abort", stop, { once: true });
  });
}

function note(seen: Seen, event: ProgressEvent | ClipEvent): void {
  if (event.type === "planned") seen.operation = event.plan.operation;
  if (event.type === "sending") seen.sending.add(event.image);
  const isPlaced = event.type === "published" || event.type === "stored";
  if (event.type === "waiting" || isPlaced || event.type === "failed") seen.sending.delete(event.image);
  if (isPlaced) seen.published += 1;
}

/** The command ends, the sender goes on. */
function leftBehind(
  { operation, sending, published }: Seen,
  rehearsal: boolean,
  kind: Watching<never, never>["kind"],
): Bare {
  const isPaid = published > 0 || sending.size > 0;
  return errorOutcome(
    operation,
    rehearsal,
    new ToolError("interrupted", {
      billed: published > 0 ? "yes" : isPaid ? "maybe" : "no",
      message:
        sending.size > 0
          ? `Stopped. What is on its way is finished in the background as operation ${operation}.`
          : published > 0
            ? `Stopped. What was finished by then belongs to operation ${operation}.`
            : "Stopped before another call was sent.",
      nextStep: isPaid
        ? `${kind === "clip" ? "Its file comes by itself; `video-gen resume` says how it stands" : "See what becomes of it with `image-gen history`"}; the same request again is given its result and buys nothing.`
        : "Nothing was paid; run the same command again when you like.",
    }),
  );
}

function lost({ operation, sending, published }: Seen, rehearsal: boolean, why: string | null): Bare {
  const how = why === null ? "ended without saying why" : `ended: ${why}`;
  const message = `The process that sends ${how}.`;
  return errorOutcome(
    operation,
    rehearsal,
    published > 0 || sending.size > 0
      ? new ToolError("sender-lost", {
          message,
          nextStep: "Run `image-gen recover`: it says what became of the operation.",
        })
      : new ToolError("internal", { message, billed: "no" }),
  );
}

function errorOutcome(operation: string, rehearsal: boolean, error: ToolError): Bare {
  return { version: 1, status: "error", operation, rehearsal, error: reportError(error) };
}
