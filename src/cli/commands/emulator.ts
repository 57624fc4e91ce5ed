// `emulator`: serves Google's endpoints on loopback until it is told to stop.

import type { ExitCode } from "../../core/error-table.ts";
import { type Problem, ToolError } from "../../core/tool-error.ts";
import { startEmulator } from "../../emulator/index.ts";
import { errorCode } from "../../settings/error-code.ts";
import { choice, wholeNumber } from "../../settings/parsers.ts";
import type { Context } from "../context.ts";
import { type CommandInput, requireNoProblems } from "../handler.ts";
import { problemsFailure } from "../problems-failure.ts";
import { readSwitch } from "../read-switch.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  const problems: Problem[] = [...input.invocation.problems];
  const { switches } = input.invocation;
  const port = readSwitch(switches, "port", wholeNumber({ least: 0, most: 65_535 }), problems) ?? 0;
  const latency = readSwitch(switches, "latency", choice(["none", "measured"]), problems) ?? "none";
  const [first, ...rest] = problems;
  if (first) throw problemsFailure([first, ...rest]);
  requireNoProblems(input);

  const emulator = await listen(port, latency);
  context.stdout.write(`${JSON.stringify({ url: emulator.url })}\n`);
  context.stderr.write(
    `Serving Google's endpoints, free and offline, until Ctrl-C. Try: CLIPROXYAPI_URL=${emulator.url} image-gen "a red fox"\n`,
  );
  await untilInterrupted(context.interruption);
  await emulator.close();
  return 0;
}

async function listen(port: number, latency: "none" | "measured") {
  try {
    return await startEmulator({ port, latency });
  } catch (error) {
    const code = errorCode(error);
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    const message =
      code === "EADDRINUSE" ? `Port ${port} is already in use.` : `Port ${port} may not be used by this account.`;
    throw new ToolError("usage", {
      message,
      cause: "The emulator needs a port of its own.",
      nextStep: "Choose another one with --port, or leave --port out and take a free one.",
    });
  }
}

function untilInterrupted(interruption: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (interruption.aborted) resolve();
    else interruption.addEventListener("abort", () => resolve(), { once: true });
  });
}
