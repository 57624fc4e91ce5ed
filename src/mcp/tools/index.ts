// All tools, in the order in which they are listed. A new tool is a file here and a line in the list.

import type { Tool as ListedTool } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Tool } from "../tool.ts";
import { doctor } from "./doctor.ts";
import { estimateCost } from "./estimate-cost.ts";
import { editImage, generateImage } from "./generate-image.ts";
import { generateVideo } from "./generate-video.ts";
import { getOperation } from "./get-operation.ts";
import { listModels } from "./list-models.ts";
import { listOperations } from "./list-operations.ts";
import { recommendModel } from "./recommend-model.ts";
import { recoverOperations } from "./recover-operations.ts";
import { spendSummary } from "./spend-summary.ts";

const tools: readonly Tool[] = [
  generateImage,
  editImage,
  generateVideo,
  estimateCost,
  recommendModel,
  listModels,
  listOperations,
  getOperation,
  recoverOperations,
  spendSummary,
  doctor,
];

export function findTool(name: string): Tool | undefined {
  return tools.find((tool) => tool.name === name);
}

/** As the protocol lists them. */
export function listTools(): ListedTool[] {
  return tools.map(({ name, title, description, annotations, input, output }) => {
    const { $schema: _dialect, ...inputSchema } = z.toJSONSchema(input, { io: "input" });
    return {
      name,
      title,
      description,
      annotations: { title, ...annotations },
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a strict object's schema is that of an object
      inputSchema: inputSchema as ListedTool["inputSchema"],
      outputSchema: { ...output, required: [...output.required] },
    };
  });
}
