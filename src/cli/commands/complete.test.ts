import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCatalogue } from "../../google/models/catalogue.ts";
import { runProgram } from "../program.ts";
import { createFakeContext } from "../testing/fake-context.ts";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "image-gen-complete-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function complete(...words: string[]) {
  const context = createFakeContext({ environment: { IMAGE_GEN_HOME: home } });
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

  test("models of the kind that the command makes, the user's own among them", async () => {
    writeFileSync(
      join(home, "models.json"),
      '{"models": [{"id": "my-model", "like": "gemini-3-pro-image", "perImageUsd": {"1K": 0.1}, "asOf": "2026-11-01"}]}',
    );
    expect(await offered("--model", "my")).toEqual(["my-model"]);
    expect(await offered("--model", "veo")).toEqual([]);
    const films = await offered("video", "--model", "");
    expect(films.length).toBeGreaterThan(0);
    expect(films).not.toContain(createCatalogue().default.id);
  });

  test("the user's own styles and those of the package", async () => {
    mkdirSync(join(home, "styles"));
    writeFileSync(join(home, "styles", "postcard.md"), "A postcard of {prompt}");
    expect(await offered("a fox", "--style", "post")).toEqual(["postcard", "poster"]);
    expect(await offered("styles", "show", "postc")).toEqual(["postcard"]);
  });

  test("conversations", async () => {
    for (const name of ["fox", "fox-at-sea", "owl"])
      mkdirSync(join(home, "state", "sessions", name), { recursive: true });
    expect(await offered("a fox", "--session", "fo")).toEqual(["fox", "fox-at-sea"]);
    expect(await offered("session", "undo", "o")).toEqual(["owl"]);
    expect(await offered("session", "list", "o")).toEqual([]);
  });

  test("a file of the user's with a mistake takes nothing away", async () => {
    writeFileSync(join(home, "models.json"), "{");
    writeFileSync(join(home, "styles"), "a file");
    const { exitCode, stderr } = await complete("--", "a fox", "--style", "");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(await offered("--model", "")).toContain(createCatalogue().default.id);
    expect(await offered("--style", "")).toContain("poster");
  });

  test("a file name is left to the shell", async () => {
    expect((await complete("--", "a fox", "-o", "")).stdout.trim()).toBe(":0");
  });
});
