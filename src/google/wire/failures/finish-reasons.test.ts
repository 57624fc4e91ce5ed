import { describe, expect, test } from "vitest";
import { errorTable } from "../../../core/error-table.ts";
import { readBlockReason, readFinishReason } from "./finish-reasons.ts";

describe("a reason for stopping", () => {
  test.each([
    ["SAFETY", "refused-safety"],
    ["RECITATION", "refused-safety"],
    ["BLOCKLIST", "refused-safety"],
    ["PROHIBITED_CONTENT", "refused-safety"],
    ["SPII", "refused-safety"],
    ["IMAGE_SAFETY", "refused-safety"],
    ["IMAGE_PROHIBITED_CONTENT", "refused-safety"],
    ["IMAGE_RECITATION", "refused-safety"],
    ["STOP", "no-image"],
    ["MAX_TOKENS", "no-image"],
    ["LANGUAGE", "no-image"],
    ["OTHER", "no-image"],
    ["MALFORMED_FUNCTION_CALL", "no-image"],
    ["UNEXPECTED_TOOL_CALL", "no-image"],
    ["TOO_MANY_TOOL_CALLS", "no-image"],
    ["NO_IMAGE", "no-image"],
    ["IMAGE_OTHER", "no-image"],
    ["CONTINUATION", "no-image"],
    ["MALFORMED_RESPONSE", "no-image"],
    ["FINISH_REASON_UNSPECIFIED", "no-image"],
  ])("%s is %s, with a sentence of its own", (reason, code) => {
    const read = readFinishReason(reason);
    expect(read.code).toBe(code);
    expect(read.message).toMatch(/^[A-Z].*\.$/);
    expect(read.message).not.toContain(reason);
    expect(errorTable[read.code].exit).toBe(5);
  });

  test("of the future is named", () => {
    expect(readFinishReason("IMAGE_TOO_PRETTY")).toMatchObject({
      code: "no-image",
      message: expect.stringContaining("IMAGE_TOO_PRETTY"),
    });
    expect(readFinishReason("constructor").code).toBe("no-image");
  });

  test("that is missing is no image", () => {
    expect(readFinishReason(null).code).toBe("no-image");
  });
});

describe("a reason for blocking the prompt", () => {
  test.each([
    "SAFETY",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "IMAGE_SAFETY",
    "MODEL_ARMOR",
    "JAILBREAK",
    "BLOCK_REASON_UNSPECIFIED",
  ])("%s has a sentence", (reason) => {
    const read = readBlockReason(reason);
    expect(read.code).toBe("prompt-blocked");
    expect(read.message).not.toContain(reason);
  });

  test("of the future is named", () => {
    expect(readBlockReason("NEW_RULE").message).toContain("NEW_RULE");
  });
});
