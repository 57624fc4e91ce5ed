// The price of a request before it is sent: --estimate-cost and `cost estimate`.

import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd } from "../../core/money.ts";
import type { GenerateRequest } from "../../core/request.ts";
import { estimateDocument } from "../../spend/estimate-document.ts";
import { counted } from "./amounts.ts";
import type { Context } from "../context.ts";
import type { Engine } from "../opening/engine.ts";
import { type CommandInput, writeJson } from "../handler.ts";

export async function reportEstimate(
  engine: Engine,
  request: GenerateRequest,
  { invocation }: CommandInput,
  context: Context,
): Promise<ExitCode> {
  const plan = await engine.imageGen.plan(request);
  const { cost, route } = plan;
  const { count, size, tier } = plan.request;
  if (invocation.switches.has("json")) {
    writeJson(context, estimateDocument(plan));
    return 0;
  }
  const details = [route.model, ...(size === null ? [] : [size]), ...(tier === "standard" ? [] : [tier])].join(", ");
  const each = count === 1 ? "" : ` (${formatUsd(cost.perImageMicroUsd + cost.referencesMicroUsd)} each)`;
  context.stdout.write(
    [
      `${counted(count, "image")}: ${formatUsd(cost.estimatedMicroUsd)}${each}`,
      `Model: ${details}`,
      ...(cost.referencesMicroUsd > 0
        ? [`Reference images: ${formatUsd(cost.referencesMicroUsd)} of it for each image`]
        : []),
      ...(cost.worstCaseMicroUsd > cost.estimatedMicroUsd
        ? [`At most about ${formatUsd(cost.worstCaseMicroUsd)} with the prompt, thinking and a draft for each`]
        : []),
      ...(cost.metered ? [] : ["This is the list price; on this route nothing is billed per image"]),
      ...(cost.assumed ? ["The model's own price is not known; the default model's was taken"] : []),
      `Prices as of ${cost.pricedAsOf}`,
      "",
    ].join("\n"),
  );
  for (const warning of plan.warnings) context.stderr.write(`Warning: ${warning}\n`);
  return 0;
}
