// Failure report: what happened, why, and what to do, for people on stderr and for programs as the one JSON document.

import type { ExitCode } from "../../core/error-table.ts";
import type { ErrorOutcome } from "../../core/outcome.ts";
import { plainText, type Redact } from "../../core/redaction.ts";
import { type ErrorReport, type Problem, reportError, type ToolError } from "../../core/tool-error.ts";
import type { ResolvedSettings } from "../../settings/resolve.ts";
import type { Context } from "../context.ts";
import { writeJson } from "../handler.ts";
import { withPlace } from "./problems-failure.ts";
import { redactorOf } from "../opening/settings-redactor.ts";
import { chooseStyle } from "../terminal/style.ts";

export interface FailureToWrite {
  readonly failure: ToolError;
  readonly json: boolean;
  readonly settings: ResolvedSettings | null;
  readonly rehearsal: boolean;
}

/** A mistake on one line: what is wrong, what is allowed, what was probably meant. */
export function problemLine(problem: Problem): string {
  const { message, allowed, suggestion } = withPlace(problem);
  const more = [
    ...(allowed && allowed.length > 0 ? [`Allowed: ${allowed.join(", ")}.`] : []),
    ...(suggestion === undefined ? [] : [`Did you mean ${suggestion}?`]),
  ];
  return [message, ...more].join(" ");
}

/** The failure in words, one line each; the first is the headline. */
export function failureLines(report: ErrorReport, operation: string | null): string[] {
  const { problems = [], savedAt, retryAfterSeconds } = report;
  const [onlyProblem] = problems;
  const headline = problems.length === 1 && onlyProblem ? problemLine(onlyProblem) : report.message;
  return [
    headline,
    ...(problems.length > 1 ? problems.map((problem) => `  - ${problemLine(problem)}`) : []),
    ...(report.providerMessage ? [`The provider says: ${report.providerMessage}`] : []),
    ...(report.cause === report.message ? [] : [`Why: ${report.cause}`]),
    `What to do: ${report.nextStep}`,
    ...(retryAfterSeconds === null ? [] : [`It may be tried again in ${retryAfterSeconds} s.`]),
    ...(savedAt === null ? [] : [`Kept at: ${savedAt}`]),
    ...(report.billed === "no" ? [] : [`Billed: ${report.billed === "yes" ? "yes" : "perhaps"}`]),
    ...(operation === null ? [] : [`Operation: ${operation}`]),
  ];
}

/** Writes a failure for people. */
export function writeFailureText(report: ErrorReport, operation: string | null, context: Context): void {
  const { environment, stderr } = context;
  const style = chooseStyle({ isTerminal: stderr.isTerminal, environment });
  const [headline = "", ...rest] = failureLines(report, operation).map((line) =>
    plainText(line).replaceAll("\n", "\n  "),
  );
  const mark = style.unicode ? "✗ " : "Error: ";
  stderr.write(`${style.colors.red(`${mark}${headline}`)}\n${rest.map((line) => `  ${line}\n`).join("")}`);
}

function redactProblem(problem: Problem, redact: Redact): Problem {
  const { given, suggestion } = problem;
  return {
    ...problem,
    message: redact(problem.message),
    ...(given === undefined ? {} : { given: redact(given) }),
    ...(suggestion === undefined ? {} : { suggestion: redact(suggestion) }),
  };
}

/** Masks what is secret in every text of a report, whatever it came from. */
function redactReport(report: ErrorReport, settings: ResolvedSettings | null): ErrorReport {
  const redact = redactorOf(settings);
  const { cause, nextStep, message, providerMessage, problems } = report;
  return {
    ...report,
    message: redact(message),
    cause: redact(cause),
    nextStep: redact(nextStep),
    providerMessage: providerMessage === null ? null : redact(providerMessage),
    ...(problems ? { problems: problems.map((problem) => redactProblem(problem, redact)) } : {}),
  };
}

/** Writes a failure that was thrown and gives its exit code. */
export async function writeFailure(
  { failure, json, settings, rehearsal }: FailureToWrite,
  context: Context,
): Promise<ExitCode> {
  const report = redactReport(reportError(failure), settings);
  if (!json) {
    writeFailureText(report, null, context);
    return report.exitCode;
  }
  const { ulid } = await import("ulid");
  // Nothing was begun, but programs that log operations need not know that.
  const outcome: ErrorOutcome = {
    version: 1,
    status: "error",
    operation: ulid(context.clock.now()),
    rehearsal,
    error: report,
  };
  writeJson(context, outcome);
  return report.exitCode;
}
