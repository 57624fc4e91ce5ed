// The program: command line in, exit code out. Knows which handler belongs to which command and nothing of what they do.
// Handlers are loaded when their command is known, so that --help and mistakes cost no more than commander.

import type { ExitCode } from "../core/error-table.ts";
import { isToolError, ToolError } from "../core/tool-error.ts";
import { type ConfigFile, readConfigFile } from "../settings/config-file.ts";
import { findFolders } from "../settings/folders.ts";
import { type ResolvedSettings, resolveSettings } from "../settings/resolve.ts";
import { type SettingName, settingRow } from "../settings/table.ts";
import type { Context } from "./context.ts";
import { definitionOf } from "./definitions/index.ts";
import { writeFailure } from "./reports/failure-report.ts";
import type { Handler } from "./handler.ts";
import { helpText } from "./command-line/help-text.ts";
import type { CommandLine, Invocation } from "./command-line/invocation.ts";
import { problemsFailure } from "./reports/problems-failure.ts";
import { readCommandLine, wantsJson } from "./command-line/read-command-line.ts";
import { withRehearsal } from "./command-line/rehearsal-demand.ts";

// Paths are relative to this folder: the build leaves them as they are and points them at the built commands.
const handlers: Readonly<Record<string, () => Promise<{ readonly run: Handler }>>> = {
  generate: () => import("./commands/generate.ts"),
  edit: () => import("./commands/edit.ts"),
  video: () => import("./commands/video.ts"),
  inspect: () => import("./commands/inspect.ts"),
  models: () => import("./commands/models.ts"),
  styles: () => import("./commands/styles.ts"),
  session: () => import("./commands/session.ts"),
  doctor: () => import("./commands/doctor.ts"),
  check: () => import("./commands/doctor.ts"),
  cost: () => import("./commands/cost.ts"),
  spend: () => import("./commands/spend.ts"),
  history: () => import("./commands/history.ts"),
  recover: () => import("./commands/recover.ts"),
  config: () => import("./commands/config.ts"),
  mcp: () => import("./commands/mcp.ts"),
  emulator: () => import("./commands/emulator.ts"),
  complete: () => import("./commands/complete.ts"),
};

/** Runs one command line. Never throws, never exits. */
export async function runProgram(argv: readonly string[], context: Context): Promise<ExitCode> {
  let settings: ResolvedSettings | null = null;
  let rehearsal = argv.includes("--rehearse");
  try {
    const read = readCommandLine(argv);
    if (read.kind !== "command") return await answerWithoutHandler(read, wantsJson(argv), context);
    const line = withRehearsal(read, context.environment);
    rehearsal = line.switches.has("rehearse");
    const word = line.command.split(" ")[0] ?? line.command;
    const load = handlers[word];
    if (!load) throw new ToolError("internal", { message: `The command ${word} has no handler.` });
    settings = readSettings(line, context);
    const { run } = await load();
    return await run({ invocation: line, settings }, context);
  } catch (error) {
    const failure = isToolError(error) ? error : unexpected(error);
    const json = wantsJson(argv);
    return await writeFailure({ failure, json, settings, rehearsal }, context);
  }
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
async function answerWithoutHandler(
  line: Exclude<CommandLine, Invocation>,
  json: boolean,
  context: Context,
): Promise<ExitCode> {
  switch (line.kind) {
    case "help":
      if (json) {
        const { helpDocument } = await import("./command-line/help-document.ts");
        // Without indentation: hosts of agents cut long outputs.
        context.stdout.write(`${JSON.stringify(helpDocument(line.topic, context.version))}\n`);
        return 0;
      }
      context.stdout.write(helpText(line.topic, context.stdout.columns));
      return 0;
    case "version":
      context.stdout.write(`${context.version}\n`);
      return 0;
    case "nothing":
      context.stderr.write(helpText(line.topic, context.stderr.columns));
      return 2;
    case "mistake":
      throw problemsFailure(line.problems);
  }
}

/** Commands without settings do not look at the settings file: `config set` must be able to mend it. */
function readSettings(invocation: Invocation, { environment, workingDirectory }: Context): ResolvedSettings {
  const names = settingsOf(invocation);
  const { configFile } = findFolders(environment, workingDirectory);
  const none: ConfigFile = { path: configFile, entries: new Map(), problems: [], warnings: [] };
  const file = names.length === 0 ? none : readConfigFile(configFile);
  return resolveSettings({ flags: invocation.flags, environment, file, names, workingDirectory });
}

/** What the command reads. A rehearsal reaches no network: base URLs and HTTP proxies are not even looked at. */
function settingsOf({ command, switches }: Invocation): readonly SettingName[] {
  const names = definitionOf(command)?.settings ?? [];
  if (!switches.has("rehearse")) return names;
  return names.filter((name) => settingRow(name).group !== "network" || settingRow(name).flags !== null);
}

function unexpected(error: unknown): ToolError {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const failure = new ToolError("internal", { message });
  if (error instanceof Error && error.stack !== undefined) failure.stack = error.stack;
  return failure;
}
