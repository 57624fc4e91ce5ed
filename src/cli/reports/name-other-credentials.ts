// When the connection that was not even chosen cannot be had: nothing falls back to another one, but the credentials that were
// seen are named, each with the one command that uses it.

import { existsSync } from "node:fs";
import type { AuthMethod } from "../../core/route.ts";
import { type ErrorReport, isToolError, reportError, ToolError } from "../../core/tool-error.ts";
import { seenCredentials } from "../../google/auth/seen-credentials.ts";
import type { Context } from "../context.ts";
import type { CommandInput } from "../handler.ts";

function choices(program: string, fitting: (auth: AuthMethod) => boolean, { environment }: Context): string[] {
  const seen = seenCredentials(environment, existsSync).filter(({ auth }) => fitting(auth));
  const named = seen.map(({ source, options }) => `  ${source}: ${program} ${options} "…"`);
  return [
    ...(named.length === 0
      ? [
          `No other credential was seen in the environment; with a Gemini API key in GOOGLE_API_KEY it would be: ${program} --auth api-key "…"`,
        ]
      : ["Nothing was tried with another connection. These credentials were seen:", ...named]),
    `Free and offline: ${program} --rehearse "…"`,
  ];
}

/** The report of a picture with the choices added when it is about a missing proxy; any other report as it is. */
export function explainReport(report: ErrorReport, context: Context): ErrorReport {
  if (report.code !== "proxy-not-running") return report;
  const more = choices("image-gen", (auth) => auth !== "proxy", context);
  return { ...report, nextStep: [report.nextStep, ...more].join("\n") };
}

/** The same for an error that was thrown. */
export function explainError(error: unknown, context: Context): unknown {
  if (!isToolError(error) || error.code !== "proxy-not-running") return error;
  const { nextStep } = explainReport(reportError(error), context);
  return new ToolError(error.code, { ...error.details, message: error.message, nextStep });
}

/** The report of a clip with the choices added when the way to sign in was nobody's choice. */
export function explainClipReport(report: ErrorReport, { settings }: CommandInput, context: Context): ErrorReport {
  if (report.code !== "credential-missing" || settings.origins.auth.kind !== "default") return report;
  const more = choices("video-gen", (auth) => auth !== "proxy" && auth !== "adc", context);
  return { ...report, nextStep: [report.nextStep, ...more].join("\n") };
}
