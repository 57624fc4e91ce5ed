// `get_operation`: one operation of the ledger.

import * as z from "zod";
import { ToolError } from "../../core/tool-error.ts";
import { toHistoryEntry } from "../../spend/ledger/history.ts";
import { answerWith } from "../answer.ts";
import { defineTool, readOnly } from "../tool.ts";
import { documentSchema, operationSchema } from "./output-schemas.ts";

export const getOperation = defineTool({
  name: "get_operation",
  title: "Get operation",
  description: "One operation by its id: state, paths, cost, and the error of each picture that failed. Free.",
  annotations: { ...readOnly, openWorldHint: false },
  input: z.strictObject({ operation: z.string().min(1).max(64) }),
  output: documentSchema(operationSchema.properties),
  run: async ({ operation: id }, { desk }) => {
    const record = await desk.withLedger((ledger) => ledger.operation(id));
    if (!record) {
      throw new ToolError("operation-unknown", { message: `There is no operation ${JSON.stringify(id)}.` });
    }
    const errors = record.calls.flatMap(({ error }) => (error ? [error] : []));
    return answerWith({ version: 1, status: "ok", ...toHistoryEntry(record), errors });
  },
});
