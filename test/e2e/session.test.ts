// Conversations from the command line: begun, gone on with, shown, taken back, and seen beforehand with --dry-run.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { documentOf, newFolder, runCommand } from "./run-command.ts";

test("a conversation is held, shown, taken back, forked and deleted", async () => {
  const folder = newFolder();
  const run = async (...words: string[]) => {
    const finished = await runCommand(words, { folder });
    expect(finished.exitCode, finished.stderr).toBe(0);
    return finished;
  };
  await run("a red fox", "--session", "fox", "-o", "one.png", "--rehearse");
  const second = await run("now in snow", "--session", "fox", "-o", "two.png", "--rehearse", "--json");
  expect(documentOf(second)).toMatchObject({ session: { name: "fox", turn: 2 } });
  const dry = await run("and at night", "--session", "fox", "--dry-run", "--rehearse");
  expect(dry.stdout).toMatch(/conversation +fox, turn 3/);
  expect(dry.stdout).toContain("(a picture of the conversation, sha256 ");
  expect(dry.stdout).toContain("thoughtSignature");
  const shown = await run("session", "show", "fox");
  expect(shown.stdout).toContain(join(folder, "two.png"));
  expect(shown.stderr).toContain("rehearsed: nothing was paid");
  await run("session", "undo", "fox");
  await run("session", "fork", "fox", "sea");
  await run("session", "delete", "fox");
  const left = documentOf(await run("session", "list", "--json"));
  expect(left).toMatchObject({ sessions: [{ name: "sea", turns: 1, rehearsal: true }] });
  expect((await run("session", "list")).files).toEqual(["one.json", "one.png", "two.json", "two.png"]);
});

test("a rehearsed conversation does not go on in earnest: exit 2, nothing sent", async () => {
  const folder = newFolder();
  await runCommand(["a red fox", "--session", "fox", "--rehearse"], { folder });
  const run = await runCommand(["now in snow", "--session", "fox"], { folder });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain("was rehearsed");
});

describe("edit", () => {
  test("goes on with the conversation that the picture's record names, from the turn that made it", async () => {
    const folder = newFolder();
    const run = async (...words: string[]) =>
      documentOf(await runCommand([...words, "--rehearse", "--json"], { folder }));
    await run("a red fox", "--session", "fox", "-o", "one.png");
    expect(await run("edit", "one.png", "now", "in snow", "-o", "two.png")).toMatchObject({
      status: "ok",
      request: { prompt: "now in snow", references: [] },
      session: { name: "fox", turn: 2 },
    });
    expect(await run("edit", "two.png", "at night", "-o", "three.png")).toMatchObject({
      session: { name: "fox", turn: 3 },
    });
    expect(await run("edit", "one.png", "at sea", "-o", "four.png")).toMatchObject({
      session: { name: "fox-2", turn: 2 },
      warnings: expect.arrayContaining([expect.stringContaining("fox-2")]),
    });
  });

  test.each([
    ["made without a conversation", [], []],
    ["of a conversation that was deleted", ["--session", "fox"], ["session", "delete", "fox"]],
  ])("a picture %s is a reference", async (_, session, then) => {
    const folder = newFolder();
    await runCommand(["a red fox", ...session, "-o", "one.png", "--rehearse"], { folder });
    if (then.length > 0) await runCommand(then, { folder });
    const run = await runCommand(["edit", "one.png", "in snow", "-o", "two.png", "--rehearse", "--json"], { folder });
    expect(documentOf(run)).toMatchObject({ status: "ok", request: { references: [{ width: 1024, height: 1024 }] } });
    expect(documentOf(run)).not.toHaveProperty("session");
  });

  test("a picture that somebody has worked on is a reference, before others that are given", async () => {
    const folder = newFolder();
    await runCommand(["a red fox", "--session", "fox", "-o", "one.png", "--rehearse"], { folder });
    const small = await sharp(join(folder, "one.png")).resize(300, 200).png().toBuffer();
    writeFileSync(join(folder, "one.png"), small);
    writeFileSync(join(folder, "sea.png"), await sharp(small).resize(64, 64).png().toBuffer());
    const run = await runCommand(["edit", "one.png", "in snow", "-i", "sea.png", "--rehearse", "--json"], { folder });
    expect(documentOf(run)).toMatchObject({ request: { references: [{ width: 300 }, { width: 64 }] } });
  });

  test("without an instruction, or with a picture that is not there, is exit 2", async () => {
    for (const words of [["edit"], ["edit", "one.png"], ["edit", "missing.png", "in snow", "--rehearse"]]) {
      expect(await runCommand(words)).toMatchObject({ exitCode: 2, files: [] });
    }
  });
});
