// `recover_operations`: finishes what was left when a process was killed. Buys nothing.

import * as z from "zod";
import type { Recovery } from "../../generate/recover.ts";
import { answerWith } from "../answer.ts";
import { defineTool } from "../tool.ts";
import { documentSchema, fields } from "./output-schemas.ts";

const { money, object, text, textOrNull, list } = fields;
const picture = { operation: text, image: { type: "integer" } } as const;

const NOTHING: Recovery = { published: [], released: [], unknown: [], unpublished: [], running: [], pending: [] };

export const recoverOperations = defineTool({
  name: "recover_operations",
  title: "Recover operations",
  description:
    "After a crash or a lost connection: saves pictures that were paid for and not yet written, and names what is uncertain. Buys nothing.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({}),
  output: documentSchema({
    published: list(object({ ...picture, path: text })),
    released: list(object(picture, "never sent")),
    unknown: list(object({ ...picture, heldMicroUsd: money }, "perhaps billed; a person settles it")),
    unpublished: list(object({ ...picture, savedAt: textOrNull, message: text })),
    running: list(text),
    pending: list(object({ operation: text, handle: text, heldMicroUsd: money }, "clips begun at the provider")),
  }),
  run: async (_nothing, { desk }) => answerWith({ version: 1, status: "ok", ...NOTHING, ...(await desk.recover()) }),
});
