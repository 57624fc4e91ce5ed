// `generate`: the request of this command line drawn, or only planned, priced or explained. Drawing is the library's;
// here it is decided what is shown where: paths to stdout, all else to stderr, one JSON document with --json.

import type { ExitCode } from "../../core/error-table.ts";
import type { GenerateRequest } from "../../core/request.ts";
import { isToolError, type Problem } from "../../core/tool-error.ts";
import type { Context } from "../context.ts";
import { relevantWarnings } from "../credential-flags.ts";
import { type Engine, openDetached, openEngine } from "../engine.ts";
import { explainError } from "../explain-missing-proxy.ts";
import type { CommandInput } from "../handler.ts";
import { readGivenReferences } from "../given-references.ts";
import { openBudgets } from "../own-budgets.ts";
import { refuseProblems, withoutRepeats } from "../problems-failure.ts";
import { readPrompt } from "../read-prompt.ts";
import { drawAndReport } from "../report-drawing.ts";
import { reportDryRun } from "../report-dry-run.ts";
import { reportEstimate } from "../report-estimate.ts";
import { requestOf } from "../request-of.ts";
import { readVariables } from "../given-variables.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  return await runRequest(input, context, {});
}

/** `more` is what another command adds to the request of its command line. */
export async function runRequest(
  input: CommandInput,
  context: Context,
  more: Partial<GenerateRequest>,
): Promise<ExitCode> {
  const { invocation, settings } = input;
  if (invocation.switches.has("show-defaults")) {
    return await (await import("../report-settings.ts")).reportSettings(input, context);
  }
  const given = await readGivenReferences(invocation, context);
  const prompt = await readPrompt(invocation.operands, context);
  const variables = readVariables(invocation);
  const request: GenerateRequest = {
    ...requestOf(prompt, settings.values, { ...given.request, ...variables.request }),
    ...(invocation.switches.has("new") ? { buyAgain: true } : {}),
    ...more,
  };
  const found = withoutRepeats([
    ...invocation.problems,
    ...settings.problems,
    ...given.problems,
    ...variables.problems,
    ...openBudgets(context).problems,
  ]);
  if (found.length > 0) await refuseAll(found, input, context, request);

  const plansOnly = invocation.switches.has("dry-run") || invocation.switches.has("estimate-cost");
  const detached = plansOnly ? null : openDetached(input, context);
  if (detached) {
    sayFirst(input, context);
    return await drawAndReport(detached, request, input, context);
  }
  const engine = await openEngine(input, context);
  try {
    sayFirst(input, context);
    if (invocation.switches.has("dry-run")) return await reportDryRun(engine, request, input, context);
    if (invocation.switches.has("estimate-cost")) return await reportEstimate(engine, request, input, context);
    return await drawAndReport(engine, request, input, context);
  } catch (error) {
    throw explainError(error, context);
  } finally {
    await engine.close();
  }
}

function sayFirst({ invocation, settings }: CommandInput, context: Context): void {
  if (invocation.switches.has("quiet")) return;
  const rehearse = invocation.switches.has("rehearse");
  for (const warning of relevantWarnings(settings)) context.stderr.write(`Warning: ${warning}\n`);
  // On a terminal the tree says it.
  if (rehearse && !context.stderr.isTerminal)
    context.stderr.write("REHEARSAL: built-in emulator, no network, nothing is paid, no real picture.\n");
}

/** Mistakes of the command line, together with those that only the plan finds: all at once, nothing sent. */
async function refuseAll(
  found: readonly Problem[],
  input: CommandInput,
  context: Context,
  request: GenerateRequest,
): Promise<never> {
  // Words that were not understood may have been the prompt: that it is missing would be a guess. Nor is it said twice.
  const isPromptLost = found.some(({ code }) => code === "usage" || code === "prompt-empty");
  const planned = await problemsOfPlan(input, context, request);
  refuseProblems([...found, ...planned.filter(({ code }) => !(isPromptLost && code === "prompt-empty"))]);
  throw new Error("There were problems, and then there were none.");
}

async function problemsOfPlan(
  input: CommandInput,
  context: Context,
  request: GenerateRequest,
): Promise<readonly Problem[]> {
  let engine: Engine | null = null;
  try {
    engine = await openEngine(input, context);
    await engine.imageGen.plan(request);
    return [];
  } catch (error) {
    // Anything but a mistake of the caller's would only hide the ones that are already known.
    return isToolError(error) ? (error.details.problems ?? []) : [];
  } finally {
    await engine?.close();
  }
}
