// The library's face for clips: told once how to connect, it plans, makes, and resumes what was begun.
// plan, reserve (or attach), send, wait, publish, settle.

import { monotonicFactory } from "ulid";
import type { ClipOutcome, ClipPlan, ClipRequest, OnClipEvent } from "../../core/clip.ts";
import { createRedactor, plainText } from "../../core/redaction.ts";
import { reportError, ToolError } from "../../core/tool-error.ts";
import { identityOf } from "../../google/auth/identity.ts";
import type { Credential } from "../../google/auth/credential.ts";
import { createCatalogue } from "../../google/models/catalogue.ts";
import type { ClipInputs } from "../../google/wire/predict-long-running.ts";
import { createFolder } from "../../outputs/preflight.ts";
import { makeSpool, spoolDirectory } from "../../outputs/spool.ts";
import { systemNetwork } from "../../references/download.ts";
import { holdOwnership } from "../../spend/ledger/owners.ts";
import { createGate } from "../../transport/gate.ts";
import { createTransport } from "../../transport/send.ts";
import { systemClock } from "../../transport/system-clock.ts";
import { chooseWay } from "../connect.ts";
import { toToolError } from "../draw/errors.ts";
import { uploadNotesFolder } from "../inputs/left-uploads.ts";
import { createLedgerOpener, type OpenedLedger } from "../purchase/open-ledger.ts";
import type { ImageGenOptions } from "../options.ts";
import { openFor, smallSender, type Surroundings } from "../prepare.ts";
import { createRunGate, type SharedGates } from "../draw/run-gate.ts";
import { type ClipBook, noClipBook, openClipBook } from "./clip-book.ts";
import { clipFingerprint } from "./clip-fingerprint.ts";
import type { ClipRun } from "./clip-run.ts";
import { type GivenInputs, inputsInWords, loadClipInputs } from "./load-clip-inputs.ts";
import { makeClip } from "./make-clip.ts";
import { planClipOffline, prepareForClip } from "./prepare-clip.ts";
import { purchaseClip } from "./purchase-clip.ts";
import { reportRecordedClip } from "./recorded-clip.ts";
import { isPending } from "./report-clip.ts";
import { attachToClip, pendingCall, resumeClip } from "./resume-clip.ts";

export interface ClipContext {
  /** Stops waiting at once; what the provider has begun goes on there and can be resumed. */
  readonly signal?: AbortSignal;
  /** Starts nothing any more. */
  readonly stopStarting?: AbortSignal;
  readonly onProgress?: OnClipEvent;
  /** As for pictures: resolves with whether the caller has really seen the outcome. */
  readonly deliver?: (outcome: ClipOutcome) => Promise<boolean>;
}

export interface DescribedClip {
  readonly plan: ClipPlan;
  readonly inputs: ClipInputs;
}

export interface VideoGen {
  /** Makes the clip. Failures are outcomes with `status: "error"`. */
  generate(request: ClipRequest, context?: ClipContext): Promise<ClipOutcome>;
  /** Decides all that `generate` would, without the network. Throws a ToolError with all mistakes at once. */
  plan(request: ClipRequest): Promise<ClipPlan>;
  /** The plan, and words for the inputs that would be sent with it. */
  describe(request: ClipRequest): Promise<DescribedClip>;
  /**
   * Goes on with operations that were begun and whose process is gone: asks for their clips, and buys nothing. All of them, or
   * the one that is named.
   *
   * @throws ToolError `operation-unknown`, `ledger-…`.
   */
  resume(operation?: string, context?: ClipContext): Promise<readonly ClipOutcome[]>;
  /** Lets go of the ledger. */
  close(): void;
}

/** Longest text of a provider's that is passed on, in characters. */
const LONGEST_TEXT = 20_000;
const DEFAULT_MAX_WAIT_MS = 60_000;

/** Opens the library. Nothing is read, sent or written yet. Throws `config-invalid`. */
export function createVideoGen(options: ImageGenOptions): VideoGen {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const rehearsal = options.rehearsal !== undefined;
  const keepsLedger = options.ledger !== "none";
  if (!keepsLedger && (options.caps?.length ?? 0) > 0) throw needsLedger();
  const surroundings: Surroundings = {
    options,
    clock,
    catalogue: createCatalogue(options.models),
    transport: createTransport({ clock, ...(options.proxies ? { proxies: options.proxies } : {}) }),
  };
  const { catalogue, transport } = surroundings;
  const nextId = monotonicFactory(random);
  const opener = createLedgerOpener({ options, catalogue, clock, random });
  const localGate = createGate(clock);
  const run = options.run ?? nextId(clock.now());

  const runOf = (
    plan: ClipPlan,
    inputs: GivenInputs,
    credential: Credential,
    book: ClipBook,
    shared: SharedGates | null,
    context: ClipContext,
  ): ClipRun => {
    const spool = spoolDirectory(options.stateDirectory);
    createFolder(plan.output.directory);
    makeSpool(spool);
    const { endpoint, model } = plan.route;
    const key = { endpoint, credential: identityOf(credential), model };
    const clean = (text: string): string => plainText(createRedactor(credential.secrets())(text), LONGEST_TEXT);
    const { operation, route, deadlines } = plan;
    return {
      plan,
      inputs,
      credential,
      transport,
      store: {
        operation,
        route,
        deadlines,
        credential,
        transport,
        clock,
        clean,
        identity: key.credential,
        stop: context.stopStarting ?? context.signal,
        notesFolder: shared === null ? null : uploadNotesFolder(options.stateDirectory),
      },
      network: systemNetwork(clock),
      book,
      gate: createRunGate({ key, local: localGate, shared, clock }),
      clock,
      random,
      maxWaitMs: options.maxWaitMs ?? DEFAULT_MAX_WAIT_MS,
      spoolDirectory: spool,
      signal: context.signal,
      stopStarting: context.stopStarting,
      tell: context.onProgress ?? (() => {}),
      command: options.command,
      clean,
    };
  };

  const goOn = async (opened: OpenedLedger, operation: string, context: ClipContext): Promise<ClipOutcome | null> =>
    await resumeClip({
      opened,
      operation,
      clock,
      random,
      openCredential: async (route) =>
        await openFor(
          {
            ...options,
            auth: route.auth,
            endpoint: route.endpoint,
            ...(route.projectId === null ? {} : { projectId: route.projectId }),
          },
          { send: smallSender(transport, context.signal), clock },
        ),
      runOf: (plan, credential, book) => runOf(plan, noInputs, credential, book, opened.ledger, context),
    });

  const recorded = async (
    { plan, credential, taken }: Awaited<ReturnType<typeof prepareForClip>>,
    request: ClipRequest,
    inputs: GivenInputs,
    fingerprint: string,
    startedMs: number,
    context: ClipContext,
  ): Promise<ClipOutcome> => {
    const opened = await opener.open();
    const { ledger } = opened;
    await opened.recover();
    const tell = context.onProgress ?? (() => {});
    const owner = plan.operation;
    const ownership = await holdOwnership(opened.directory, owner);
    try {
      const reservation = await purchaseClip({
        ledger,
        clock,
        random,
        plan,
        request,
        fingerprint,
        options,
        run,
        owner,
        maxWaitMs: options.maxWaitMs ?? DEFAULT_MAX_WAIT_MS,
        signal: context.stopStarting ?? context.signal,
        tell,
        recover: async () => void (await opened.recover()),
      });
      tell({ type: "planned", plan });
      if (reservation.kind === "attached") {
        const { operation } = reservation;
        const { because } = reservation;
        const outcome = await attachToClip({ opened, operation, because, clock, signal: context.signal, tell }, () =>
          goOn(opened, operation, context),
        );
        return await deliver(outcome, context, async () => void ledger.markDelivered(operation));
      }
      const { takeWarnings } = opened;
      const book = openClipBook({ ledger, clock, operation: plan.operation, owner, isResumed: false, takeWarnings });
      if (taken !== null) {
        await book.release();
        throw taken;
      }
      const outcome = await makeClip(runOf(plan, inputs, credential, book, ledger, context), {
        handle: null,
        startedMs,
      });
      return await deliver(outcome, context, () => book.delivered());
    } finally {
      ownership.release();
    }
  };

  return {
    async generate(request, context = {}) {
      const operation = nextId(clock.now());
      const startedMs = clock.monotonic();
      try {
        const inputs = await loadClipInputs(surroundings, request, "fetch", context.signal);
        const fingerprint = clipFingerprint(request, inputs, options);
        const isBought = async (): Promise<boolean> => {
          if (!keepsLedger) return false;
          const { ledger } = await opener.open();
          const { idempotencyKey, buyAgain } = request;
          if (idempotencyKey !== undefined && ledger.operationOfKey(idempotencyKey) !== undefined) return true;
          return buyAgain !== true && ledger.findRunningOrUndelivered(fingerprint, { rehearsal }) !== undefined;
        };
        const { signal } = context;
        const prepared = await prepareForClip(surroundings, { request, operation, inputs, signal, isBought });
        if (keepsLedger) return await recorded(prepared, request, inputs.inputs, fingerprint, startedMs, context);
        if (request.budgetUsd !== undefined || request.idempotencyKey !== undefined) throw needsLedger();
        const { plan, credential } = prepared;
        context.onProgress?.({ type: "planned", plan });
        const clipRun = runOf(plan, inputs.inputs, credential, noClipBook, null, context);
        return await deliver(await makeClip(clipRun, { handle: null, startedMs }), context, async () => {});
      } catch (error) {
        return { version: 1, status: "error", operation, rehearsal, error: reportError(toToolError(error)) };
      }
    },
    plan: async (request) => (await describe(request)).plan,
    describe: async (request) => await describe(request),
    async resume(wanted, context = {}) {
      const opened = await opener.open();
      await opened.recover(wanted);
      const known = wanted === undefined ? opened.ledger.openOperations() : [opened.ledger.operation(wanted)];
      if (wanted !== undefined && known[0] === undefined) {
        throw new ToolError("operation-unknown", { message: `The ledger has no operation ${wanted}.` });
      }
      const outcomes: ClipOutcome[] = [];
      for (const operation of known) {
        if (operation === undefined) continue;
        const resumed = pendingCall(operation) === null ? null : await goOn(opened, operation.id, context);
        if (resumed === null && wanted === undefined) continue;
        const outcome = resumed ?? (await reportRecordedClip(opened.ledger.operation(operation.id) ?? operation, []));
        outcomes.push(await deliver(outcome, context, async () => void opened.ledger.markDelivered(operation.id)));
      }
      return outcomes;
    },
    close: () => opener.close(),
  };

  async function describe(request: ClipRequest): Promise<DescribedClip> {
    const chosen = chooseWay(options, null);
    // A project that only the credential knows is not missing yet.
    const problems = chosen.problems.filter(({ code }) => code !== "project-missing");
    const inputs = await loadClipInputs(surroundings, request, "left-out");
    const circumstances = { inputs, disk: "must-be-free" } as const;
    const plan = planClipOffline(surroundings, request, nextId(clock.now()), { ...chosen, problems }, circumstances);
    return { plan, inputs: inputsInWords(inputs.inputs) };
  }
}

async function deliver(outcome: ClipOutcome, context: ClipContext, mark: () => Promise<void>): Promise<ClipOutcome> {
  const isSeen = context.deliver === undefined || (await context.deliver(outcome).catch(() => false));
  // What is still pending is not delivered: the same request is to find it again.
  if (isSeen && !isPending(outcome)) await mark();
  return outcome;
}

const noInputs: GivenInputs = { firstFrame: null, lastFrame: null, references: [], extends: null };

function needsLedger(): ToolError {
  return new ToolError("config-invalid", {
    message: "Budgets and idempotency keys need a ledger: without one nothing could be counted or remembered.",
  });
}
