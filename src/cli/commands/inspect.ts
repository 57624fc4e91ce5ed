// `inspect`: what a picture says of itself, as a table or as JSON.

import type { ExitCode } from "../../core/error-table.ts";
import { plainText } from "../../core/redaction.ts";
import { type Inspection, inspectPicture } from "../../outputs/inspect.ts";
import type { Context } from "../context.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { formatTable } from "../terminal/table.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const [file = ""] = input.invocation.operands;
  const found = inspectPicture(file, context.workingDirectory);
  if (input.invocation.switches.has("json")) writeJson(context, { version: 1, status: "ok", ...found });
  else writeTable(found, context);
  return Promise.resolve(0);
}

function writeTable(found: Inspection, context: Context): void {
  const [record] = found.records;
  const rows: readonly (readonly [string, string])[] = [
    ["format", found.format],
    ["pixels", `${found.width} x ${found.height}`],
    ["bytes", String(found.bytes)],
    ["sha256", found.sha256],
    ["whole", found.damage === null ? "yes" : `no: ${found.damage}`],
    ["C2PA mark", found.hasC2pa ? "yes (its signature was not checked)" : "no"],
    ["record", record ? found.records.map(describeSource).join("; ") : "none"],
    ...(record
      ? ([
          ["prompt", record.prompt ?? "unknown"],
          ["model", record.model ?? "unknown"],
          ["cost", record.costUsd === null ? "unknown" : `$${record.costUsd}`],
          ["operation", record.operation ?? "unknown"],
          ["made", record.createdAt ?? "unknown"],
          ["rehearsal", record.rehearsal ? "yes: no real picture" : "no"],
        ] as const)
      : []),
  ];
  context.stdout.write(formatTable(["picture", plainText(found.path)], rows));
}

function describeSource({ source, path, unchanged }: Inspection["records"][number]): string {
  if (source === "embedded") return "inside the picture";
  const change = unchanged === false ? ", but the picture has other bytes now" : "";
  return `beside it (${path})${change}`;
}
