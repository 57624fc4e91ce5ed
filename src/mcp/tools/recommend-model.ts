// `recommend_model`: the cheapest model that can do it, and what is given up.

import * as z from "zod";
import { problemsError, ToolError } from "../../core/tool-error.ts";
import { qualities, recommendModel as recommend } from "../../spend/recommend.ts";
import { answerWith } from "../answer.ts";
import { defineTool, readOnly } from "../tool.ts";
import { documentSchema, fields } from "./output-schemas.ts";
import { pictureArguments } from "./request-arguments.ts";

const { money, object, text, list } = fields;
const candidate = { model: text, perImageMicroUsd: money, quality: text, status: text };

export const recommendModel = defineTool({
  name: "recommend_model",
  title: "Recommend model",
  description: "The cheapest model that can draw a picture of this kind, what is given up, and the alternatives. Free.",
  annotations: { ...readOnly, openWorldHint: false },
  input: z.strictObject({
    size: pictureArguments.size,
    aspectRatio: pictureArguments.aspectRatio,
    references: z.int().min(0).max(100).optional().describe("number of reference pictures"),
    quality: z.enum(qualities).optional().describe("default good"),
  }),
  output: documentSchema({
    best: object(candidate),
    givenUp: list(text),
    alternatives: list(object(candidate)),
    pricedAsOf: text,
  }),
  run: async ({ size, aspectRatio, references, quality }, { desk }) => {
    const found = recommend({
      catalogue: await desk.catalogue(),
      endpoint: await desk.endpoint(),
      ...(size === undefined ? {} : { size }),
      ...(aspectRatio === undefined ? {} : { aspectRatio }),
      ...(references === undefined ? {} : { references }),
      ...(quality === undefined ? {} : { quality }),
      nowMs: desk.clock.now(),
    });
    if (!("problems" in found)) return answerWith({ version: 1, status: "ok", currency: "USD", ...found });
    const [first, ...rest] = found.problems;
    if (first) throw problemsError([first, ...rest]);
    throw new ToolError("internal", { message: "No model and no reason." });
  },
});
