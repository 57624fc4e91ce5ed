import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runProgram } from "../program.ts";
import { createFakeContext } from "../testing/fake-context.ts";

const home = mkdtempSync(join(tmpdir(), "image-gen-cli-styles-"));
mkdirSync(join(home, "styles"));
writeFileSync(
  join(home, "styles", "mine.md"),
  "---\ndescription: My own \u001b[31m manner\n---\n{{prompt}} in my manner",
);
writeFileSync(join(home, "styles", "broken.md"), "---\nno end");
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function styles(...words: string[]) {
  const context = createFakeContext({ environment: { IMAGE_GEN_HOME: home }, workingDirectory: home });
  const exitCode = await runProgram(["styles", ...words], context);
  return { exitCode, ...context.written };
}

describe("styles list", () => {
  test("has one's own and the package's, and why one cannot be used", async () => {
    const { exitCode, stdout, stderr } = await styles("list");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^mine +own +My own/m);
    expect(stdout).toMatch(/^watercolor +built-in +Loose/m);
    expect(stdout).toMatch(/^broken +own +.*never ends/m);
    expect(stdout).not.toContain("\u001b");
    expect(stderr).toContain(join(home, "styles"));
  });

  test("is the same as JSON", async () => {
    const { styles: listed } = JSON.parse((await styles("list", "--json")).stdout) as { styles: { name: string }[] };
    expect(listed).toContainEqual(
      expect.objectContaining({ name: "poster", variables: { headline: "", inks: expect.any(String) } }),
    );
  });
});

describe("styles show", () => {
  test("has the variables and the text", async () => {
    const { exitCode, stdout } = await styles("show", "poster");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("headline = (to be given)");
    expect(stdout).toContain('reads exactly "{{headline}}"');
  });

  test("is the same as JSON", async () => {
    expect(JSON.parse((await styles("show", "mine", "--json")).stdout)).toMatchObject({
      status: "ok",
      style: { name: "mine", origin: "own", template: "{{prompt}} in my manner" },
    });
  });

  test("an unknown one is exit 2 with the likely one", async () => {
    const { exitCode, stderr } = await styles("show", "postr");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Did you mean poster?");
  });

  test("one that cannot be used is exit 2 with the reason", async () => {
    expect(await styles("show", "broken")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("never ends"),
    });
  });
});
