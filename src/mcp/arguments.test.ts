import * as z from "zod";
import { describe, expect, test } from "vitest";
import { isToolError } from "../core/tool-error.ts";
import { checkArguments } from "./arguments.ts";

const schema = z.strictObject({
  prompt: z.string().min(1),
  count: z.int().min(1).max(10).optional(),
  tier: z.enum(["standard", "flex"]).optional(),
});

function problemsOf(given: unknown) {
  try {
    checkArguments(schema, given);
  } catch (error) {
    if (isToolError(error)) return error.details.problems ?? [error.details];
  }
  throw new Error("The arguments were accepted.");
}

describe("arguments of a tool", () => {
  test("that fit are taken as they are", () => {
    expect(checkArguments(schema, { prompt: "a fox", count: 2 })).toEqual({ prompt: "a fox", count: 2 });
  });

  test("that do not fit are told all at once, each with what was given and what is allowed", () => {
    expect(problemsOf({ prompt: "a fox", count: 0, tier: "fast", sise: "2K" })).toMatchObject([
      { field: "count", given: "0", allowed: ["at least 1"] },
      { field: "tier", given: "fast", allowed: ["standard", "flex"] },
      { field: "sise", allowed: ["prompt", "count", "tier"] },
    ]);
    expect(problemsOf({ prompt: "a", count: 99, tier: 7 })).toMatchObject([
      { allowed: ["at most 10"] },
      { given: "7" },
    ]);
  });
});
