// The library's face: told once how to connect, it plans and generates. The one place that knows the whole way.

import { join } from "node:path";
import { monotonicFactory } from "ulid";
import type { ErrorOutcome, Outcome } from "../core/outcome.ts";
import type { Plan } from "../core/plan.ts";
import { createRedactor, plainText } from "../core/redaction.ts";
import type { GenerateRequest } from "../core/request.ts";
import { reportError, ToolError } from "../core/tool-error.ts";
import { createCatalogue } from "../google/models/catalogue.ts";
import { createFolder } from "../outputs/preflight.ts";
import { createGate } from "../transport/gate.ts";
import { createTransport } from "../transport/send.ts";
import { systemClock } from "../transport/system-clock.ts";
import { chooseWay } from "./connect.ts";
import { drawPicture } from "./draw-picture.ts";
import { toToolError } from "./errors.ts";
import type { GenerateContext, ImageGenOptions } from "./options.ts";
import { planOffline, type Prepared, prepare, type Surroundings } from "./prepare.ts";
import { writeRecord } from "./record.ts";
import { type ReportInput, reportOutcome } from "./report.ts";
import type { Run } from "./run.ts";
import { runPictures } from "./run-pictures.ts";

/** Longest text of a provider's that is passed on, in characters. */
const LONGEST_TEXT = 20_000;
const DEFAULT_MAX_WAIT_MS = 60_000;

export interface ImageGen {
  /** Makes the pictures. Does not throw for failures of the request or the provider: those are outcomes with `status: "error"`. */
  generate(request: GenerateRequest, context?: GenerateContext): Promise<Outcome>;
  /**
   * Decides all that `generate` would, without the network: no proxy is asked for its models, no token is fetched.
   *
   * @throws ToolError with all mistakes at once.
   */
  plan(request: GenerateRequest): Promise<Plan>;
}

/**
 * Opens the library. Nothing is read, sent or written yet.
 *
 * @throws ToolError `config-invalid` when the user's models file has mistakes.
 */
export function createImageGen(options: ImageGenOptions): ImageGen {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const surroundings: Surroundings = {
    options,
    clock,
    catalogue: createCatalogue(options.models),
    transport: createTransport({ clock, ...(options.proxies ? { proxies: options.proxies } : {}) }),
  };
  const nextId = monotonicFactory(random);
  const gate = createGate(clock);

  const generate = async (request: GenerateRequest, context: GenerateContext = {}): Promise<Outcome> => {
    const operation = nextId(clock.now());
    const started = clock.monotonic();
    let prepared: Prepared;
    try {
      prepared = await prepare(surroundings, request, operation, context.signal);
      createFolder(prepared.plan.output.directory);
    } catch (error) {
      return refusal(operation, options, toToolError(error));
    }
    const { plan, credential } = prepared;
    const tell = context.onProgress ?? (() => {});
    tell({ type: "planned", plan });
    const run: Run = {
      plan,
      credential,
      catalogue: surroundings.catalogue,
      transport: surroundings.transport,
      gate,
      gateKey: `${plan.route.endpoint} ${credential.source} ${plan.route.model}`,
      clock,
      random,
      maxWaitMs: options.maxWaitMs ?? DEFAULT_MAX_WAIT_MS,
      keepDirectory: join(options.stateDirectory, "kept"),
      signal: context.signal,
      stopWaiting: anyOf(context.signal, context.stopStarting),
      tell,
      // Tokens are fetched while the run goes on: the redactor is made anew.
      clean: (text) => plainText(createRedactor(credential.secrets())(text), LONGEST_TEXT),
    };
    const model = surroundings.catalogue.find(plan.route.model)?.model ?? surroundings.catalogue.default;
    const drawn = await runPictures(
      plan.request.count,
      async (index) => {
        const began = clock.monotonic();
        const result = await drawPicture(run, index);
        const durationMs = clock.monotonic() - began;
        if (result.error) tell({ type: "failed", image: index, message: result.error.message });
        const record = { plan, model, results: [], durationMs, nowMs: clock.now(), notStarted: null };
        const warning = writeRecord(record, result, options.command);
        return warning === null ? result : { ...result, warnings: [...result.warnings, warning] };
      },
      context.stopStarting,
    );
    const input: ReportInput = {
      plan,
      model,
      results: drawn,
      durationMs: clock.monotonic() - started,
      nowMs: clock.now(),
      notStarted: context.stopStarting?.aborted === true ? new ToolError("interrupted", { billed: "no" }) : null,
    };
    return reportOutcome(input);
  };

  return {
    generate,
    plan: async (request) => {
      const chosen = chooseWay(options, null);
      // A project that only the credential knows is not missing yet.
      const problems = chosen.problems.filter(({ code }) => code !== "project-missing");
      return planOffline(surroundings, request, nextId(clock.now()), { ...chosen, problems }, null);
    },
  };
}

function anyOf(first: AbortSignal | undefined, second: AbortSignal | undefined): AbortSignal | undefined {
  return first && second ? AbortSignal.any([first, second]) : (first ?? second);
}

/** Nothing was sent. */
function refusal(operation: string, options: ImageGenOptions, error: ToolError): ErrorOutcome {
  return {
    version: 1,
    status: "error",
    operation,
    rehearsal: options.rehearsal !== undefined,
    error: reportError(error),
  };
}
