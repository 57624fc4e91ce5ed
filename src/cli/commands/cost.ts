// `cost estimate`, `cost compare`, `cost recommend`: prices before anything is bought.

import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd } from "../../core/money.ts";
import { type Problem, ToolError } from "../../core/tool-error.ts";
import { choice, wholeNumber } from "../../settings/parsers.ts";
import { compareWithVideo } from "../../spend/compare.ts";
import { qualities, recommendModel } from "../../spend/recommend.ts";
import { counted } from "../reports/amounts.ts";
import type { Context } from "../context.ts";
import { openEngine } from "../opening/engine.ts";
import { explainError } from "../reports/name-other-credentials.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { openCatalogue } from "../opening/own-models.ts";
import { problemsFailure, refuseProblems } from "../reports/problems-failure.ts";
import { readGivenReferences } from "../request/given-references.ts";
import { readPrompt } from "../request/read-prompt.ts";
import { readSwitch } from "../command-line/read-switch.ts";
import { reportEstimate } from "../reports/report-estimate.ts";
import { requestOf } from "../request/request-of.ts";
import { readVariables } from "../request/given-variables.ts";
import { formatTable } from "../terminal/table.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  switch (input.invocation.command) {
    case "cost estimate":
      return await estimate(input, context);
    case "cost compare":
      return compare(input, context);
    case "cost recommend":
      return recommend(input, context);
    default:
      throw new ToolError("internal", { message: `${input.invocation.command} has no handler.` });
  }
}

async function estimate(input: CommandInput, context: Context): Promise<ExitCode> {
  const given = await readGivenReferences(input.invocation, context);
  const variables = readVariables(input.invocation);
  requireNoProblems(input, [...given.problems, ...variables.problems]);
  const prompt = await readPrompt(input.invocation.operands, context);
  const request = requestOf(prompt, input.settings.values, { ...given.request, ...variables.request });
  const engine = await openEngine(input, context);
  try {
    return await reportEstimate(engine, request, input, context);
  } catch (error) {
    throw explainError(error, context);
  } finally {
    await engine.close();
  }
}

function compare(input: CommandInput, context: Context): ExitCode {
  requireNoProblems(input);
  const { size, count, tier, model: name } = input.settings.values;
  const catalogue = openCatalogue(context);
  const model = name === null ? catalogue.default : catalogue.find(name)?.model;
  if (!model) {
    const [suggestion] = catalogue.nearestTo(name ?? "");
    const message = `No model is called ${JSON.stringify(name)}.`;
    const meant = suggestion === undefined ? {} : { suggestion };
    throw problemsFailure([{ code: "model-unknown", field: "--model", message, given: name ?? "", ...meant }]);
  }
  const chosenSize = (size ?? "1K").toUpperCase();
  if (!model.sizes.some((offered) => offered === chosenSize)) {
    const message = `${model.id} does not draw ${chosenSize}.`;
    throw problemsFailure([
      { code: "size-not-offered", field: "--size", message, given: chosenSize, allowed: model.sizes },
    ]);
  }
  if (count !== null && count < 1) {
    const message = "--count must be at least 1.";
    throw problemsFailure([{ code: "value-not-allowed", field: "--count", message, given: String(count) }]);
  }
  const comparison = compareWithVideo({
    catalogue,
    model,
    size: chosenSize,
    tier: tier ?? "standard",
    count: count ?? 1,
    nowMs: context.clock.now(),
  });
  if (input.invocation.switches.has("json")) {
    writeJson(context, { version: 1, status: "ok", currency: "USD", ...comparison });
    return 0;
  }
  const { picture, clips, pricedAsOf } = comparison;
  const rows = [
    [`${counted(picture.count, "image")}, ${chosenSize}`, picture.model, formatUsd(picture.microUsd), "1"],
    ...clips.map(({ model: id, resolution, seconds, microUsd, assumed, timesPicture }) => [
      `clip of ${seconds} s, ${resolution}`,
      id,
      `${formatUsd(microUsd)}${assumed ? " assumed" : ""}`,
      timesPicture.toFixed(1),
    ]),
  ];
  context.stdout.write(formatTable(["what", "model", "price", "times the image"], rows));
  context.stderr.write(`List prices as of ${pricedAsOf}.\n`);
  return 0;
}

function recommend(input: CommandInput, context: Context): ExitCode {
  const { switches, problems: misread } = input.invocation;
  const problems: Problem[] = [...misread, ...input.settings.problems];
  const references = readSwitch(switches, "references", wholeNumber({ least: 0, most: 1000 }), problems) ?? 0;
  const quality = readSwitch(switches, "quality", choice(qualities), problems) ?? "good";
  const { size, aspectRatio, endpoint } = input.settings.values;
  const recommendation = recommendModel({
    catalogue: openCatalogue(context),
    ...(size === null ? {} : { size }),
    ...(aspectRatio === null ? {} : { aspectRatio }),
    ...(endpoint === null ? {} : { endpoint }),
    references,
    quality,
    nowMs: context.clock.now(),
  });
  refuseProblems([...problems, ...("problems" in recommendation ? recommendation.problems : [])]);
  if ("problems" in recommendation) throw new ToolError("internal", { message: "No model and no reason." });

  if (switches.has("json")) {
    writeJson(context, { version: 1, status: "ok", currency: "USD", ...recommendation });
    return 0;
  }
  const { best, alternatives, givenUp, pricedAsOf } = recommendation;
  context.stdout.write(
    formatTable(
      ["model", "price per image", ...(references > 0 ? ["its references", "together"] : []), "quality", "status"],
      [best, ...alternatives].map((candidate, index) => [
        `${candidate.model}${index === 0 ? " (recommended)" : ""}`,
        formatUsd(candidate.perImageMicroUsd),
        ...(references > 0
          ? [
              formatUsd(candidate.referencesMicroUsd),
              formatUsd(candidate.perImageMicroUsd + candidate.referencesMicroUsd),
            ]
          : []),
        candidate.quality,
        candidate.status,
      ]),
    ),
  );
  for (const sentence of givenUp) context.stderr.write(`Given up: ${sentence}\n`);
  context.stderr.write(`Use it with: image-gen -m ${best.model} "…"   List prices as of ${pricedAsOf}.\n`);
  return 0;
}
