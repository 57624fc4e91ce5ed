// Conversations through the library, against an emulator that refuses signatures which are gone or changed.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { GenerateRequest } from "../core/request.ts";
import { isToolError } from "../core/tool-error.ts";
import { undoTurn } from "../sessions/change-session.ts";
import { readSession, sessionsFolder } from "../sessions/session.ts";
import type { ImageGenOptions } from "./options.ts";
import { useEmulator } from "./testing/emulated.ts";

const { emulator, folder, open } = useEmulator({ keepBodies: true });

const say = (prompt: string, more: Partial<GenerateRequest> = {}, options: Partial<ImageGenOptions> = {}) =>
  open(options).generate({ prompt, session: "fox", ...more });
const sessions = (): string => sessionsFolder(`${folder()}-state`);
const turns = (name = "fox") => readSession(sessions(), name).turns;

interface SentContent {
  readonly role: string;
  readonly parts: readonly {
    readonly text?: string;
    readonly thoughtSignature?: string;
    readonly inlineData?: object;
  }[];
}

function lastContents(): SentContent[] {
  const body = JSON.parse(emulator().requests().at(-1)?.body ?? "{}") as {
    contents?: SentContent[];
    request?: { contents: SentContent[] };
  };
  return body.contents ?? body.request?.contents ?? [];
}

/** The failure of a turn that must not have been sent. */
const refusal = async (request: Partial<GenerateRequest>, options: Partial<ImageGenOptions> = {}) => {
  emulator().clearRequests();
  const outcome = await say("again", request, options);
  expect(emulator().requests()).toEqual([]);
  return outcome.status === "error" ? outcome.error : null;
};

const blockSession = (): void => {
  rmSync(join(sessions(), "fox"), { recursive: true, force: true });
  writeFileSync(join(sessions(), "fox"), "");
};

describe("a conversation", () => {
  test("goes on over three turns: the model gets everything back, signatures to the letter", async () => {
    expect(await say("a fox")).toMatchObject({ status: "ok", session: { name: "fox", turn: 1 } });
    expect(await say("now in snow")).toMatchObject({ status: "ok", session: { name: "fox", turn: 2 } });
    expect(await say("at night")).toMatchObject({
      status: "ok",
      session: { turn: 3 },
      request: { prompt: "at night", session: { name: "fox", turn: 3, pictures: 2 } },
    });
    const contents = lastContents();
    expect(contents.map(({ role }) => role)).toEqual(["user", "model", "user", "model", "user"]);
    expect(contents[4]?.parts).toEqual([{ text: "at night" }]);
    const signatures = contents.flatMap(({ parts }) => parts.flatMap(({ thoughtSignature }) => thoughtSignature ?? []));
    const kept = turns()
      .slice(0, 2)
      .flatMap(({ reply }) => reply.flatMap(({ fields }) => fields["thoughtSignature"] ?? []));
    expect(signatures).toEqual(kept);
    expect(signatures).toHaveLength(2);
  });

  test("keeps drafts as well, because the model signed them", async () => {
    emulator().plan([{ times: 1, action: { type: "drafts", count: 2 } }]);
    await say("a fox");
    expect(turns()[0]?.reply.filter(({ picture }) => picture !== null)).toHaveLength(3);
    expect(await say("now in snow")).toMatchObject({ status: "ok" });
  });

  test.each(["oauth", "vertex-key", "proxy"] as const)("goes on with --auth %s", async (auth) => {
    for (const prompt of ["a fox", "now in snow"]) {
      expect(await say(prompt, {}, { auth, projectId: emulator().credentials.projectId })).toMatchObject({
        status: "ok",
      });
    }
    expect(lastContents()).toHaveLength(3);
  });

  test("keeps the picture as it came, wherever and however it is published", async () => {
    const outcome = await say("a fox", { output: "fox.png", transparent: true });
    expect(outcome.status).toBe("ok");
    const [turn] = turns();
    expect(turn?.path).toBe(join(folder(), "fox.png"));
    expect(turn?.reply.findLast(({ picture }) => picture !== null)?.picture).toMatchObject({ mimeType: "image/jpeg" });
    expect(await say("now in snow")).toMatchObject({ status: "ok" });
  });

  test("counts what went along in the price that is said before", async () => {
    await say("a fox");
    const [alone, along] = await Promise.all([
      open().plan({ prompt: "x" }),
      open().plan({ prompt: "x", session: "fox" }),
    ]);
    expect(along.cost.worstCaseMicroUsd).toBeGreaterThan(alone.cost.worstCaseMicroUsd);
  });

  test("knows what each turn has cost", async () => {
    const outcome = await say("a fox");
    expect(turns()[0]?.costMicroUsd).toBe(outcome.cost?.actualMicroUsd);
    expect(turns()[0]?.costMicroUsd).toBeGreaterThan(100_000);
  });

  test("names the conversation in the record beside the picture", async () => {
    await say("a fox", { output: "fox.png" });
    expect(JSON.parse(readFileSync(join(folder(), "fox.json"), "utf8"))).toMatchObject({
      session: { name: "fox", turn: 1 },
    });
  });

  test("that another request overtook goes on in a fork", async () => {
    await say("a fox");
    const [one, other] = await Promise.all([say("now in snow"), say("now at sea")]);
    expect(new Set([one?.session?.name, other?.session?.name])).toEqual(new Set(["fox", "fox-2"]));
    expect([...(one?.warnings ?? []), ...(other?.warnings ?? [])].join()).toContain("fox-2");
  });

  test("goes on from an earlier turn after an undo", async () => {
    await say("a fox");
    await say("now in snow");
    undoTurn(sessions(), "fox");
    await say("now at sea");
    expect(lastContents().map(({ parts }) => parts[0]?.text)).toContain("a fox");
    expect(JSON.stringify(lastContents())).not.toContain("now in snow");
  });
});

describe("an earlier turn", () => {
  test("is gone on from in a fork, and the session stays", async () => {
    for (const prompt of ["a fox", "now in snow"]) await say(prompt);
    expect(await say("now at sea", { sessionTurn: 1 })).toMatchObject({
      status: "ok",
      session: { name: "fox-2", turn: 2 },
    });
    expect(turns().map(({ prompt }) => prompt)).toEqual(["a fox", "now in snow"]);
    expect(turns("fox-2").map(({ prompt }) => prompt)).toEqual(["a fox", "now at sea"]);
  });

  test.each([0, 3, 1.5])("%d of two is refused", async (sessionTurn) => {
    for (const prompt of ["a fox", "now in snow"]) await say(prompt);
    expect(await refusal({ sessionTurn })).toMatchObject({ exitCode: 2, problems: [{ field: "--session" }] });
  });
});

describe("another model", () => {
  const other = "gemini-nano-banana-2.1";

  test("is given the last picture as a reference, and what is lost is said", async () => {
    await say("a fox");
    const outcome = await say("in oil", { model: other });
    expect(outcome).toMatchObject({
      status: "ok",
      warnings: [expect.stringMatching(/thought signatures belong to the model/)],
    });
    const contents = lastContents();
    expect(contents).toHaveLength(1);
    expect(contents[0]?.parts).toEqual([
      { text: "in oil" },
      { inlineData: expect.objectContaining({ mimeType: "image/jpeg" }) },
    ]);
  });

  test("goes on by itself from there, without being named again", async () => {
    await say("a fox");
    await say("in oil", { model: other });
    expect(await say("darker")).toMatchObject({ status: "ok", route: { model: other } });
    expect(lastContents().map(({ role }) => role)).toEqual(["user", "model", "user"]);
  });
});

describe("what stops a conversation before anything is sent", () => {
  test.each(["../fox", "/etc/passwd", "a/b", "..", "", "con"])("the name %j", async (session) => {
    expect(await refusal({ session })).toMatchObject({ exitCode: 2, code: "value-not-allowed" });
    expect(existsSync(sessions())).toBe(false);
  });

  test("more than one picture in a turn", async () => {
    expect(await refusal({ count: 2 })).toMatchObject({ exitCode: 2, problems: [{ field: "--count" }] });
  });

  test("a rehearsed one going on in earnest, and the other way round", async () => {
    const { url, credentials } = emulator();
    const rehearsal = { url, credentials };
    expect(await say("a fox", {}, { rehearsal })).toMatchObject({ status: "ok", rehearsal: true });
    expect(await refusal({})).toMatchObject({ code: "session-mixed" });
    await say("a fox", { session: "real" });
    expect(await refusal({ session: "real" }, { rehearsal })).toMatchObject({ code: "session-mixed" });
  });

  test("a picture of it that was changed or is gone", async () => {
    await say("a fox");
    const pictures = join(sessions(), "fox", "pictures");
    const [file = ""] = readdirSync(pictures);
    writeFileSync(join(pictures, file), "x");
    expect(await refusal({})).toMatchObject({ code: "session-damaged", exitCode: 2 });
    rmSync(join(pictures, file));
    expect(await refusal({})).toMatchObject({ code: "session-damaged" });
  });

  test("a turn that cannot be read", async () => {
    await say("a fox");
    writeFileSync(join(sessions(), "fox", "turns", "0001.json"), "{");
    expect(await refusal({})).toMatchObject({ code: "session-damaged", exitCode: 2 });
  });
});

describe("what never costs the picture", () => {
  test("a conversation that cannot be written", async () => {
    await say("a fox");
    const outcome = await open().generate(
      { prompt: "now in snow", session: "fox" },
      { onProgress: ({ type }) => (type === "answering" ? blockSession() : undefined) },
    );
    expect(outcome).toMatchObject({ status: "ok", warnings: [expect.stringMatching(/could not be kept/)] });
    expect(outcome.session).toBeUndefined();
  });

  test("a refusal adds no turn", async () => {
    emulator().plan([{ times: 1, action: { type: "refusal", finishReason: "IMAGE_SAFETY" } }]);
    expect(await say("a fox")).toMatchObject({ status: "error" });
    expect(turns()).toEqual([]);
  });

  test("a picture that strict refuses is still a turn, to be taken back or gone on from", async () => {
    emulator().plan([{ times: 1, action: { type: "wrong-size", width: 640, height: 480 } }]);
    expect(await say("a fox", { strict: true, aspectRatio: "1:1" })).toMatchObject({
      error: { code: "request-not-matched" },
    });
    expect(turns()).toMatchObject([{ path: null, prompt: "a fox" }]);
  });
});

test("a plan with a session writes nothing", async () => {
  const plan = await open().plan({ prompt: "a fox", session: "fox" });
  expect(plan.request.session).toEqual({ name: "fox", turn: 1, pictures: 0, textBytes: 0 });
  expect(existsSync(sessions())).toBe(false);
  await expect(open().plan({ prompt: "a fox", session: ".." })).rejects.toSatisfy(isToolError);
});
