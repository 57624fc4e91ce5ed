// What a person and a program see of a clip: the plan, the price, the waiting, the end.

import type { ClipOutcome, ClipPlan } from "../../core/clip.ts";
import type { ExitCode } from "../../core/error-table.ts";
import { plainText } from "../../core/redaction.ts";
import type { DescribedClip } from "../../generate/clip/create-video-gen.ts";
import { formatBytes } from "./amounts.ts";
import { type ClipTotal, totalSentence } from "./clip-total.ts";
import { clipCost, clipPrice, clipShape, shapeOfClip } from "./clip-words.ts";
import type { Context } from "../context.ts";
import { writeFailureText } from "./failure-report.ts";
import { type CommandInput, writeJson } from "../handler.ts";
import { type ClipDisplay, openClipDisplay } from "../terminal/clip-display.ts";
import { formatTable } from "../terminal/table.ts";
import { usualClipSecondsOf } from "./usual-seconds.ts";

/** Opens the display that this command line asks for. */
export async function displayOpener({ invocation }: CommandInput, context: Context): Promise<() => ClipDisplay> {
  const { switches } = invocation;
  const choice = {
    silent: switches.has("quiet"),
    still: switches.has("progress"),
    usualSeconds: await usualClipSecondsOf(),
  };
  return () => openClipDisplay(choice, context);
}

/** The end of one clip; gives its exit code. With `--json` the caller writes the document. */
export function reportClipOutcome(
  outcome: ClipOutcome,
  total: ClipTotal | null,
  display: Pick<ClipDisplay, "showsPaths" | "saidWarnings">,
  { invocation }: CommandInput,
  context: Context,
): ExitCode {
  const { switches } = invocation;
  const { stdout, stderr } = context;
  const isJson = switches.has("json");
  if (outcome.status === "error") {
    if (!isJson) writeFailureText(outcome.error, outcome.operation, context);
    return outcome.error.exitCode;
  }
  // On one and the same terminal the tree has said the paths already.
  const alreadySaid = isJson || (display.showsPaths && stdout.isTerminal);
  if (!alreadySaid) for (const { path, uri } of outcome.videos) stdout.write(`${path ?? uri ?? ""}\n`);
  if (switches.has("quiet") || display.showsPaths) return 0;
  const say = (line: string): void => stderr.write(`${plainText(line).replaceAll("\n", " ")}\n`);
  for (const report of outcome.videos) {
    const size = report.bytes === null ? [] : [formatBytes(report.bytes)];
    const line = [shapeOfClip(report, outcome.request.resolution), ...size].filter((part) => part !== "").join(", ");
    if (line !== "") say(`Clip: ${line}`);
  }
  say(clipCost(outcome));
  if (total !== null) say(totalSentence(total));
  for (const warning of outcome.warnings) if (!display.saidWarnings.has(warning)) say(`Warning: ${warning}`);
  return 0;
}

/** `--estimate-cost`. */
export function reportClipEstimate(plan: ClipPlan, { invocation }: CommandInput, context: Context): ExitCode {
  const { cost, route, request } = plan;
  if (invocation.switches.has("json")) {
    const { seconds, resolution } = request;
    writeJson(context, { version: 1, status: "ok", model: route.model, seconds, resolution, cost });
    return 0;
  }
  context.stdout.write(
    `${clipShape(plan)}: ${clipPrice(plan)}\nModel: ${route.model}\nPrices as of ${cost.pricedAsOf}\n`,
  );
  for (const warning of plan.warnings) context.stderr.write(`Warning: ${plainText(warning)}\n`);
  return 0;
}

/** `--dry-run`: the plan and the very request that would be sent. */
export async function reportClipDryRun(
  { plan, inputs }: DescribedClip,
  { invocation }: CommandInput,
  context: Context,
): Promise<ExitCode> {
  const { prepareClip } = await import("../../generate/clip/start-clip.ts");
  const projectId = plan.route.projectId ?? "project-of-the-credential";
  const { url, body } = prepareClip({ ...plan, route: { ...plan.route, projectId } }, inputs);
  if (invocation.switches.has("json")) {
    writeJson(context, { version: 1, status: "ok", dryRun: true, plan, httpRequest: { method: "POST", url, body } });
    return 0;
  }
  const { output, route } = plan;
  context.stdout.write("Dry run: nothing was sent.\n\n");
  context.stdout.write(
    formatTable(
      ["plan", ""],
      [
        ["model", route.model],
        ["connection", `--auth ${route.auth}, ${route.endpoint}`],
        ["clip", clipShape(plan)],
        ["output", `${output.directory}, ${output.stem}${output.numbered ? "_0…" : ""}${output.extension ?? ""}`],
        ["cost", clipPrice(plan)],
        ...(plan.request.uploads === undefined
          ? []
          : [
              [
                "upload",
                `the clip, ${formatBytes(plan.request.uploads.bytes)}: this endpoint reads it from its own storage`,
              ],
            ]),
        ["would send", `POST ${url}`],
      ],
    ),
  );
  context.stdout.write(`\n${plainText(JSON.stringify(body, null, 2), 20_000)}\n`);
  for (const warning of plan.warnings) context.stderr.write(`Warning: ${plainText(warning)}\n`);
  return 0;
}
