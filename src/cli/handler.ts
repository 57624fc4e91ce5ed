// Handler: what runs a command. It gets what was understood of the command line and gives back an exit code or throws a ToolError.

import type { ExitCode } from "../core/error-table.ts";
import type { Problem } from "../core/tool-error.ts";
import type { ResolvedSettings } from "../settings/resolve.ts";
import type { Context } from "./context.ts";
import type { Invocation } from "./command-line/invocation.ts";
import { refuseProblems } from "./reports/problems-failure.ts";

/** The settings are resolved, but neither their problems nor those of the command line have been looked at. */
export interface CommandInput {
  readonly invocation: Invocation;
  readonly settings: ResolvedSettings;
}

export type Handler = (input: CommandInput, context: Context) => Promise<ExitCode>;

/** @throws ToolError with all mistakes of command line and settings at once, and those that the caller has found. */
export function requireNoProblems({ invocation, settings }: CommandInput, found: readonly Problem[] = []): void {
  refuseProblems([...invocation.problems, ...settings.problems, ...found]);
}

/** Writes the one JSON document of a run. */
export function writeJson(context: Context, document: unknown): void {
  context.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
