// Conversations from the command line: begun, gone on with, shown, taken back, and seen beforehand with --dry-run.

import { join } from "node:path";
import { expect, test } from "vitest";
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
