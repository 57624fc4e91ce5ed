// `generate_image` and `edit_image`: pictures from a prompt, and from pictures.

import * as z from "zod";
import type { Answer } from "../answer.ts";
import type { Call } from "../call.ts";
import type { Question } from "../question.ts";
import { defineTool } from "../tool.ts";
import { draw } from "./draw.ts";
import { outcomeSchema, outcomeSchemaAgain } from "./output-schemas.ts";
import {
  idempotencyArgument,
  outputArgument,
  pictureArguments,
  referencesArgument,
  requestFrom,
} from "./request-arguments.ts";

const buying = {
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  output: outcomeSchema,
} as const;

const resultArguments = {
  output: outputArgument,
  idempotencyKey: idempotencyArgument,
  thumbnail: z.boolean().optional().describe("false: no small picture in the answer"),
};

const generateArguments = z.strictObject({
  ...pictureArguments,
  references: referencesArgument.optional().describe("pictures to draw from: paths inside the project"),
  ...resultArguments,
});

type GenerateArguments = z.output<typeof generateArguments>;

export const generateImage = defineTool({
  name: "generate_image",
  title: "Generate image",
  description:
    "Makes pictures from a prompt and saves them as files. Costs money on most connections, for each picture, also when it is not liked. Gives paths, the true cost and a thumbnail. Can take minutes.",
  ...buying,
  input: generateArguments,
  run: drawFrom,
});

export const editImage = defineTool({
  name: "edit_image",
  title: "Edit image",
  description:
    "Makes a new picture from a picture and an instruction; the old one stays. Costs and answers like generate_image.",
  ...buying,
  output: outcomeSchemaAgain,
  input: z.strictObject({
    ...pictureArguments,
    references: referencesArgument
      .min(1)
      .describe("first the picture to change, then others to draw from; paths inside the project"),
    ...resultArguments,
  }),
  run: drawFrom,
});

async function drawFrom(
  { output, thumbnail = true, idempotencyKey, references = [], ...picture }: GenerateArguments,
  call: Call,
): Promise<Answer | Question> {
  const { defaults, policy } = call.desk;
  const request = requestFrom(picture, defaults, policy.maxCostUsd);
  const keyed = idempotencyKey === undefined ? request : { ...request, idempotencyKey };
  return await draw({ request: keyed, references, output, thumbnail }, call);
}
