// `models`: the catalogue as a table, one model in detail, or all as JSON. Asks nobody: what a proxy really has, doctor tells.

import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd } from "../../core/money.ts";
import type { EndpointName } from "../../core/route.ts";
import type { Catalogue } from "../../google/models/catalogue.ts";
import { describeModel, isUsable, type ModelDescription, statusText } from "../../google/models/model-description.ts";
import type { Context } from "../context.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { endpointOf } from "../opening/endpoint-of.ts";
import { openCatalogue } from "../opening/own-models.ts";
import { problemsFailure } from "../reports/problems-failure.ts";
import { formatTable } from "../terminal/table.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const { operands, switches } = input.invocation;
  const [name] = operands;
  const catalogue = openCatalogue(context);
  const endpoint = endpointOf(input, context);
  const nowMs = context.clock.now();
  const everything = catalogue.models.map((model) => describeModel(model, endpoint, nowMs));
  const shown =
    name === undefined
      ? everything.filter((model) => switches.has("all") || isUsable(model))
      : [describeModel(findModel(catalogue, name), endpoint, nowMs)];
  if (switches.has("json")) {
    writeJson(context, { version: 1, status: "ok", endpoint, default: catalogue.default.id, models: shown });
    return 0;
  }
  const [only] = shown;
  if (name !== undefined && only) writeDetails(only, endpoint, context);
  else writeTable(shown, everything.length - shown.length, catalogue.default.id, endpoint, context);
  return 0;
}

function findModel(catalogue: Catalogue, name: string) {
  const found = catalogue.find(name);
  if (found) return found.model;
  const [suggestion] = catalogue.nearestTo(name);
  throw problemsFailure([
    {
      code: "model-unknown",
      field: "models",
      message: `No model is called ${JSON.stringify(name)}.`,
      given: name,
      ...(suggestion === undefined ? {} : { suggestion }),
    },
  ]);
}

function priceList(bySize: Readonly<Partial<Record<string, number>>>, unit = ""): string {
  return Object.entries(bySize)
    .flatMap(([size, price]) => (price === undefined ? [] : [`${size} ${formatUsd(price)}${unit}`]))
    .join(", ");
}

function priceText(model: ModelDescription): string {
  return priceList(model.perImageMicroUsd) || priceList(model.perSecondMicroUsd, "/s") || "unknown";
}

function writeTable(
  shown: readonly ModelDescription[],
  hidden: number,
  defaultId: string,
  endpoint: EndpointName,
  context: Context,
): void {
  context.stdout.write(
    formatTable(
      ["model", "status", "ratios", "price per image", "replacement"],
      shown.map((model) => [
        model.id === defaultId ? `${model.id} (default)` : model.id,
        statusText(model),
        model.aspectRatios.length === 0 ? "-" : String(model.aspectRatios.length),
        priceText(model),
        model.replacement ?? "",
      ]),
    ),
  );
  const route =
    endpoint === "cliproxyapi"
      ? "As Google serves them; what your CLIProxyAPI has depends on its login, and it is not billed per image."
      : `As seen from ${endpoint}.`;
  const more = hidden === 0 ? "" : ` ${hidden} more with --all.`;
  context.stderr.write(`${route}${more} Details: image-gen models <id>\n`);
}

function writeDetails(model: ModelDescription, endpoint: EndpointName, context: Context): void {
  const rows: readonly (readonly [string, string])[] = [
    ["label", model.label],
    ["task", model.task ?? ""],
    ["status", `${statusText(model)} (${endpoint})`],
    ["note", model.note ?? ""],
    ["replacement", model.replacement ?? ""],
    ["also called", model.aliases.join(", ")],
    ["sizes", model.sizes.join(", ")],
    ["aspect ratios", model.aspectRatios.join(", ")],
    ["reference images", model.referenceLimit === 0 ? "none" : `up to ${model.referenceLimit}`],
    ["thinking", model.thinking.join(", ")],
    ["Google Search", model.search ? "yes" : "no"],
    ["tiers", model.tiers.join(", ")],
    ["price", priceText(model)],
    ["prices as of", model.pricedAsOf],
  ];
  context.stdout.write(
    formatTable(
      ["model", model.id],
      rows.filter(([, text]) => text !== ""),
    ),
  );
}
