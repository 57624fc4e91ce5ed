// --show-defaults: the settings in force and where each came from, mistakes included, so that they can be found.

import type { ExitCode } from "../core/error-table.ts";
import { describeSettings } from "../settings/describe.ts";
import type { Context } from "./context.ts";
import { problemLine } from "./failure-report.ts";
import { type CommandInput, writeJson } from "./handler.ts";
import { problemsFailure } from "./problems-failure.ts";
import { formatTable } from "./terminal/table.ts";

export async function reportSettings({ invocation, settings }: CommandInput, context: Context): Promise<ExitCode> {
  const [unknownOption, ...others] = invocation.problems;
  if (unknownOption) throw problemsFailure([unknownOption, ...others]);
  const rows = await withDefaultModel(describeSettings(settings));
  const { problems } = settings;
  const exitCode = problems.length > 0 ? 3 : 0;
  if (invocation.switches.has("json")) {
    writeJson(context, { version: 1, status: problems.length > 0 ? "error" : "ok", settings: rows, problems });
    return exitCode;
  }
  context.stdout.write(
    formatTable(
      ["setting", "value", "from"],
      rows.map(({ name, value, origin }) => [name, value, origin]),
    ),
  );
  for (const problem of problems) context.stderr.write(`${problemLine(problem)}\n`);
  for (const { message } of settings.warnings) context.stderr.write(`Warning: ${message}\n`);
  return exitCode;
}

/** Names the catalogue's default model, which the settings do not know. */
async function withDefaultModel(
  rows: ReturnType<typeof describeSettings>,
): Promise<ReturnType<typeof describeSettings>> {
  const { createCatalogue } = await import("../google/models/catalogue.ts");
  const model = createCatalogue().default.id;
  return rows.map((row) => (row.name === "model" && row.origin === "default" ? { ...row, value: model } : row));
}
