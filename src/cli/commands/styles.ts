// `styles list` and `styles show`: what --style takes.

import type { ExitCode } from "../../core/error-table.ts";
import { plainText } from "../../core/redaction.ts";
import { type Problem, ToolError } from "../../core/tool-error.ts";
import { findFolders } from "../../settings/folders.ts";
import type { Style } from "../../styles/style.ts";
import { findStyle, listStyles, openStyle, type ShelfPlaces } from "../../styles/style-shelf.ts";
import type { Context } from "../context.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { refuseProblems } from "../reports/problems-failure.ts";
import { formatTable } from "../terminal/table.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const { command, operands } = input.invocation;
  const json = input.invocation.switches.has("json");
  const { stylesDirectory } = findFolders(context.environment, context.workingDirectory);
  const places: ShelfPlaces = { ownFolder: stylesDirectory, workingDirectory: context.workingDirectory };
  if (command === "styles list") list(places, json, context);
  else show(operands[0] ?? "", places, json, context);
  return Promise.resolve(0);
}

function list(places: ShelfPlaces, json: boolean, context: Context): void {
  const styles = listStyles(places).map((shelved) => {
    const problems: Problem[] = [];
    // A file that cannot be used is listed with the reason: its owner looks for it here.
    const style = openStyle(shelved.path, places, problems);
    return {
      ...shelved,
      description: style?.description ?? null,
      variables: style?.defaults ?? {},
      problem: problems[0]?.message ?? null,
    };
  });
  if (json) {
    writeJson(context, { version: 1, status: "ok", folder: places.ownFolder, styles });
    return;
  }
  context.stdout.write(
    formatTable(
      ["style", "from", "what it is"],
      styles.map(({ name, origin, description, problem }) => [name, origin, problem ?? description ?? ""]),
    ),
  );
  context.stderr.write(`Your own: .md files in ${plainText(places.ownFolder ?? "")}\n`);
}

function show(wish: string, places: ShelfPlaces, json: boolean, context: Context): void {
  const problems: Problem[] = [];
  const found = findStyle(wish, places, problems);
  const style = found === null ? null : openStyle(wish, places, problems);
  refuseProblems(problems);
  if (found === null || style === null)
    throw new ToolError("internal", { message: "A style was neither found nor refused." });
  if (json) {
    const { name, description, defaults, template } = style;
    const { origin, path } = found;
    writeJson(context, {
      version: 1,
      status: "ok",
      style: { name, origin, path, description, variables: defaults, template },
    });
    return;
  }
  context.stdout.write(`${plainText(describe(style))}\n`);
  context.stderr.write(`From ${plainText(found.path)}\n`);
}

function describe({ name, description, defaults, template }: Style): string {
  const variables = Object.entries(defaults).map(
    ([variable, value]) => `  ${variable} = ${value === "" ? "(to be given)" : value}`,
  );
  return [
    description === "" ? name : `${name}: ${description}`,
    ...(variables.length === 0 ? [] : ["", "Variables:", ...variables]),
    "",
    template,
  ].join("\n");
}
