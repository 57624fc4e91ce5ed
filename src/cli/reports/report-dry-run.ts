// --dry-run: the plan and the very request that would be sent. Sends nothing that costs anything.

import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd } from "../../core/money.ts";
import type { Plan } from "../../core/plan.ts";
import { plainText } from "../../core/redaction.ts";
import type { GenerateRequest } from "../../core/request.ts";
import { counted, formatBytes } from "./amounts.ts";
import type { Context } from "../context.ts";
import type { Engine } from "../opening/engine.ts";
import { type CommandInput, writeJson } from "../handler.ts";
import { formatTable } from "../terminal/table.ts";

/** Stands in the URL where the project of the credential will stand. */
const PROJECT_OF_CREDENTIAL = "project-of-the-credential";

/** What happens on this machine after the picture came. */
function finishingRows({ request, output }: Plan): [string, string][] {
  const { transparent = null, embedMetadata = false, strict = false } = request.finishing ?? {};
  const { format, quality } = output;
  return [
    ...(format === null
      ? []
      : [["format", quality === undefined ? format : `${format}, quality ${quality}`] satisfies [string, string]]),
    ...(transparent === null
      ? []
      : [
          [
            "background",
            `asked for in flat ${transparent} (see the prompt below) and taken out on this machine; one call, same price`,
          ] satisfies [string, string],
        ]),
    ...(embedMetadata ? [["record", "also inside the picture"] satisfies [string, string]] : []),
    ...(strict ? [["strict", "another ratio or size is a failure"] satisfies [string, string]] : []),
  ];
}

export async function reportDryRun(
  engine: Engine,
  request: GenerateRequest,
  { invocation }: CommandInput,
  context: Context,
): Promise<ExitCode> {
  const [plan, { createCatalogue }, { describeInputs, describeUploads, prepareRequest }, { describeConversation }] =
    await Promise.all([
      engine.imageGen.plan(request),
      import("../../google/models/catalogue.ts"),
      import("../../generate/plan/build-call.ts"),
      import("../../generate/inputs/conversation.ts"),
    ]);
  const catalogue = createCatalogue(engine.models);
  // A project that only the credential knows is known when the credential is opened, which a dry run does not do.
  const withProject = { ...plan, route: { ...plan.route, projectId: plan.route.projectId ?? PROJECT_OF_CREDENTIAL } };
  const conversation = describeConversation(engine.options.stateDirectory, plan);
  const lastPicture = conversation?.reference ?? null;
  const { inputs, past } = describeUploads(
    {
      inputs: [...describeInputs(plan), ...(lastPicture === null ? [] : [lastPicture])],
      past: conversation?.past ?? [],
    },
    plan,
  );
  const { url, body } = prepareRequest(withProject, catalogue, inputs, { index: 0, maxOutputTokens: null, past });
  if (invocation.switches.has("json")) {
    writeJson(context, { version: 1, status: "ok", dryRun: true, plan, httpRequest: { method: "POST", url, body } });
    return 0;
  }
  const { route, request: planned, output, expected, cost } = plan;
  const names = output.numbered ? `${output.stem}_0…` : output.stem;
  const rows: [string, string][] = [
    [
      "model",
      route.model === route.requestedModel ? route.model : `${route.model} (asked for: ${route.requestedModel})`,
    ],
    ["connection", `--auth ${route.auth}, ${route.endpoint}`],
    ...(route.projectId === null ? [] : [["project", route.projectId] satisfies [string, string]]),
    ...(route.location === null ? [] : [["location", route.location] satisfies [string, string]]),
    ["aspect ratio", planned.aspectRatio ?? "the model's choice"],
    ["size", `${planned.size ?? "the model's only one"}${expected ? `, ${expected.width} x ${expected.height}` : ""}`],
    ["images", String(planned.count)],
    ...planned.references.map((reference, index): [string, string] => [
      `reference ${index + 1}`,
      reference.sha256 === null
        ? (reference.uri ?? "to be downloaded when it is sent")
        : `${reference.mimeType}, ${reference.width} x ${reference.height}, without its metadata`,
    ]),
    ...planned.documents.map(({ name, bytes }): [string, string] => [
      "document",
      bytes === null ? `${name}, to be downloaded when it is sent` : `${name}, ${bytes} bytes`,
    ]),
    ...(planned.uploads === undefined
      ? []
      : [
          [
            "upload",
            `${counted(planned.uploads.pictures, "picture")}, ${formatBytes(planned.uploads.bytes)}: too large for one request, so uploaded first (free) and deleted afterwards`,
          ] satisfies [string, string],
        ]),
    ...(planned.session === undefined
      ? []
      : [["conversation", `${planned.session.name}, turn ${planned.session.turn}`] satisfies [string, string]]),
    ...(planned.style === undefined ? [] : [["style", planned.style] satisfies [string, string]]),
    ...finishingRows(plan),
    ["output", `${output.directory}, ${names}${output.extension ?? ""}`],
    [
      "cost",
      `${formatUsd(cost.estimatedMicroUsd)}${cost.metered ? "" : " (list price; not billed per image on this route)"}`,
    ],
    ["would send", `POST ${url}`],
  ];
  context.stdout.write("Dry run: nothing was sent.\n\n");
  context.stdout.write(formatTable(["plan", ""], rows));
  context.stdout.write(`\n${plainText(JSON.stringify(body, null, 2), 20_000)}\n`);
  for (const warning of plan.warnings) context.stderr.write(`Warning: ${plainText(warning)}\n`);
  return 0;
}
