// What a person and a program see of a clip: the plan, the price, the waiting, the end.

import type { ClipEvent, ClipOutcome, ClipPlan } from "../core/clip.ts";
import type { ExitCode } from "../core/error-table.ts";
import { formatUsd } from "../core/money.ts";
import { plainText } from "../core/redaction.ts";
import type { DescribedClip } from "../generate/clip/create-video-gen.ts";
import { formatBytes, formatDuration } from "./amounts.ts";
import type { Context } from "./context.ts";
import { costSentence } from "./cost-sentence.ts";
import { writeFailureText } from "./failure-report.ts";
import { type CommandInput, writeJson } from "./handler.ts";
import { formatTable } from "./terminal/table.ts";

/** Told again only when so much time has gone by. */
const TELL_EVERY_MS = 15_000;

/** Progress as lines on stderr. */
export function clipProgress({ invocation }: CommandInput, { stderr }: Context): (event: ClipEvent) => void {
  const { switches } = invocation;
  if (switches.has("quiet") || switches.get("progress") === false) return () => {};
  const say = (line: string): void => stderr.write(`${plainText(line).replaceAll("\n", " ")}\n`);
  let toldMs = 0;
  return (event) => {
    switch (event.type) {
      case "planned":
        say(`${event.plan.route.model}, ${shapeOf(event.plan)}: ${priceOf(event.plan)}`);
        for (const warning of event.plan.warnings) say(`Warning: ${warning}`);
        return;
      case "begun":
        say("The clip is begun; it usually takes from 11 seconds to 6 minutes. Whoever stops waiting loses nothing.");
        return;
      case "working":
        if (event.elapsedMs - toldMs < TELL_EVERY_MS) return;
        toldMs = event.elapsedMs;
        say(`Still at work after ${formatDuration(event.elapsedMs)}`);
        return;
      case "waiting":
        say(`Waiting ${formatDuration(event.waitMs)}: ${event.reason}`);
        return;
      case "sending":
      case "receiving":
      case "published":
      case "failed":
    }
  };
}

function shapeOf({ request, expected }: ClipPlan): string {
  const { seconds, resolution } = request;
  const added = request.extends === null ? `${seconds} s` : `${seconds} s more`;
  return `${added} of ${resolution} (${expected.width} x ${expected.height})`;
}

function priceOf({ cost }: ClipPlan): string {
  const price = `${formatUsd(cost.estimatedMicroUsd)} (${formatUsd(cost.perSecondMicroUsd)} a second)`;
  return cost.metered ? price : `${price}, list price; nothing is billed in a rehearsal`;
}

/** The end of one clip; gives its exit code. With `--json` the caller writes the document. */
export function reportClipOutcome(outcome: ClipOutcome, { invocation }: CommandInput, context: Context): ExitCode {
  const { switches } = invocation;
  const { stdout, stderr } = context;
  const isJson = switches.has("json");
  const say = (line: string): void => {
    if (!switches.has("quiet")) stderr.write(`${plainText(line).replaceAll("\n", " ")}\n`);
  };
  if (outcome.status === "error") {
    if (!isJson) writeFailureText(outcome.error, outcome.operation, context);
    return outcome.error.exitCode;
  }
  for (const { path, uri, bytes, seconds } of outcome.videos) {
    if (!isJson) stdout.write(`${path ?? uri ?? ""}\n`);
    if (bytes !== null) say(`${seconds} s, ${formatBytes(bytes)}`);
  }
  say(clipCost(outcome));
  for (const warning of outcome.warnings) say(`Warning: ${warning}`);
  return 0;
}

/** A clip is billed by the second, so that its list price is its price. */
function clipCost({ cost, rehearsal }: Extract<ClipOutcome, { status: "ok" }>): string {
  return cost.basis === "list-price" && !rehearsal
    ? `Paid: ${formatUsd(cost.actualMicroUsd ?? cost.estimatedMicroUsd)}`
    : costSentence(cost, rehearsal);
}

/** `--estimate-cost`. */
export function reportClipEstimate(plan: ClipPlan, { invocation }: CommandInput, context: Context): ExitCode {
  const { cost, route, request } = plan;
  if (invocation.switches.has("json")) {
    const { seconds, resolution } = request;
    writeJson(context, { version: 1, status: "ok", model: route.model, seconds, resolution, cost });
    return 0;
  }
  context.stdout.write(`${shapeOf(plan)}: ${priceOf(plan)}\nModel: ${route.model}\nPrices as of ${cost.pricedAsOf}\n`);
  for (const warning of plan.warnings) context.stderr.write(`Warning: ${plainText(warning)}\n`);
  return 0;
}

/** `--dry-run`: the plan and the very request that would be sent. */
export async function reportClipDryRun(
  { plan, inputs }: DescribedClip,
  { invocation }: CommandInput,
  context: Context,
): Promise<ExitCode> {
  const { prepareClip } = await import("../generate/clip/start-clip.ts");
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
        ["clip", shapeOf(plan)],
        ["output", `${output.directory}, ${output.stem}${output.numbered ? "_0…" : ""}${output.extension ?? ""}`],
        ["cost", priceOf(plan)],
        ["would send", `POST ${url}`],
      ],
    ),
  );
  context.stdout.write(`\n${plainText(JSON.stringify(body, null, 2), 20_000)}\n`);
  for (const warning of plan.warnings) context.stderr.write(`Warning: ${plainText(warning)}\n`);
  return 0;
}
