// `list_operations`: the newest rows of the ledger, prompts cut short.

import * as z from "zod";
import { plainText } from "../../core/redaction.ts";
import { answerWith } from "../answer.ts";
import { defineTool, readOnly } from "../tool.ts";
import { documentSchema, fields, operationSchema } from "./output-schemas.ts";

const USUAL_NUMBER = 10;
const MOST = 50;
const LONGEST_PROMPT = 200;

export const listOperations = defineTool({
  name: "list_operations",
  title: "List operations",
  description:
    "What was drawn, newest first: state, paths and cost of each operation, also those of earlier sessions. Free.",
  annotations: { ...readOnly, openWorldHint: false },
  input: z.strictObject({
    limit: z.int().min(1).max(MOST).optional().describe(`default ${USUAL_NUMBER}`),
  }),
  output: documentSchema({ operations: fields.list(operationSchema) }),
  run: async ({ limit = USUAL_NUMBER }, { desk }) => {
    const entries = await desk.withLedger((ledger) => ledger.history({ limit }));
    const operations = entries.map((entry) => ({ ...entry, prompt: plainText(entry.prompt, LONGEST_PROMPT) }));
    return answerWith({ version: 1, status: "ok", operations });
  },
});
