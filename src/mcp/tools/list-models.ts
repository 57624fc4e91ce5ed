// `list_models`: what can be drawn with, from the catalogue.

import * as z from "zod";
import { describeModel, isUsable } from "../../google/models/model-description.ts";
import { answerWith } from "../answer.ts";
import { defineTool, readOnly } from "../tool.ts";
import { documentSchema, fields } from "./output-schemas.ts";

const { object, text, list } = fields;

export const listModels = defineTool({
  name: "list_models",
  title: "List models",
  description: "Image models with sizes, aspect ratios, prices and life cycle on your person's connection. Free.",
  annotations: { ...readOnly, openWorldHint: false },
  input: z.strictObject({
    all: z.boolean().optional().describe("also retired models and those that cannot be run"),
  }),
  output: documentSchema({
    endpoint: text,
    default: text,
    models: list(
      object({
        id: text,
        status: text,
        replacement: { type: ["string", "null"] },
        sizes: list(text),
        aspectRatios: list(text),
        referenceLimit: { type: "integer" },
        perImageMicroUsd: object({}, "list price by size"),
        pricedAsOf: text,
      }),
    ),
  }),
  run: async ({ all = false }, { desk }) => {
    const catalogue = await desk.catalogue();
    const endpoint = await desk.endpoint();
    const models = catalogue.models.map((model) => describeModel(model, endpoint, desk.clock.now()));
    return answerWith({
      version: 1,
      status: "ok",
      endpoint,
      default: catalogue.default.id,
      models: models.filter((model) => all || isUsable(model)),
    });
  },
});
