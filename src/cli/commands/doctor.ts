// `doctor`: which connection can make a picture, in groups with what to do, or as one JSON document.

import type { ExitCode } from "../../core/error-table.ts";
import { isToolError, ToolError } from "../../core/tool-error.ts";
import type { Context } from "../context.ts";
import { relevantWarnings } from "../command-line/credential-flags.ts";
import { openEngine } from "../opening/engine.ts";
import { examineConnections } from "../opening/examine-connections.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { writeDoctorReport } from "../reports/report-doctor.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const { settings, invocation } = input;
  const rehearse = invocation.switches.has("rehearse");
  if (!rehearse) for (const text of relevantWarnings(settings)) context.stderr.write(`Warning: ${text}\n`);
  const engine = await openEngine(input, context);
  const { interruption } = context;
  try {
    const report = await examineConnections(engine, input, context, interruption);
    if (invocation.switches.has("json")) writeJson(context, report);
    else writeDoctorReport(report, context);
    return report.exitCode;
  } catch (error) {
    throw interruption.reason === "SIGTERM" && isToolError(error) && error.code === "interrupted"
      ? new ToolError("terminated", error.details)
      : error;
  } finally {
    await engine.close();
  }
}
