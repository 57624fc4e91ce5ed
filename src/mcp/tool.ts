// Tool: one row of what agents can call. Its arguments are checked before it runs; what it gives back is one document.

import type { ToolAnnotations } from "@modelcontextprotocol/server";
import type * as z from "zod";
import type { Call } from "./call.ts";
import type { Answer } from "./answer.ts";
import type { Question } from "./question.ts";

/** A JSON Schema of an object; written by hand, because hosts pay for each word of it. */
export interface OutputSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly input: z.ZodObject;
  readonly output: OutputSchema;
  /** Throws a ToolError for what goes wrong. A question goes to the person or the host; the call is then made again. */
  readonly run: (given: unknown, call: Call) => Promise<Answer | Question>;
}

interface TypedTool<Input extends z.ZodObject> extends Omit<Tool, "input" | "run"> {
  readonly input: Input;
  readonly run: (given: z.output<Input>, call: Call) => Promise<Answer | Question>;
}

/** Ties the arguments' schema to the function that takes them. */
export function defineTool<Input extends z.ZodObject>(tool: TypedTool<Input>): Tool {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- run is called with what the tool's own schema let through
  return { ...tool, run: (given, call) => tool.run(given as z.output<Input>, call) };
}

/** For tools that change nothing and cost nothing. */
export const readOnly = { readOnlyHint: true, destructiveHint: false, idempotentHint: true } as const;
