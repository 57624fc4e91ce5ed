// Drawing with everything a person sees of it: progress, the end, the picture itself, paths, and the exit code.

import type { ExitCode } from "../../core/error-table.ts";
import { errorTable } from "../../core/error-table.ts";
import type { Outcome } from "../../core/outcome.ts";
import { plainText } from "../../core/redaction.ts";
import type { GenerateRequest } from "../../core/request.ts";
import { costSentence } from "./cost-sentence.ts";
import type { Context } from "../context.ts";
import type { Drawing } from "../opening/drawing-library.ts";
import { explainReport } from "./name-other-credentials.ts";
import { writeFailureText } from "./failure-report.ts";
import { type CommandInput, writeJson } from "../handler.ts";
import { previewCodes, previewProtocol, shrinkForPreview } from "../terminal/preview.ts";
import { openProgressDisplay, type ProgressDisplay } from "../terminal/progress-display.ts";
import { usualSecondsOf } from "./usual-seconds.ts";

/** What draws, and the models that the user has added. */
export interface DrawingEngine {
  readonly imageGen: Drawing;
  readonly models: unknown;
}

export async function drawAndReport(
  engine: DrawingEngine,
  request: GenerateRequest,
  input: CommandInput,
  context: Context,
): Promise<ExitCode> {
  const { switches } = input.invocation;
  const display = openProgressDisplay(
    {
      silent: switches.has("quiet"),
      still: switches.has("progress"),
      verbose: switches.has("verbose"),
      usualSeconds: await usualSecondsOf(engine.models),
    },
    context,
  );
  const { interruption } = context;
  let exitCode: ExitCode | null = null;
  let isFinished = false;
  const show = async (outcome: Outcome | null): Promise<void> => {
    if (isFinished) return;
    isFinished = true;
    const told = outcome && asInterrupted(outcome, interruption);
    display.finish(told);
    if (told) exitCode = await reportOutcome(told, display, input, context);
  };
  sayStopping(input, context);
  try {
    const outcome = await engine.imageGen.generate(request, {
      signal: context.abandonment,
      stopStarting: interruption,
      onProgress: (event) => {
        if (!isFinished) display.onProgress(event);
      },
      // The result counts as delivered when it has been written, and not before.
      deliver: async (delivered) => {
        await show(delivered);
        return true;
      },
    });
    await show(outcome);
  } finally {
    await show(null);
  }
  return exitCode ?? errorTable.internal.exit;
}

async function reportOutcome(
  finished: Outcome,
  display: ProgressDisplay,
  input: CommandInput,
  context: Context,
): Promise<ExitCode> {
  const { switches } = input.invocation;
  const json = switches.has("json");
  const outcome: Outcome =
    finished.status === "error" ? { ...finished, error: explainReport(finished.error, context) } : finished;
  if (json) writeJson(context, outcome);
  if (!switches.has("quiet")) writeDetails(outcome, display, switches.has("verbose"), context);
  if (outcome.status === "error") {
    if (!json) writeFailureText(outcome.error, outcome.operation, context);
    return outcome.error.exitCode;
  }
  if (!json) await writePictures(outcome, display, input, context);
  if (context.interruption.aborted) return exitOf(context.interruption);
  return outcome.status === "ok" ? 0 : 9;
}

/** Says what the first Ctrl-C does when this very process sends: a picture that is on its way is paid for, so it is finished. */
function sayStopping({ invocation }: CommandInput, { interruption, stderr, startSender }: Context): void {
  if (startSender && !invocation.switches.has("foreground")) return;
  const say = () => {
    if (interruption.reason !== "SIGINT") return;
    stderr.write(
      "\nStopping. A picture that is on its way is finished, because it is paid for; Ctrl-C again gives it up.\n",
    );
  };
  interruption.addEventListener("abort", say, { once: true });
}

function exitOf(interruption: AbortSignal): ExitCode {
  return interruption.reason === "SIGTERM" ? errorTable.terminated.exit : errorTable.interrupted.exit;
}

/** The library knows that it was stopped, but not by which signal. */
function asInterrupted(outcome: Outcome, interruption: AbortSignal): Outcome {
  if (outcome.status !== "error" || outcome.error.code !== "interrupted" || interruption.reason !== "SIGTERM") {
    return outcome;
  }
  const { exit, cause } = errorTable.terminated;
  return { ...outcome, error: { ...outcome.error, code: "terminated", exitCode: exit, cause } };
}

/** What the tree does not say, or has not said because there was none. */
function writeDetails(outcome: Outcome, display: ProgressDisplay, verbose: boolean, context: Context): void {
  const say = (line: string) => context.stderr.write(`${plainText(line).replaceAll("\n", " ")}\n`);
  if (!display.showsPaths) {
    if (outcome.status !== "error") say(costSentence(outcome.cost, outcome.rehearsal));
    for (const warning of outcome.warnings ?? []) {
      if (!display.saidWarnings.has(warning)) say(`Warning: ${warning}`);
    }
    if (outcome.status === "partial") for (const { message } of outcome.errors ?? []) say(`Failed: ${message}`);
  }
  if (outcome.text) say(`The model says: ${outcome.text}`);
  if (!verbose) return;
  const { route, usage } = outcome;
  say(`Operation: ${outcome.operation}`);
  if (route) {
    say(
      `Route: --auth ${route.auth}, ${route.endpoint}, ${route.model}, served by ${route.modelVersion ?? "an unnamed version"}`,
    );
  }
  if (outcome.attempts !== undefined) say(`Calls sent: ${outcome.attempts}, in ${outcome.durationMs ?? 0} ms`);
  if (usage) {
    say(
      `Tokens: prompt ${usage.promptTokens}, image ${usage.imageTokens}, text ${usage.textTokens}, thought ${usage.thoughtTokens}`,
    );
    if (usage.searchQueries !== undefined) say(`Searches, each billed by itself: ${usage.searchQueries}`);
  }
  if (outcome.responseId) say(`Response id: ${outcome.responseId}`);
}

async function writePictures(
  outcome: Exclude<Outcome, { status: "error" }>,
  display: ProgressDisplay,
  { invocation, settings }: CommandInput,
  context: Context,
): Promise<void> {
  const { stdout, stderr, environment } = context;
  // On one and the same terminal the tree has said the paths already.
  const alreadySaid = display.showsPaths && stdout.isTerminal;
  const places = [...outcome.images.map(({ path }) => path), ...(outcome.stored ?? []).map(({ uri }) => uri)];
  if (!alreadySaid) for (const place of places) stdout.write(`${place}\n`);
  const protocol = previewProtocol(environment);
  const wanted = settings.values.preview === true && !invocation.switches.has("quiet");
  if (protocol === null || !wanted || !stderr.isTerminal) return;
  const [first] = outcome.images;
  const png = first ? await shrinkForPreview(first.path) : null;
  if (png) stderr.write(previewCodes(protocol, png));
}
