// When CLIProxyAPI is not there: nothing falls back to another connection, but the credentials that were seen are named,
// each with the one command that uses it.

import { existsSync } from "node:fs";
import { type ErrorReport, isToolError, reportError, ToolError } from "../core/tool-error.ts";
import { seenCredentials } from "../google/auth/seen-credentials.ts";
import type { Context } from "./context.ts";

function nextStepWithChoices(report: ErrorReport, { environment }: Context): string {
  const seen = seenCredentials(environment, existsSync).filter(({ auth }) => auth !== "proxy");
  const choices =
    seen.length === 0
      ? [
          'No other credential was seen in the environment; with a Gemini API key in GOOGLE_API_KEY it would be: image-gen --auth api-key "…"',
        ]
      : [
          "Nothing was tried with another connection. These credentials were seen:",
          ...seen.map(({ source, command }) => `  ${source}: ${command}`),
        ];
  return [report.nextStep, ...choices, 'Free and offline: image-gen --rehearse "…"'].join("\n");
}

/** The report with the choices added when it is about a missing proxy; any other report as it is. */
export function explainReport(report: ErrorReport, context: Context): ErrorReport {
  return report.code === "proxy-not-running" ? { ...report, nextStep: nextStepWithChoices(report, context) } : report;
}

/** The same for an error that was thrown. */
export function explainError(error: unknown, context: Context): unknown {
  if (!isToolError(error) || error.code !== "proxy-not-running") return error;
  return new ToolError(error.code, {
    ...error.details,
    message: error.message,
    nextStep: nextStepWithChoices(reportError(error), context),
  });
}
