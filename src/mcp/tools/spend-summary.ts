// `spend_summary`: what was spent, and what is not settled.

import * as z from "zod";
import { plainText } from "../../core/redaction.ts";
import { totalsBy } from "../../spend/ledger/totals.ts";
import { answerWith } from "../answer.ts";
import { defineTool, readOnly } from "../tool.ts";
import { documentSchema, fields } from "./output-schemas.ts";

const { money, object, text, list } = fields;
/** The last ones: days and months. */
const MOST_ROWS = 62;
const MOST_OPEN = 50;
const LONGEST_PROMPT = 100;
const amounts = {
  pictures: { type: "integer" },
  clips: { type: "integer" },
  spentMicroUsd: money,
  heldMicroUsd: money,
  unknownMicroUsd: money,
};

export const spendSummary = defineTool({
  name: "spend_summary",
  title: "Spend summary",
  description:
    "What was spent, in all and by day, month, project, model or route; what is left of each budget; what is not settled. Free.",
  annotations: { ...readOnly, openWorldHint: false },
  input: z.strictObject({ by: z.enum(totalsBy).optional() }),
  output: documentSchema({
    totals: object(amounts),
    by: list(object({ key: text, ...amounts })),
    budgets: list(object({ window: text, limitMicroUsd: money, leftMicroUsd: money })),
    open: list(object({ id: text, state: text, heldMicroUsd: money })),
  }),
  run: async ({ by }, { desk }) => {
    const document = await desk.spend(by);
    return answerWith({
      ...document,
      ...(document.by ? { by: document.by.slice(-MOST_ROWS) } : {}),
      open: document.open
        .slice(-MOST_OPEN)
        .map((operation) => ({ ...operation, prompt: plainText(operation.prompt, LONGEST_PROMPT) })),
    });
  },
});
