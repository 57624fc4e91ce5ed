// `estimate_cost`: the price before; sends nothing.

import * as z from "zod";
import { estimateDocument } from "../../spend/estimate-document.ts";
import { answerWith } from "../answer.ts";
import { defineTool, readOnly } from "../tool.ts";
import { documentSchema, fields } from "./output-schemas.ts";
import { pictureArguments, requestFrom } from "./request-arguments.ts";

const { money, object, text, list } = fields;

export const estimateCost = defineTool({
  name: "estimate_cost",
  title: "Estimate cost",
  description: "The price of generate_image with the same arguments. Free; also shows what does not fit together.",
  annotations: { ...readOnly, openWorldHint: false },
  input: z.strictObject(pictureArguments),
  output: documentSchema({
    route: object({ auth: text, endpoint: text, model: text }),
    cost: object({
      perImageMicroUsd: money,
      estimatedMicroUsd: money,
      worstCaseMicroUsd: { ...money, description: "what a budget must have left" },
      pricedAsOf: text,
      metered: { type: "boolean", description: "false: not billed per picture; list price for information" },
    }),
    warnings: list(text),
  }),
  run: async (picture, { desk }) => {
    const library = await desk.library({ files: [], urls: "none" });
    const { output: _place, ...defaults } = desk.defaults;
    return answerWith(estimateDocument(await library.plan(requestFrom(picture, defaults, desk.policy.maxCostUsd))));
  },
});
