import { inspect } from "node:util";
import { expect, test } from "vitest";
import { type ErrorRow, errorTable } from "./error-table.ts";
import { Secret } from "./secret.ts";
import { isToolError, problemsError, reportError, ToolError } from "./tool-error.ts";

test("an error of another copy of this class is recognised by its brand", () => {
  const foreign = Object.assign(new Error("x"), { [Symbol.for("image-gen.tool-error")]: true });
  expect(isToolError(foreign)).toBe(true);
  expect(isToolError(new Error("x"))).toBe(false);
});

test("one mistake keeps its own code, several become one error with all of them", () => {
  const problem = { code: "ratio-not-offered", field: "--ar", message: "7:5 is not offered." } as const;
  expect(problemsError([problem]).code).toBe("ratio-not-offered");
  expect(reportError(problemsError([problem, problem]))).toMatchObject({ code: "invalid-request", exitCode: 2 });
});

test("what was seen replaces what the row says", () => {
  const report = reportError(new ToolError("no-image", { billed: "yes", httpStatus: 200, nextStep: "look" }));
  expect(report).toMatchObject({ billed: "yes", httpStatus: 200, nextStep: "look", retryable: false, savedAt: null });
});

test("whatever may be tried again was surely not billed", () => {
  const retryable = Object.values<ErrorRow>(errorTable).filter((row) => row.retryable);
  expect(new Set(retryable.map(({ billed }) => billed))).toEqual(new Set(["no"]));
});

test("a secret does not show in strings, JSON or inspection", () => {
  const secret = new Secret("hush-hush", "TEST_KEY");
  expect(
    `${String(secret)} ${JSON.stringify({ secret })} ${inspect({ secret }, { depth: 9, showHidden: true })}`,
  ).not.toContain("hush");
});
