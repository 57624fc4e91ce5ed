// `emulator`: serves Google's endpoints on loopback until it is told to stop.

import type { ExitCode } from "../../core/error-table.ts";
import type { Problem } from "../../core/tool-error.ts";
import { startEmulator } from "../../emulator/index.ts";
import { choice, wholeNumber } from "../../settings/parsers.ts";
import type { Context } from "../context.ts";
import { type CommandInput, requireNoProblems } from "../handler.ts";
import { explainPort } from "../reports/port-failure.ts";
import { refuseProblems } from "../reports/problems-failure.ts";
import { readSwitch } from "../command-line/read-switch.ts";
import { untilInterrupted } from "../until-interrupted.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  const problems: Problem[] = [...input.invocation.problems];
  const { switches } = input.invocation;
  const port = readSwitch(switches, "port", wholeNumber({ least: 0, most: 65_535 }), problems) ?? 0;
  const latency = readSwitch(switches, "latency", choice(["none", "measured"]), problems) ?? "none";
  refuseProblems(problems);
  requireNoProblems(input);

  // Ways of calling that only retired models have must be tried somewhere.
  const emulator = await startEmulator({ servesRetired: true, port, latency }).catch((error: unknown) => {
    throw explainPort(error, port, "The emulator");
  });
  context.stdout.write(`${JSON.stringify({ url: emulator.url })}\n`);
  context.stderr.write(
    `Serving Google's endpoints, free and offline, until Ctrl-C. Try: CLIPROXYAPI_URL=${emulator.url} image-gen "a red fox"\n`,
  );
  await untilInterrupted(context.interruption);
  await emulator.close();
  return 0;
}
