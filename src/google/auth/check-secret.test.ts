// Keys and tokens: what surely is something else is refused, naming the variable and never the value.

import * as fc from "fast-check";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Secret } from "../../core/secret.ts";
import { isToolError } from "../../core/tool-error.ts";
import { checkedSecret } from "./check-secret.ts";

function refusal(value: string, as: "key" | "token"): unknown {
  try {
    checkedSecret(new Secret(value, "SOME_VARIABLE"), as);
    return null;
  } catch (error) {
    return error;
  }
}

describe("as a key", () => {
  test.each(["AIza-short", "AQ.Ab_c-1", "anything", ` AIza${"x".repeat(35)}\r\n`])("%j passes, trimmed", (value) => {
    expect(checkedSecret(new Secret(value, "X"), "key")).toBe(value.trim());
  });

  test.each([
    ["an access token", "ya29.abc", "--auth oauth"],
    ["the JSON of a service account", '{"type":"service_account"}', "--auth service-account"],
    ["a PEM", `${"-".repeat(5)}BEGIN PRIVATE KEY${"-".repeat(5)}`, "private key"],
    ["a header", "Bearer abc", "Bearer"],
    ["a path", "/home/me/key.json", "path"],
    ["a quoted key", '"AIza-abc"', "quotes"],
    ["two words", "AIza abc", "space"],
    ["two lines", "AIza\nabc", "line break"],
    ["a word with an accent", "clé", "characters"],
    ["a control character", "AIza\u0000abc", "characters"],
    ["a quotation mark within", 'AI"za', "quotation mark"],
    ["a whole book", "x".repeat(20_000), "longer"],
    ["nothing", " ", "empty"],
  ])("%s is key-invalid", (_what, value, hint) => {
    expect(refusal(value, "key")).toMatchObject({
      code: "key-invalid",
      message: expect.stringContaining(hint),
      details: { problems: [{ field: "SOME_VARIABLE", code: "key-invalid" }] },
    });
  });
});

describe("as a token", () => {
  test("ya29 passes", () => {
    expect(checkedSecret(new Secret("ya29.abc", "X"), "token")).toBe("ya29.abc");
  });

  test.each([
    ["a standard key", "AIza-abc", "--auth api-key"],
    ["an authorization key", "AQ.abc", "--auth api-key"],
    ["a header", "bearer ya29.abc", "Bearer"],
  ])("%s is token-invalid", (_what, value, hint) => {
    expect(refusal(value, "token")).toMatchObject({ code: "token-invalid", message: expect.stringContaining(hint) });
  });
});

test("whatever passes can stand in a header, and what does not never rides on the error", () => {
  const holds = fc.property(
    fc.string({ unit: "binary", minLength: 6 }),
    fc.constantFrom("key", "token"),
    (value, as) => {
      const error = refusal(value, as);
      if (error === null) return /^[\u0021-\u007e]+$/.test(value.trim());
      return isToolError(error) && !inspect(error, { depth: 20, showHidden: true }).includes(value);
    },
  );
  expect(fc.check(holds).failed).toBe(false);
});
