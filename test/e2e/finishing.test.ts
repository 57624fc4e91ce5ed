// Output extras as a user meets them: the built command, its files, and what it says.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { documentOf, newFolder, runCommand } from "./run-command.ts";

const rehearse = async (words: readonly string[], folder = newFolder()) =>
  await runCommand([...words, "--rehearse"], { folder });

describe("output extras", () => {
  test("--transparent writes a PNG with transparent parts, and the dry run says how and for how much", async () => {
    const folder = newFolder();
    const run = await rehearse(["a red fox", "--transparent", "-o", "fox.png"], folder);
    expect(run, run.stderr).toMatchObject({ exitCode: 0, stdout: `${join(folder, "fox.png")}\n` });
    expect((await sharp(readFileSync(join(folder, "fox.png"))).stats()).isOpaque).toBe(false);
    const dry = await rehearse(["a red fox", "--transparent", "--dry-run"]);
    expect(dry.stdout).toMatch(/background .*flat green .*one call, same price/);
    expect(dry.stdout).toContain("#00FF00");
  });

  test("--embed-metadata and inspect tell the same", async () => {
    const folder = newFolder();
    await rehearse(["a red fox", "--embed-metadata", "--format", "webp", "-o", "out/"], folder);
    const [picture = ""] = (await runCommand(["--version"], { folder })).files.filter((name) => name.endsWith(".webp"));
    const told = await runCommand(["inspect", picture, "--json"], { folder });
    expect(documentOf(told)).toMatchObject({
      format: "webp",
      hasC2pa: false,
      records: [
        { source: "sidecar", prompt: "a red fox", unchanged: true, rehearsal: true },
        { source: "embedded", prompt: "a red fox", rehearsal: true },
      ],
    });
  });

  test("--quality without a format that has one is refused with what would do", async () => {
    const run = await rehearse(["a red fox", "--quality", "80"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("--format jpeg");
    expect(run.files).toEqual([]);
  });
});

describe("styles", () => {
  test("--style with --var is what the dry run shows", async () => {
    const run = await rehearse([
      "a fox",
      "--style",
      "poster",
      "--var",
      "headline=FOX=1",
      "--var",
      "inks=two inks",
      "--dry-run",
    ]);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toContain('reads exactly \\"FOX=1\\"');
    expect(run.stdout).toContain("two inks");
  });

  test("one's own style lies beside the settings", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, ".home", "styles"), { recursive: true });
    writeFileSync(join(folder, ".home", "styles", "mine.md"), "{{prompt}} in my manner");
    const run = await rehearse(["a fox", "--style", "mine", "--dry-run"], folder);
    expect(run.stdout).toContain("a fox in my manner");
  });

  test("wrong styles and variables are told with the right ones, and nothing is made", async () => {
    const run = await rehearse(["a fox", "--style", "postr", "--var", "x", "-o", "fox.png"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("Did you mean poster?");
    expect(run.stderr).toContain("is not name=value");
    expect(existsSync(join(run.folder, "fox.png"))).toBe(false);
  });

  test("cost estimate takes a style as well", async () => {
    const run = await runCommand(["cost", "estimate", "a fox", "--style", "poster", "--var", "headline=FOX", "--json"]);
    expect(documentOf(run)).toMatchObject({ status: "ok" });
  });
});
