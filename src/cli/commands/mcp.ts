// `mcp`: the server for coding agents, on stdin and stdout or over HTTP on this machine.

import type { ExitCode } from "../../core/error-table.ts";
import { serveStdio } from "../../mcp/serve-stdio.ts";
import type { Desk } from "../../mcp/desk.ts";
import { wholeNumber } from "../../settings/parsers.ts";
import type { Context } from "../context.ts";
import { relevantWarnings } from "../command-line/credential-flags.ts";
import { type CommandInput, requireNoProblems } from "../handler.ts";
import { openDesk } from "../opening/open-desk.ts";
import { explainPort } from "../reports/port-failure.ts";
import { readSwitch } from "../command-line/read-switch.ts";
import { untilInterrupted } from "../until-interrupted.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  const { switches } = input.invocation;
  const problems = [...input.invocation.problems];
  const port = readSwitch(switches, "port", wholeNumber({ least: 0, most: 65_535 }), problems);
  if (port !== undefined && !switches.has("http")) {
    problems.push({ code: "usage", field: "--port", message: "--port goes with --http.", suggestion: "--http" });
  }
  requireNoProblems({ ...input, invocation: { ...input.invocation, problems } });
  for (const warning of relevantWarnings(input.settings)) context.stderr.write(`Warning: ${warning}\n`);
  const open = openDesk(input, context);
  try {
    if (switches.has("http")) await overHttp(open.desk, port ?? 0, context);
    else await serveStdio(open.desk, context.rawStreams(), context.interruption);
    return 0;
  } finally {
    await open.close();
  }
}

async function overHttp(desk: Desk, port: number, context: Context): Promise<void> {
  const { serveHttp } = await import("../../mcp/serve-http.ts");
  const serving = await serveHttp(desk, port).catch((error: unknown) => {
    throw explainPort(error, port, "The server");
  });
  context.stdout.write(`${JSON.stringify({ url: serving.url, token: serving.token })}\n`);
  context.stderr.write("Serving agents on this machine until Ctrl-C. Header: Authorization: Bearer <token>\n");
  await untilInterrupted(context.interruption);
  await serving.close();
}
