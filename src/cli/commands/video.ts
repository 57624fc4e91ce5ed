// `video-gen` (and `image-gen video`): a clip made, planned or priced; `resume` asks for clips that were begun.

import type { ClipOutcome, ClipRequest } from "../../core/clip.ts";
import type { ExitCode } from "../../core/error-table.ts";
import type { Context } from "../context.ts";
import { totalOfClip, totalSentence } from "../reports/clip-total.ts";
import { clipRequestOf } from "../request/clip-request-of.ts";
import { explainClipReport } from "../reports/name-other-credentials.ts";
import { relevantWarnings } from "../command-line/credential-flags.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { openBudgets } from "../opening/own-budgets.ts";
import { withoutRepeats } from "../reports/problems-failure.ts";
import { readPrompt } from "../request/read-prompt.ts";
import { refuseWithPlan } from "../reports/refuse-with-plan.ts";
import { displayOpener, reportClipDryRun, reportClipEstimate, reportClipOutcome } from "../reports/report-clip.ts";
import { runningClipLine, runningClips } from "../reports/running-clips.ts";
import type { ClipDisplay } from "../terminal/clip-display.ts";
import { type ClipMaking, openDetachedVideo, openVideoEngine } from "../opening/video-engine.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  return input.invocation.command === "video resume" ? await resume(input, context) : await make(input, context);
}

async function make(input: CommandInput, context: Context): Promise<ExitCode> {
  const { switches, operands } = input.invocation;
  const { request, problems } = clipRequestOf(await readPrompt(operands, context), input);
  const { invocation, settings } = input;
  const found = withoutRepeats([
    ...invocation.problems,
    ...settings.problems,
    ...problems,
    ...openBudgets(context).problems,
  ]);
  await refuseWithPlan(found, async () => {
    const engine = await openVideoEngine(input, context);
    try {
      await engine.videoGen.plan(request);
    } finally {
      await engine.close();
    }
  });
  const plansOnly = switches.has("dry-run") || switches.has("estimate-cost");
  const detached = plansOnly ? null : openDetachedVideo(input, context);
  sayFirst(input, context);
  // The sender goes on when the command is gone.
  if (detached) return await makeAndReport(detached, request, input, context, context.abandonment);
  const engine = await openVideoEngine(input, context);
  try {
    if (switches.has("dry-run")) return await reportClipDryRun(await engine.videoGen.describe(request), input, context);
    if (switches.has("estimate-cost")) {
      return reportClipEstimate(await engine.videoGen.plan(request), input, context);
    }
    return await makeAndReport(engine.videoGen, request, input, context, context.interruption);
  } finally {
    await engine.close();
  }
}

async function makeAndReport(
  making: ClipMaking,
  request: ClipRequest,
  input: CommandInput,
  context: Context,
  signal: AbortSignal,
): Promise<ExitCode> {
  const display = (await displayOpener(input, context))();
  const end = async (ended: ClipOutcome): Promise<ExitCode> => {
    const outcome =
      ended.status === "error" ? { ...ended, error: explainClipReport(ended.error, input, context) } : ended;
    const total = outcome.status === "ok" ? await totalOfClip(request, outcome, context) : null;
    display.finish(outcome, total && totalSentence(total));
    if (input.invocation.switches.has("json")) writeJson(context, total === null ? outcome : { ...outcome, total });
    return reportClipOutcome(outcome, total, display, input, context);
  };
  // Shown once, whether it is delivered or only returned, and waited for by both.
  let ending: Promise<ExitCode> | null = null;
  try {
    const outcome = await making.generate(request, {
      signal,
      stopStarting: context.interruption,
      onProgress: (event) => {
        if (ending === null) display.onProgress(event);
      },
      // The result counts as delivered when it has been written, and not before.
      deliver: async (delivered) => {
        await (ending ??= end(delivered));
        return true;
      },
    });
    return await (ending ??= end(outcome));
  } finally {
    if (ending === null) display.finish(null, null);
  }
}

async function resume(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input, openBudgets(context).problems);
  const { operands, switches } = input.invocation;
  const open = await displayOpener(input, context);
  const engine = await openVideoEngine(input, context);
  // Each clip has a display of its own, from its first event to its end.
  const shown: { display: ClipDisplay | null } = { display: null };
  const codes: ExitCode[] = [];
  try {
    const outcomes = await engine.videoGen.resume(operands[0], {
      signal: context.interruption,
      onProgress: (event) => (shown.display ??= open()).onProgress(event),
      deliver: (outcome) => {
        const display = shown.display ?? open();
        shown.display = null;
        display.finish(outcome, null);
        codes.push(reportClipOutcome(outcome, null, display, input, context));
        return Promise.resolve(true);
      },
    });
    const told = new Set(outcomes.map(({ operation }) => operation));
    const running = operands[0] === undefined ? await runningClips(told, context) : [];
    if (switches.has("json")) writeJson(context, { version: 1, status: "ok", outcomes, running });
    else if (!switches.has("quiet")) {
      for (const clip of running) context.stderr.write(`${runningClipLine(clip, context.clock.now())}\n`);
      if (outcomes.length + running.length === 0) context.stderr.write("Nothing to resume.\n");
    }
    return codes.find((code) => code !== 0) ?? 0;
  } finally {
    shown.display?.finish(null, null);
    await engine.close();
  }
}

function sayFirst({ invocation, settings }: CommandInput, { stderr }: Context): void {
  if (invocation.switches.has("quiet")) return;
  for (const warning of relevantWarnings(settings)) stderr.write(`Warning: ${warning}\n`);
  if (invocation.switches.has("rehearse")) {
    stderr.write("REHEARSAL: built-in emulator, no network, nothing is paid, no real clip.\n");
  }
}
