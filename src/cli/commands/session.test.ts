import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { useConversation } from "../../sessions/testing/conversation.ts";
import { runProgram } from "../program.ts";
import { createFakeContext } from "../testing/fake-context.ts";

const conversation = useConversation();

async function session(...words: string[]) {
  // IMAGE_GEN_HOME keeps the state in its folder `state`.
  const context = createFakeContext({ environment: { IMAGE_GEN_HOME: dirname(dirname(conversation.sessions)) } });
  const exitCode = await runProgram(["session", ...words], context);
  return { exitCode, ...context.written };
}

async function sessionJson(...words: string[]): Promise<unknown> {
  return JSON.parse((await session(...words, "--json")).stdout);
}

describe("session", () => {
  test("list tells turns, cost and last words", async () => {
    conversation.say("fox", "a fox");
    conversation.say("fox", "now in\u001b[31m snow");
    const { exitCode, stdout } = await session("list");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^fox +2 +\$0\.268 +a-model +now in/m);
    expect(stdout).not.toContain("\u001b");
    expect(await sessionJson("list")).toMatchObject({
      sessions: [{ name: "fox", turns: 2, costMicroUsd: 268_000, model: "a-model" }],
    });
  });

  test("list without any says how to begin", async () => {
    expect(await session("list")).toMatchObject({
      exitCode: 0,
      stdout: "",
      stderr: expect.stringContaining("--session"),
    });
  });

  test("list shows what can be read beside what cannot", async () => {
    conversation.say("fox", "a fox");
    const turns = join(conversation.sessions, "broken", "turns");
    mkdirSync(turns, { recursive: true });
    writeFileSync(join(turns, "0001.json"), "{");
    const { exitCode, stdout } = await session("list");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^broken .*damaged/m);
    expect(stdout).toMatch(/^fox /m);
  });

  test("show has every turn, those that were taken back too, and no signature", async () => {
    conversation.say("fox", "a fox", { path: "/pictures/fox.png", rehearsal: true });
    conversation.say("fox", "now in snow", { costMicroUsd: null });
    expect((await session("undo", "fox")).stderr).toContain("now in snow");
    const { stdout, stderr } = await session("show", "fox");
    expect(stdout).toMatch(/^1 .*\$0\.134 +a fox +\/pictures\/fox\.png/m);
    expect(stdout).toMatch(/^undone .*unknown +now in snow/m);
    expect(stderr).toContain("$0.134 and 1 of unknown cost, rehearsed");
    expect(JSON.stringify(await sessionJson("show", "fox"))).not.toContain("Eo8B");
  });

  test("fork and delete do what they say", async () => {
    conversation.say("fox", "a fox");
    conversation.say("fox", "now in snow");
    expect((await session("fork", "fox", "sea", "--turns", "1")).stderr).toContain("sea has 1 turn of fox.");
    expect(await sessionJson("delete", "fox")).toMatchObject({ status: "ok", deleted: "fox" });
    expect(readdirSync(conversation.sessions)).toEqual(["sea"]);
  });

  test.each([
    [["show", "foxs"], "Did you mean fox?"],
    [["undo", "../fox"], "cannot be called"],
    [["fork", "fox", "fox"], "already"],
    [["fork", "fox", "sea", "--turns", "9"], "has 1 turns"],
    [["fork", "fox", "sea", "--turns", "x"], "whole number"],
    [["delete", "nobody"], "no session nobody"],
    [["show"], "missing"],
  ])("%j is exit 2 with a reason", async (words, reason) => {
    conversation.say("fox", "a fox");
    const { exitCode, stderr } = await session(...words);
    expect(stderr).toContain(reason);
    expect(exitCode).toBe(2);
  });
});
