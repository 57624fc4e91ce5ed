// The library's face: told once how to connect, it plans and generates. The one place that knows the whole way:
// plan, reserve (or attach), send, publish, settle.

import { monotonicFactory } from "ulid";
import type { ErrorOutcome, Outcome } from "../core/outcome.ts";
import type { Plan } from "../core/plan.ts";
import type { GenerateRequest } from "../core/request.ts";
import { reportError, ToolError } from "../core/tool-error.ts";
import { createCatalogue } from "../google/models/catalogue.ts";
import { holdOwnership } from "../spend/ledger/owners.ts";
import { createGate } from "../transport/gate.ts";
import { createTransport } from "../transport/send.ts";
import { systemClock } from "../transport/system-clock.ts";
import { attachTo } from "./purchase/attach.ts";
import { noBook } from "./purchase/book.ts";
import { composeRequest } from "./inputs/compose-request.ts";
import { chooseWay, usualLocationOf } from "./connect.ts";
import { deliver, drawOperation, maxWaitOf, type OperationSurroundings, stopWaiting } from "./draw/draw-operation.ts";
import { toToolError } from "./draw/errors.ts";
import { fingerprintOf } from "./purchase/fingerprint.ts";
import { loadInputs } from "./inputs/load-inputs.ts";
import { createLedgerOpener } from "./purchase/open-ledger.ts";
import type { GenerateContext, ImageGenOptions } from "./options.ts";
import { planOffline, type Prepared, prepare, type Surroundings } from "./prepare.ts";
import { purchase } from "./purchase/purchase.ts";
import type { Recovery } from "./recover.ts";

export interface ImageGen {
  /** Makes the pictures. Does not throw for failures of the request or the provider: those are outcomes with `status: "error"`. */
  generate(request: GenerateRequest, context?: GenerateContext): Promise<Outcome>;
  /**
   * Decides all that `generate` would, without the network: no proxy is asked for its models, no token is fetched.
   *
   * @throws ToolError with all mistakes at once.
   */
  plan(request: GenerateRequest): Promise<Plan>;
  /**
   * Brings what killed processes have left to its end: publishes answers that wait, releases what was never sent, names what
   * is unknown. `generate` does it by itself before it buys.
   *
   * @throws ToolError `ledger-…`.
   */
  recover(): Promise<Recovery>;
  /** Lets go of the ledger. The next `generate` opens it again. */
  close(): void;
}

/**
 * Opens the library. Nothing is read, sent or written yet.
 *
 * @throws ToolError `config-invalid` when the user's models file has mistakes, or for budgets without a ledger.
 */
export function createImageGen(options: ImageGenOptions): ImageGen {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const keepsLedger = options.ledger !== "none";
  if (!keepsLedger && (options.caps?.length ?? 0) > 0) throw needsLedger();
  const rehearsal = options.rehearsal !== undefined;
  const surroundings: Surroundings = {
    options,
    clock,
    catalogue: createCatalogue(options.models),
    transport: createTransport({ clock, ...(options.proxies ? { proxies: options.proxies } : {}) }),
  };
  const { catalogue } = surroundings;
  const nextId = monotonicFactory(random);
  const opener = createLedgerOpener({ options, catalogue, clock, random });
  const operations: OperationSurroundings = { ...surroundings, random, localGate: createGate(clock) };
  const run = options.run ?? nextId(clock.now());

  const recorded = async (
    prepared: Prepared,
    request: GenerateRequest,
    context: GenerateContext,
    { operation, fingerprint, startedMs }: { operation: string; fingerprint: string; startedMs: number },
  ): Promise<Outcome> => {
    const opened = await opener.open();
    const { ledger } = opened;
    await opened.recover();
    const { plan, taken } = prepared;
    const tell = context.onProgress ?? (() => {});
    const signal = stopWaiting(context);
    const ownership = await holdOwnership(opened.directory, operation);
    try {
      const bought = await purchase({
        ledger,
        clock,
        random,
        plan,
        model: catalogue.find(plan.route.model)?.model ?? catalogue.default,
        request,
        fingerprint,
        options,
        run,
        owner: operation,
        maxWaitMs: maxWaitOf(surroundings),
        signal,
        tell,
        recover: async () => void (await opened.recover()),
        takeWarnings: opened.takeWarnings,
      });
      if (bought.kind === "attached") {
        tell({ type: "planned", plan });
        const { operation: earlier, because } = bought;
        const outcome = await attachTo({ opened, operation: earlier, because, catalogue, clock, signal, tell });
        return await deliver(outcome, context, async () => void ledger.markDelivered(earlier));
      }
      const { book } = bought;
      if (taken !== null) {
        // What was there to attach to has been delivered meanwhile, and its picture has the name.
        await book.releaseRest();
        throw taken;
      }
      const warned = { ...prepared, plan: { ...plan, warnings: [...plan.warnings, ...bought.warnings] } };
      return await drawOperation(operations, { prepared: warned, book, shared: ledger, startedMs, context });
    } finally {
      ownership.release();
    }
  };

  const generate = async (request: GenerateRequest, context: GenerateContext = {}): Promise<Outcome> => {
    const operation = nextId(clock.now());
    const startedMs = clock.monotonic();
    try {
      const { signal } = context;
      const inputs = await loadInputs(surroundings, request, "fetch", signal);
      // A style's file may have changed since the same words were last sent: what counts is what it makes of them.
      const { text } = composeRequest(request, options, []);
      const fingerprint = fingerprintOf({ ...request, prompt: text }, inputs, options);
      const isBought = async (): Promise<boolean> => {
        if (!keepsLedger) return false;
        const { ledger } = await opener.open();
        const { idempotencyKey, buyAgain } = request;
        if (idempotencyKey !== undefined && ledger.operationOfKey(idempotencyKey) !== undefined) return true;
        return buyAgain !== true && ledger.findRunningOrUndelivered(fingerprint, { rehearsal }) !== undefined;
      };
      const prepared = await prepare(surroundings, { request, operation, inputs, signal, isBought });
      if (keepsLedger) return await recorded(prepared, request, context, { operation, fingerprint, startedMs });
      if (request.budgetUsd !== undefined || request.idempotencyKey !== undefined) throw needsLedger();
      return await drawOperation(operations, { prepared, book: noBook, shared: null, startedMs, context });
    } catch (error) {
      return refusal(operation, rehearsal, toToolError(error));
    }
  };

  return {
    generate,
    plan: async (request) => {
      const chosen = chooseWay(options, null, usualLocationOf(request.model, catalogue));
      // A project that only the credential knows is not missing yet.
      const problems = chosen.problems.filter(({ code }) => code !== "project-missing");
      const inputs = await loadInputs(surroundings, request, "left-out");
      const circumstances = { offered: null, disk: "must-be-free", inputs } as const;
      return planOffline(surroundings, request, nextId(clock.now()), { ...chosen, problems }, circumstances);
    },
    recover: async () => await (await opener.open()).recover(),
    close: () => opener.close(),
  };
}

function needsLedger(): ToolError {
  return new ToolError("config-invalid", {
    message: "Budgets and idempotency keys need a ledger: without one nothing could be counted or remembered.",
  });
}

/** Nothing was sent. */
function refusal(operation: string, rehearsal: boolean, error: ToolError): ErrorOutcome {
  return { version: 1, status: "error", operation, rehearsal, error: reportError(error) };
}
