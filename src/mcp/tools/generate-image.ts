// `generate_image`: pictures from a prompt.

import * as z from "zod";
import { defineTool } from "../tool.ts";
import { draw } from "./draw.ts";
import { outcomeSchema } from "./output-schemas.ts";
import { idempotencyArgument, outputArgument, pictureArguments, requestFrom } from "./request-arguments.ts";

export const generateImage = defineTool({
  name: "generate_image",
  title: "Generate image",
  description:
    "Makes pictures from a prompt and saves them as files. Costs money on most connections, for each picture, also when it is not liked. Gives paths, the true cost and a thumbnail. Can take minutes.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    ...pictureArguments,
    output: outputArgument,
    idempotencyKey: idempotencyArgument,
    thumbnail: z.boolean().optional().describe("false: no small picture in the answer"),
  }),
  output: outcomeSchema,
  run: async ({ output, thumbnail = true, idempotencyKey, ...picture }, call) => {
    const { defaults, policy } = call.desk;
    const request = requestFrom(picture, defaults, policy.maxCostUsd);
    const keyed = idempotencyKey === undefined ? request : { ...request, idempotencyKey };
    return await draw({ request: keyed, output, thumbnail }, call);
  },
});
