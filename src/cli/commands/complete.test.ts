import { describe, expect, test } from "vitest";
import { createCatalogue } from "../../google/models/catalogue.ts";
import { runProgram } from "../program.ts";
import { createFakeContext } from "../testing/fake-context.ts";

async function complete(...words: string[]) {
  const context = createFakeContext();
  const exitCode = await runProgram(["complete", ...words], context);
  return { exitCode, ...context.written };
}

/** What a shell offers after these words; the last one is what is being typed. */
async function offered(...line: string[]): Promise<string[]> {
  const { stdout } = await complete("--", ...line);
  return stdout.split("\n").flatMap((row) => (row === "" || row.startsWith(":") ? [] : [row.split("\t")[0] ?? ""]));
}

describe("completion", () => {
  test.each(["bash", "zsh", "fish", "powershell"])("there is a script for %s that calls back", async (shell) => {
    const { exitCode, stdout } = await complete(shell);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/image-gen complete '?--/);
  });

  test("another shell is refused", async () => {
    const { exitCode, stderr } = await complete("tcsh");
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("Allowed: bash, zsh, fish, powershell.")]);
  });

  test("commands, and what follows them", async () => {
    expect(await offered("mo")).toEqual(["models"]);
    expect(await offered("cost", "")).toEqual(expect.arrayContaining(["estimate", "compare", "recommend"]));
    expect(await offered("config", "set", "au")).toEqual(["auth"]);
  });

  test("options, of the command that is typed", async () => {
    expect(await offered("a fox", "--as")).toEqual(["--aspect-ratio"]);
    expect(await offered("models", "--a")).toEqual(expect.arrayContaining(["--all", "--auth"]));
  });

  test("values of --auth, --size, --ar and --model", async () => {
    expect(await offered("--auth", "a")).toEqual(["api-key", "adc"]);
    expect(await offered("-s", "")).toEqual(["512", "1K", "2K", "4K"]);
    expect(await offered("generate", "--ar", "16")).toEqual(["16:9"]);
    expect(await offered("--model", "")).toContain(createCatalogue().default.id);
  });

  test("a file name is left to the shell", async () => {
    expect((await complete("--", "a fox", "-o", "")).stdout.trim()).toBe(":0");
  });
});
