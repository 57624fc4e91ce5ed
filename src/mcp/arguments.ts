// Arguments: what an agent gave, checked against the tool's schema; every mistake at once, in our own words.

import type * as z from "zod";
import { nearest } from "../core/nearest.ts";
import { type Problem, problemsError } from "../core/tool-error.ts";

/** Longest value that is said back. */
const LONGEST_GIVEN = 100;
const MOST_PROBLEMS = 20;

/** @throws ToolError with all mistakes at once. */
export function checkArguments<Input extends z.ZodObject>(schema: Input, given: unknown): z.output<Input> {
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  const [first, ...rest] = parsed.error.issues.flatMap((issue) => problemsOf(issue, known, given));
  throw problemsError([
    first ?? { code: "value-not-allowed", field: "arguments", message: "The arguments cannot be used." },
    ...rest.slice(0, MOST_PROBLEMS - 1),
  ]);
}

function problemsOf(issue: z.core.$ZodIssue, known: readonly string[], given: unknown): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, MOST_PROBLEMS).map((key) => {
      const name = key.slice(0, LONGEST_GIVEN);
      const [suggestion] = nearest(name, known, 1);
      return {
        code: "value-not-allowed",
        field: name,
        message: `There is no argument ${JSON.stringify(name)}.`,
        allowed: known,
        ...(suggestion === undefined ? {} : { suggestion }),
      };
    });
  }
  const field = issue.path.map(String).join(".") || "arguments";
  const value = valueAt(given, issue.path);
  const allowed = allowedBy(issue);
  return [
    {
      code: "value-not-allowed",
      field,
      message: value === undefined ? `${field} is missing.` : `${field}: ${issue.message}.`,
      ...(value === undefined ? {} : { given: shorten(value) }),
      ...(allowed === undefined ? {} : { allowed }),
    },
  ];
}

function allowedBy(issue: z.core.$ZodIssue): string[] | undefined {
  if (issue.code === "invalid_value") return issue.values.map(String);
  // Of a text or a list the bound is a length, which the message says.
  if (issue.code === "too_small" && isNumber(issue.origin)) return [`at least ${issue.minimum}`];
  if (issue.code === "too_big" && isNumber(issue.origin)) return [`at most ${issue.maximum}`];
  return undefined;
}

const isNumber = (origin: string): boolean => origin === "number" || origin === "int";

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    given,
  );
}

function shorten(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value);
  return text.length > LONGEST_GIVEN ? `${text.slice(0, LONGEST_GIVEN)}…` : text;
}
