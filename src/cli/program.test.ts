import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram } from "./program.ts";
import { createFakeContext } from "./testing/fake-context.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "image-gen-program-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function program(...argv: string[]) {
  const context = createFakeContext({ environment: { IMAGE_GEN_HOME: home } });
  const exitCode = await runProgram(argv, context);
  return { exitCode, ...context.written };
}

describe("the program", () => {
  test("help and version go to stdout", async () => {
    expect(await program("--version")).toEqual({ exitCode: 0, stdout: "9.8.7\n", stderr: "" });
    expect(await program("--help")).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await program("help", "cost")).stdout).toContain("cost compare");
  });

  test("without anything it says how it is used, as a mistake", async () => {
    const { exitCode, stdout, stderr } = await program();
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: image-gen");
  });

  test("a mistake is said in three parts: what happened, why, what to do", async () => {
    const { exitCode, stdout, stderr } = await program("modles");
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(/^✗ "modles" looks like the command "models".*Did you mean image-gen models\?$/),
      "  Why: The command line could not be understood.",
      "  What to do: See `image-gen help` for the commands and options.",
      "",
    ]);
  });

  test.each([
    [["modles", "--json"]],
    [["config", "get", "--json"]],
    [["config", "lst", "--json"]],
    [["help", "modles", "--json"]],
    [["emulator", "--prot", "1", "--json"]],
    [["config", "path", "--jsno", "--json"]],
  ])("%j fails as exactly one JSON document of the one shape", async (argv) => {
    const { exitCode, stdout, stderr } = await program(...argv);
    expect([exitCode, stderr]).toEqual([2, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      status: "error",
      operation: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      rehearsal: false,
      error: { code: "usage", exitCode: 2, billed: "no", problems: expect.any(Array) },
    });
  });

  test("commands that do not need the settings work when the file is broken", async () => {
    writeFileSync(join(home, "config.json"), "{ oops");
    expect(await program("config", "path")).toMatchObject({ exitCode: 0 });
    expect(await program("models")).toMatchObject({ exitCode: 3 });
    rmSync(join(home, "config.json"));
  });
});
