import { describe, expect, test } from "vitest";
import { readCommandLine } from "./read-command-line.ts";
import { withRehearsal } from "./rehearsal-demand.ts";

function isRehearsal(words: readonly string[], given?: string): boolean {
  const line = readCommandLine(words);
  if (line.kind !== "command") throw new Error("no command");
  return withRehearsal(line, given === undefined ? {} : { IMAGE_GEN_REHEARSE: given }).switches.has("rehearse");
}

describe("IMAGE_GEN_REHEARSE", () => {
  test.each(["1", "true", "on", "yes", " 1 "])("%j makes a rehearsal of everything that can be one", (given) => {
    expect(isRehearsal(["a fox"], given)).toBe(true);
    expect(isRehearsal(["doctor"], given)).toBe(true);
    expect(isRehearsal(["mcp"], given)).toBe(true);
    expect(isRehearsal(["config", "list"], given)).toBe(false);
  });

  test.each(["0", "false", "off", "", "  ", undefined])("%j makes none", (given) => {
    expect(isRehearsal(["a fox"], given)).toBe(false);
    expect(isRehearsal(["a fox", "--rehearse"], given)).toBe(true);
  });

  test("what cannot be read costs nothing", () => {
    expect(isRehearsal(["a fox"], "maybe")).toBe(true);
  });
});
