// `doctor`: which connection can make a picture. Free calls only.

import * as z from "zod";
import { answerWith } from "../answer.ts";
import { defineTool, readOnly } from "../tool.ts";
import { documentSchema, fields } from "./output-schemas.ts";

const { object, text, list } = fields;
const check = object({ name: text, status: text, message: text, nextStep: text });

export const doctor = defineTool({
  name: "doctor",
  title: "Doctor",
  description:
    "Checks your person's connections (credential, project, models) and says what to do about each fault. Free. Use it after a failure with exit code 3.",
  annotations: { ...readOnly, openWorldHint: true },
  input: z.strictObject({}),
  output: documentSchema({
    chosen: object({ auth: text, endpoint: text, usable: { type: "boolean" } }),
    connections: list(object({ auth: text, usable: { type: "boolean" }, checks: list(check) })),
    surroundings: list(check),
  }),
  run: async (_nothing, { desk, signal }) => answerWith({ ...(await desk.examine(signal)) }),
});
