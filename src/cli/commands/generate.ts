// `generate`: the request of this command line drawn, or only planned, priced or explained. Drawing is the library's;
// here it is decided what is shown where: paths to stdout, all else to stderr, one JSON document with --json.

import type { ExitCode } from "../../core/error-table.ts";
import type { GenerateRequest } from "../../core/request.ts";
import type { Context } from "../context.ts";
import { relevantWarnings } from "../command-line/credential-flags.ts";
import { openDetached, openEngine } from "../opening/engine.ts";
import { explainError } from "../reports/name-other-credentials.ts";
import type { CommandInput } from "../handler.ts";
import { readGivenReferences } from "../request/given-references.ts";
import { openBudgets } from "../opening/own-budgets.ts";
import { withoutRepeats } from "../reports/problems-failure.ts";
import { readPrompt } from "../request/read-prompt.ts";
import { drawAndReport } from "../reports/report-drawing.ts";
import { refuseWithPlan } from "../reports/refuse-with-plan.ts";
import { reportDryRun } from "../reports/report-dry-run.ts";
import { reportEstimate } from "../reports/report-estimate.ts";
import { requestOf } from "../request/request-of.ts";
import { readVariables } from "../request/given-variables.ts";

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
    return await (await import("../reports/report-settings.ts")).reportSettings(input, context);
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
  await refuseWithPlan(found, async () => {
    const engine = await openEngine(input, context);
    try {
      await engine.imageGen.plan(request);
    } finally {
      await engine.close();
    }
  });

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
