import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { deleteSession, forkSession, requireSession, undoTurn } from "./change-session.ts";
import { choosePast, loadFrom, pastContents } from "./past-contents.ts";
import { costOf, readSession, sessionNames } from "./session.ts";
import { checkSessionName } from "./session-name.ts";
import { useConversation } from "./testing/conversation.ts";

const conversation = useConversation();
const read = (name: string) => readSession(conversation.sessions, name);
const mode = (path: string): number => statSync(path).mode & 0o777;
const prompts = (name: string) => read(name).turns.map(({ prompt }) => prompt);

describe("a session's name", () => {
  test.each(["fox", "a", "แมวน้ำ", "Fox.2_b-c", "2026-11", "é"])("%s is one", (name) => {
    expect(checkSessionName(name)).toBeNull();
  });

  test.each([
    "",
    " ",
    ".",
    "..",
    "../fox",
    "a/b",
    "a\\b",
    "/etc",
    "C:",
    "a\0b",
    ".hidden",
    "-x",
    "fox.",
    "con",
    "NUL.json",
    "a b",
    "x".repeat(65),
    "\u202efox",
    "a\nb",
    "~",
    "%2e%2e",
  ])("%j is none", (name) => {
    expect(checkSessionName(name)).toMatchObject({ code: "value-not-allowed", field: "--session" });
    expect(() => read(name)).toThrow(/cannot be called/);
  });

  test("the nearest that can be is told", () => {
    expect(checkSessionName("my fox!")).toMatchObject({ suggestion: "my-fox" });
    expect(checkSessionName("../../etc/passwd")).toMatchObject({ suggestion: "etc-passwd" });
  });

  test("two spellings of one word are one session", () => {
    conversation.say("caf\u00e9", "one");
    conversation.say("cafe\u0301", "two");
    expect(sessionNames(conversation.sessions)).toEqual(["caf\u00e9"]);
  });
});

describe("turns", () => {
  test("come back to the letter, in order", () => {
    conversation.say("fox", "a fox");
    conversation.say("fox", "now in snow");
    const { turns } = read("fox");
    expect(turns.map(({ prompt }) => prompt)).toEqual(["a fox", "now in snow"]);
    expect(turns[1]?.reply[1]?.fields).toEqual({ thoughtSignature: "Eo8B/+now in snow==" });
    expect(turns[1]?.previous).toBe(turns[0]?.operation);
  });

  test("and pictures are readable by their owner alone, under any umask", () => {
    const before = process.umask(0);
    try {
      conversation.say("fox", "a fox");
    } finally {
      process.umask(before);
    }
    const folder = join(conversation.sessions, "fox");
    for (const inside of [".", "turns", "pictures"]) expect(mode(join(folder, inside))).toBe(0o700);
    for (const inside of ["turns", "pictures"]) {
      for (const file of readdirSync(join(folder, inside))) expect(mode(join(folder, inside, file))).toBe(0o600);
    }
  });

  test("leave nothing but themselves on disk", () => {
    conversation.say("fox", "a fox");
    const files = readdirSync(conversation.sessions, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.part|\.fork/.test(name),
    );
    expect(files).toEqual([]);
  });

  test("of a command that was overtaken go on in a fork, and both are kept", () => {
    conversation.say("fox", "a fox");
    const asRead = read("fox");
    conversation.say("fox", "now in snow");
    const appended = conversation.say("fox", "now at sea", { asRead });
    expect(appended).toMatchObject({ name: "fox-2", number: 2, warning: expect.stringContaining("fox-2") });
    expect(prompts("fox")).toEqual(["a fox", "now in snow"]);
    expect(prompts("fox-2")).toEqual(["a fox", "now at sea"]);
    const { turns } = read("fox-2");
    expect(pastContents(turns, loadFrom(read("fox-2")))).toHaveLength(4);
    expect(conversation.say("fox", "now at night", { asRead }).name).toBe("fox-3");
  });

  test("of two commands that begin one session at once are two sessions", () => {
    const asRead = read("fox");
    conversation.say("fox", "one", { asRead });
    expect(conversation.say("fox", "two", { asRead })).toMatchObject({ name: "fox-2", number: 1 });
  });
});

describe("what goes to the model", () => {
  test("everything that was held with it, pictures and signatures as they came", () => {
    conversation.say("fox", "a fox");
    const session = read("fox");
    const past = choosePast(session, "a-model", "generativelanguage");
    expect(past).toMatchObject({ picture: null, warnings: [] });
    expect(pastContents(past.turns, loadFrom(session))).toEqual([
      { role: "user", parts: [{ fields: { text: "a fox" }, picture: null }] },
      {
        role: "model",
        parts: [
          { fields: { text: "Here" }, picture: null },
          {
            fields: { thoughtSignature: "Eo8B/+a fox==" },
            picture: { mimeType: "image/png", bytes: Buffer.from("picture of a fox") },
          },
        ],
      },
    ]);
  });

  test("to another model the last picture alone, and what is lost is said", () => {
    conversation.say("fox", "a fox");
    const past = choosePast(read("fox"), "b-model", "generativelanguage");
    expect(past).toMatchObject({ turns: [], picture: { mimeType: "image/png" } });
    expect(past.warnings).toEqual([expect.stringMatching(/held with a-model.*--model a-model/)]);
  });

  test("after a change of model only the turns since, and that is said", () => {
    conversation.say("fox", "a fox");
    conversation.say("fox", "in oil", { model: "b-model" });
    const past = choosePast(read("fox"), "b-model", "generativelanguage");
    expect(past.turns.map(({ prompt }) => prompt)).toEqual(["in oil"]);
    expect(past.warnings).toEqual([expect.stringMatching(/changed to b-model in turn 2/)]);
  });

  test("over another endpoint everything, with a word of warning", () => {
    conversation.say("fox", "a fox");
    expect(choosePast(read("fox"), "a-model", "aiplatform").warnings).toEqual([
      expect.stringMatching(/over generativelanguage/),
    ]);
  });

  test("a picture that is gone or changed stops it before anything is sent", () => {
    conversation.say("fox", "a fox");
    const session = read("fox");
    const [file = ""] = readdirSync(join(session.folder, "pictures"));
    const path = join(session.folder, "pictures", file);
    writeFileSync(path, "another");
    expect(() => pastContents(session.turns, loadFrom(session))).toThrow(/not the one that was kept/);
    rmSync(path);
    expect(() => pastContents(session.turns, loadFrom(session))).toThrow(/cannot be read/);
  });
});

describe("undo", () => {
  test("takes the last turn back; its cost stays, its picture too", () => {
    conversation.say("fox", "a fox");
    conversation.say("fox", "now in snow");
    expect(undoTurn(conversation.sessions, "fox").prompt).toBe("now in snow");
    expect(prompts("fox")).toEqual(["a fox"]);
    expect(costOf(read("fox"))).toEqual({ microUsd: 268_000, unknown: 0 });
    conversation.say("fox", "now at sea");
    expect(prompts("fox")).toEqual(["a fox", "now at sea"]);
    undoTurn(conversation.sessions, "fox");
    expect(read("fox").undone.map(({ prompt }) => prompt)).toEqual(["now in snow", "now at sea"]);
  });

  test("of the last turn of all leaves a session that begins anew, and another undo is refused", () => {
    conversation.say("fox", "a fox", { costMicroUsd: null });
    undoTurn(conversation.sessions, "fox");
    expect(costOf(requireSession(conversation.sessions, "fox"))).toEqual({ microUsd: 0, unknown: 1 });
    expect(() => undoTurn(conversation.sessions, "fox")).toThrow(/no turn left/);
  });
});

describe("fork", () => {
  test("goes on from an earlier turn, and the old session stays", () => {
    conversation.say("fox", "a fox");
    conversation.say("fox", "now in snow");
    forkSession(conversation.sessions, "fox", "sea", 1);
    conversation.say("sea", "now at sea");
    expect(prompts("fox")).toEqual(["a fox", "now in snow"]);
    expect(prompts("sea")).toEqual(["a fox", "now at sea"]);
    deleteSession(conversation.sessions, "fox");
    expect(pastContents(read("sea").turns, loadFrom(read("sea")))).toHaveLength(4);
  });

  test.each([0, 3, -1, 1.5])("cannot take %d of two turns", (turns) => {
    conversation.say("fox", "a fox");
    conversation.say("fox", "now in snow");
    expect(() => forkSession(conversation.sessions, "fox", "sea", turns)).toThrow(/has 2 turns/);
  });

  test("does not take a name that is taken, nor one that cannot be", () => {
    conversation.say("fox", "a fox");
    conversation.say("sea", "a sea");
    expect(() => forkSession(conversation.sessions, "fox", "sea")).toThrow(/already/);
    expect(() => forkSession(conversation.sessions, "fox", "../sea")).toThrow(/cannot be called/);
  });
});

describe("delete", () => {
  test("removes turns and pictures, and only of this session", () => {
    conversation.say("fox", "a fox");
    conversation.say("sea", "a sea");
    deleteSession(conversation.sessions, "fox");
    expect(readdirSync(conversation.sessions)).toEqual(["sea"]);
  });

  test("of an unknown one names the nearest", () => {
    conversation.say("foxes", "a fox");
    expect(() => deleteSession(conversation.sessions, "foxs")).toThrow(
      expect.objectContaining({
        code: "session-unknown",
        details: expect.objectContaining({ problems: [expect.objectContaining({ suggestion: "foxes" })] }),
      }),
    );
  });
});

describe("what is on disk", () => {
  test("nothing is nothing", () => {
    expect(sessionNames(conversation.sessions)).toEqual([]);
    expect(read("fox")).toMatchObject({ turns: [], undone: [] });
    expect(existsSync(conversation.sessions)).toBe(false);
  });

  test.each([
    ["cut short", "{"],
    ["of another version", '{"version":2}'],
    ["of another kind", "[]"],
    [
      "with a picture outside",
      '{"version":1,"operation":"a","createdAt":"b","model":"c","endpoint":"d","user":[],"reply":[{"fields":{},"picture":{"file":"../../x","sha256":"y","mimeType":"image/png"}}]}',
    ],
  ])("a turn %s is told and not guessed", (_, text) => {
    conversation.say("fox", "a fox");
    writeFileSync(join(conversation.sessions, "fox", "turns", "0001.json"), text);
    expect(() => read("fox")).toThrow(expect.objectContaining({ code: "session-damaged" }));
  });

  test("a turn that is missing in the middle is told", () => {
    for (const prompt of ["one", "two", "three"]) conversation.say("fox", prompt);
    rmSync(join(conversation.sessions, "fox", "turns", "0002.json"));
    expect(() => read("fox")).toThrow(/does not follow/);
  });

  test("a turn that was put in the place of another is told", () => {
    for (const prompt of ["one", "two"]) conversation.say("fox", prompt);
    const turns = join(conversation.sessions, "fox", "turns");
    writeFileSync(join(turns, "0001.json"), readFileSync(join(turns, "0002.json")));
    expect(() => read("fox")).toThrow(/does not follow/);
  });

  test("a file in the place of the folder is told", () => {
    mkdirSync(dirname(conversation.sessions));
    writeFileSync(conversation.sessions, "");
    expect(() => sessionNames(conversation.sessions)).toThrow(expect.objectContaining({ code: "session-unwritable" }));
  });

  test("another program's files are passed over", () => {
    conversation.say("fox", "a fox");
    writeFileSync(join(conversation.sessions, ".DS_Store"), "");
    writeFileSync(join(conversation.sessions, "fox", "turns", "notes.txt"), "");
    expect(sessionNames(conversation.sessions)).toEqual(["fox"]);
    expect(prompts("fox")).toEqual(["a fox"]);
  });
});
