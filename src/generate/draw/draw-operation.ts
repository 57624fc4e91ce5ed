// Drawing one operation whose holds are set aside: all its pictures, then the outcome, shown to the caller and settled.

import type { Outcome } from "../../core/outcome.ts";
import { createRedactor, plainText } from "../../core/redaction.ts";
import { ToolError } from "../../core/tool-error.ts";
import { identityOf } from "../../google/auth/identity.ts";
import { createFolder } from "../../outputs/preflight.ts";
import { makeSpool, spoolDirectory } from "../../outputs/spool.ts";
import type { Gate } from "../../transport/gate.ts";
import type { Book } from "../purchase/book.ts";
import { drawPicture } from "./draw-picture.ts";
import type { GenerateContext } from "../options.ts";
import type { Prepared, Surroundings } from "../prepare.ts";
import { reportOutcome } from "./report.ts";
import type { Run } from "./run.ts";
import { createRunGate, type SharedGates } from "./run-gate.ts";
import { runPictures } from "./run-pictures.ts";
import { uploadNotesFolder } from "../inputs/left-uploads.ts";
import { discardLeftUploads, openUploads } from "../inputs/open-uploads.ts";

/** Longest text of a provider's that is passed on, in characters. */
const LONGEST_TEXT = 20_000;
const DEFAULT_MAX_WAIT_MS = 60_000;

export interface OperationSurroundings extends Surroundings {
  readonly random: () => number;
  /** This process's own gates. */
  readonly localGate: Gate;
}

export interface DrawInput {
  readonly prepared: Prepared;
  readonly book: Book;
  /** The ledger's part of the gate; `null` without a ledger. */
  readonly shared: SharedGates | null;
  /** On the monotonic clock. */
  readonly startedMs: number;
  readonly context: GenerateContext;
}

export function maxWaitOf({ options }: Pick<Surroundings, "options">): number {
  return options.maxWaitMs ?? DEFAULT_MAX_WAIT_MS;
}

/** Ends waiting as well as starting: nothing has been sent yet then. */
export function stopWaiting({ signal, stopStarting }: GenerateContext): AbortSignal | undefined {
  return signal && stopStarting ? AbortSignal.any([signal, stopStarting]) : (signal ?? stopStarting);
}

/** Never throws for what goes wrong with a picture. */
export async function drawOperation(surroundings: OperationSurroundings, input: DrawInput): Promise<Outcome> {
  const { options, catalogue, transport, clock, random, localGate } = surroundings;
  const { prepared, book, shared, context } = input;
  const { plan, credential, conversation } = prepared;
  const reference = conversation?.reference ?? null;
  const tell = context.onProgress ?? (() => {});
  const model = catalogue.find(plan.route.model)?.model ?? catalogue.default;
  const spool = spoolDirectory(options.stateDirectory);
  createFolder(plan.output.directory);
  makeSpool(spool);
  tell({ type: "planned", plan });
  const key = { endpoint: plan.route.endpoint, credential: identityOf(credential), model: plan.route.model };
  // Tokens are fetched while the run goes on: the redactor is made anew.
  const clean = (text: string): string => plainText(createRedactor(credential.secrets())(text), LONGEST_TEXT);
  const inputs = reference === null ? prepared.inputs : [...prepared.inputs, reference];
  const waits = stopWaiting(context);
  const notesFolder = shared === null ? null : uploadNotesFolder(options.stateDirectory);
  const { operation, route, deadlines } = plan;
  const identity = key.credential;
  const connection = {
    operation,
    route,
    deadlines,
    credential,
    identity,
    transport,
    clock,
    clean,
    stop: waits,
    notesFolder,
  };
  const uploads = openUploads({ inputs, past: conversation?.past ?? [] }, plan, connection);
  const run: Run = {
    plan,
    inputs,
    uploads,
    conversation,
    model,
    credential,
    catalogue,
    transport,
    book,
    gate: createRunGate({ key, local: localGate, shared, clock }),
    clock,
    random,
    maxWaitMs: maxWaitOf(surroundings),
    spoolDirectory: spool,
    signal: context.signal,
    stopWaiting: waits,
    tell,
    command: options.command,
    clean,
  };
  const results = await runPictures(plan.request.count, (index) => drawPicture(run, index), context.stopStarting);
  await book.releaseRest();
  const [leftBehind] = await Promise.all([uploads.discard(), discardLeftUploads(connection, (id) => book.isOver(id))]);
  const outcome = reportOutcome({
    plan: {
      ...plan,
      warnings: [...plan.warnings, ...book.takeWarnings(), ...(leftBehind === null ? [] : [leftBehind])],
    },
    model,
    results,
    durationMs: clock.monotonic() - input.startedMs,
    nowMs: clock.now(),
    notStarted: context.stopStarting?.aborted === true ? new ToolError("interrupted", { billed: "no" }) : null,
  });
  return await deliver(outcome, context, () => book.delivered());
}

/** Shows the outcome to the caller where that is asked for, and records that it was seen. */
export async function deliver(
  outcome: Outcome,
  { deliver: show }: GenerateContext,
  markDelivered: () => Promise<void>,
): Promise<Outcome> {
  const isSeen = show === undefined || (await show(outcome).catch(() => false));
  if (isSeen) await markDelivered();
  return outcome;
}
