// Requests that are too large to hold their reference pictures: what is uploaded, what is sent and billed, what is left.

import sharp from "sharp";
import { beforeEach, describe, expect, test } from "vitest";
import type { ProgressEvent } from "../../core/progress.ts";
import type { Outcome, SuccessOutcome } from "../../core/outcome.ts";
import type { AuthMethod, EndpointName } from "../../core/route.ts";
import { ToolError } from "../../core/tool-error.ts";
import { ledgerDirectory } from "../../spend/ledger/ledger-files.ts";
import { openLedger } from "../../spend/ledger/ledger.ts";
import { systemClock } from "../../transport/system-clock.ts";
import { startRawServer } from "../../transport/testing/raw-server.ts";
import { useEmulator } from "../testing/emulated.ts";

// Each look at the emulator's clock is a second later: files are worked on while nobody waits.
let nowMs = Date.parse("2026-11-24T12:00:00Z");
const { emulator, folder, open } = useEmulator({
  keepBodies: true,
  clock: { nowMs: () => (nowMs += 1_000), wait: async () => {} },
});

/** Most bytes of a request here; a picture of noise is larger. */
const LIMIT = 20_000;
let pictures: Buffer[];

/** Noise of its own for each seed, which no format makes small. */
async function noise(seed: number, side = 90): Promise<Buffer> {
  let state = seed;
  const raw = Uint8Array.from({ length: side * side * 3 }, () => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    return state >>> 24;
  });
  return await sharp(raw, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}

beforeEach(async () => {
  pictures = await Promise.all([noise(1), noise(2), noise(3)]);
});

const limited = (options: Parameters<typeof open>[0] = {}) => open({ inlineRequestLimitBytes: LIMIT, ...options });
const draw = (count = 1): Promise<Outcome> =>
  limited().generate({ prompt: "a fox", output: "fox.jpg", references: pictures, count });

function success(outcome: Outcome): SuccessOutcome {
  if (outcome.status === "error") throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
  return outcome;
}

const calls = (rpc: string) =>
  emulator()
    .requests()
    .filter((request) => request.rpc === rpc);
const pieces = () => calls("uploadFile").filter(({ headers }) => headers?.["x-goog-upload-offset"] !== undefined);

/** Files that the emulator still keeps for the key. */
async function kept(): Promise<{ name: string }[]> {
  const headers = { "x-goog-api-key": emulator().credentials.apiKey };
  const answer = await fetch(`${emulator().url}/generativelanguage.googleapis.com/v1beta/files`, { headers });
  return ((await answer.json()) as { files?: { name: string }[] }).files ?? [];
}

interface SentPart {
  readonly text?: string;
  readonly fileData?: { readonly mimeType: string; readonly fileUri: string };
  readonly inlineData?: object;
}
const sentTurns = (): readonly { parts: SentPart[] }[] =>
  (JSON.parse(calls("generateContent").at(-1)?.body ?? "{}") as { contents?: { parts: SentPart[] }[] }).contents ?? [];

async function holds(): Promise<string[]> {
  const ledger = await openLedger({ directory: ledgerDirectory(`${folder()}-state`), clock: systemClock });
  try {
    return ledger.history({ limit: 9 }).map(({ state }) => state);
  } finally {
    ledger.close();
  }
}

describe("a request above the limit", () => {
  test("has its pictures uploaded, shows them in their order, and leaves none behind", async () => {
    const events: ProgressEvent[] = [];
    const outcome = success(
      await limited().generate(
        { prompt: "a fox", output: "fox.jpg", references: pictures },
        { onProgress: (event) => events.push(event) },
      ),
    );
    const { references, uploads } = outcome.request;
    expect(uploads).toEqual({ pictures: 3, bytes: pieces().reduce((sum, { bodyBytes }) => sum + bodyBytes, 0) });
    expect(pieces().map(({ bodySha256 }) => bodySha256)).toEqual(references.map(({ sha256 }) => sha256));
    const parts = sentTurns()[0]?.parts ?? [];
    const uri = expect.stringMatching(/^https:\/\/generativelanguage\.googleapis\.com\/v1beta\/files\/[\w-]+$/);
    expect(parts).toEqual([
      { text: "a fox" },
      ...references.map(({ mimeType }) => ({ fileData: { mimeType, fileUri: uri } })),
    ]);
    expect(new Set(parts.slice(1).map(({ fileData }) => fileData?.fileUri)).size).toBe(3);
    expect(outcome.usage).toMatchObject({ promptTokens: expect.any(Number) });
    expect(await kept()).toEqual([]);
    expect(emulator().bill()).toMatchObject({ billed: 1 });

    const told = events.flatMap((event) => (event.type === "uploading" ? [[event.bytes, event.totalBytes]] : []));
    expect([told[0], told.at(-1)]).toEqual([
      [0, uploads?.bytes],
      [uploads?.bytes, uploads?.bytes],
    ]);
    const types = [...new Set(events.map(({ type }) => type).filter((type) => type !== "receiving"))];
    expect(types).toEqual(["planned", "uploading", "sending", "answering", "published"]);
  });

  test("for several pictures brings its references once", async () => {
    expect((await draw(3)).status).toBe("ok");
    expect([pieces().length, calls("generateContent").length, calls("deleteFile").length]).toEqual([3, 3, 3]);
  });

  test("with a bearer token and a quota project does the same", async () => {
    const outcome = await limited({ auth: "oauth", endpoint: "generativelanguage", projectId: "shop-1" }).generate({
      prompt: "a fox",
      references: pictures,
    });
    expect(success(outcome).images).toHaveLength(1);
    expect(pieces()).toHaveLength(3);
  });

  test("tells nobody what a picture is called", async () => {
    await draw();
    const names = calls("uploadFile").map(({ headers }) => headers?.["x-goog-upload-file-name"]);
    const announced = calls("uploadFile").filter((call) => !pieces().some(({ id }) => id === call.id));
    const told = announced.map(({ body }) => Object.keys((JSON.parse(body ?? "{}") as { file: object }).file));
    expect(names).toEqual(Array.from({ length: 6 }, () => undefined));
    expect(told).toEqual(Array.from({ length: 3 }, () => ["name", "mimeType", "sizeBytes"]));
  });
});

test("a request below the limit is sent as it always was", async () => {
  await open().generate({ prompt: "a fox", references: pictures });
  expect([calls("uploadFile").length, sentTurns()[0]?.parts[1]?.inlineData]).toEqual([0, expect.anything()]);
});

describe("when an upload fails", () => {
  test.each([
    ["a reset in the middle of a picture", { type: "upload-reset", afterBytes: 5_000 }],
    ["an answer that never comes", { type: "drop" }],
    ["an overloaded service", { type: "status", status: 503, retryDelay: "1s" }],
  ] as const)("%s is tried again from that picture on, and the picture comes", async (_what, action) => {
    // Announcement and bytes of the first picture pass, and the announcement of the second.
    emulator().plan([{ match: { rpc: "uploadFile" }, skip: 3, action }]);
    expect(await draw()).toMatchObject({ status: "ok", attempts: 2 });
    expect(pieces().map(({ bodySha256 }) => bodySha256)).toHaveLength(4);
    expect(calls("generateContent")).toHaveLength(1);
    expect(emulator().bill()).toMatchObject({ billed: 1 });
  });

  test("for good, nothing is sent or billed, the hold is released, and what was there is deleted", async () => {
    emulator().plan([{ match: { rpc: "uploadFile" }, skip: 3, times: 9, action: { type: "status", status: 503 } }]);
    expect(await draw()).toMatchObject({
      status: "error",
      error: { code: "overloaded", billed: "no", exitCode: 6 },
      attempts: 3,
      cost: { actualMicroUsd: 0 },
    });
    expect(calls("generateContent")).toEqual([]);
    expect(await holds()).toEqual(["released"]);
    expect(await kept()).toEqual([]);
  });

  test.each([
    ["a login page", { type: "html", page: "captive-portal" }, "reference-upload-failed"],
    ["a refusal", { type: "status", status: 400, message: "no" }, "reference-upload-failed"],
    ["a service without files", { type: "status", status: 404 }, "reference-upload-failed"],
    ["a redirect", { type: "redirect", to: "http://127.0.0.1:9/" }, "reference-upload-failed"],
    ["an answer that is no JSON", { type: "garbage" }, "reference-upload-failed"],
    ["a file that cannot be read", { type: "file-state", fails: "yes" }, "reference-upload-failed"],
  ] as const)("%s ends it at once, with nothing billed", async (_what, action, code) => {
    emulator().plan([{ match: { rpc: "uploadFile" }, skip: 1, action }]);
    expect(await draw()).toMatchObject({ status: "error", error: { code, billed: "no", exitCode: 6 }, attempts: 1 });
    expect(calls("generateContent")).toEqual([]);
    expect(await holds()).toEqual(["released"]);
  });

  test("a key that is not good is said as such", async () => {
    emulator().plan([{ match: { rpc: "uploadFile" }, action: { type: "status", status: 401 } }]);
    expect(await draw()).toMatchObject({ error: { exitCode: 3, billed: "no" } });
  });

  test("an address elsewhere gets neither key nor picture", async () => {
    const elsewhere = await startRawServer();
    const front = await startRawServer({
      onRequest: (socket) =>
        socket.end(`HTTP/1.1 200 OK\r\nX-Goog-Upload-URL: ${elsewhere.url}\r\nContent-Length: 0\r\n\r\n`),
    });
    const outcome = await limited({ baseUrls: { generativelanguage: new URL(front.url).origin } }).generate({
      prompt: "a fox",
      references: pictures,
    });
    expect(outcome).toMatchObject({ error: { code: "reference-upload-failed", billed: "no" } });
    // Announced and taken back; the bytes went nowhere.
    const asked = front.complete.map(({ head }) => head.slice(0, head.indexOf(" ")));
    expect([elsewhere.connections(), asked]).toEqual([0, ["POST", "DELETE"]]);
    expect(front.received()).toBeLessThan(2_000);
  });
});

test("a picture that Google still works on is waited for", async () => {
  emulator().plan([{ match: { rpc: "uploadFile" }, skip: 1, action: { type: "file-state", processingMs: 5_000 } }]);
  expect((await draw()).status).toBe("ok");
  expect(calls("getFile").length).toBeGreaterThan(1);
});

describe("a stop while pictures are uploaded", () => {
  test.each([
    ["given up", "signal", new ToolError("terminated"), "terminated"],
    ["by a signal's name", "signal", "SIGINT", "interrupted"],
    ["that only starts nothing new", "stopStarting", "SIGINT", "interrupted"],
  ] as const)("%s ends at once, bills nothing, releases the hold and deletes", async (_what, port, reason, code) => {
    const stop = new AbortController();
    const outcome = await limited().generate(
      { prompt: "a fox", references: pictures },
      {
        [port]: stop.signal,
        onProgress: (event) => event.type === "uploading" && event.bytes > 0 && stop.abort(reason),
      },
    );
    expect(outcome).toMatchObject({ status: "error", error: { code, billed: "no" } });
    expect(calls("generateContent")).toEqual([]);
    expect(await holds()).toEqual(["released"]);
    expect(await kept()).toEqual([]);
  });
});

describe("deleting", () => {
  test("happens after a refusal as well", async () => {
    emulator().plan([{ action: { type: "refusal", finishReason: "IMAGE_SAFETY" } }]);
    expect((await draw()).status).toBe("error");
    expect(await kept()).toEqual([]);
  });

  test("that fails costs no picture and is told", async () => {
    emulator().plan([{ match: { rpc: "deleteFile" }, times: 2, action: { type: "status", status: 500 } }]);
    const outcome = success(await draw());
    expect(outcome.images).toHaveLength(1);
    expect(outcome.warnings.join()).toContain("2 uploaded reference pictures could not be deleted");
    expect(await kept()).toHaveLength(2);
    emulator().clearFaults();
    // The next run over the same connection does it, whatever it draws.
    success(await open().generate({ prompt: "an owl", output: "owl.jpg" }));
    expect(await kept()).toEqual([]);
  });
});

describe("where there is no Files API", () => {
  test.each<{ auth: AuthMethod; endpoint: EndpointName; words: string; projectId?: string }>([
    { auth: "proxy", endpoint: "cliproxyapi", words: "takes at most 20.0 kB." },
    { auth: "oauth", endpoint: "cloudcode-pa", words: "takes at most 20.0 kB." },
    { auth: "vertex-key", endpoint: "aiplatform", words: "gs://" },
  ])("$endpoint refuses with the numbers before anything is sent", async ({ words, ...connection }) => {
    const outcome = await limited(connection).generate({ prompt: "a fox", references: pictures });
    expect(outcome).toMatchObject({ error: { code: "input-too-large", exitCode: 2, billed: "no" } });
    expect(outcome).toMatchObject({ error: { message: expect.stringContaining(words) } });
    expect(emulator().bill()).toMatchObject({ billed: 0 });
  });
});

test("a conversation keeps the pictures themselves and uploads them again with its next turn", async () => {
  const request = { session: "foxes", model: "gemini-3.1-flash-image" } as const;
  const library = limited({ inlineRequestLimitBytes: 600_000 });
  const large = await noise(4, 500);
  success(await library.generate({ ...request, prompt: "a fox", references: [large] }));
  expect(pieces()).toHaveLength(1);
  const second = success(await library.generate({ ...request, prompt: "now in snow" }));
  expect(second.request.uploads).toMatchObject({ pictures: 1 });
  const [asked, answered, now] = sentTurns();
  expect(asked?.parts).toMatchObject([{ text: "a fox" }, { fileData: {} }]);
  expect(answered?.parts.some(({ inlineData }) => inlineData !== undefined)).toBe(true);
  expect(now?.parts).toEqual([{ text: "now in snow" }]);
  expect(pieces().map(({ bodySha256 }) => bodySha256)).toEqual([pieces()[0]?.bodySha256, pieces()[0]?.bodySha256]);
  expect(await kept()).toEqual([]);
});

test("the plan tells what would be uploaded and uploads nothing", async () => {
  const plan = await limited().plan({ prompt: "a fox", references: pictures });
  expect(plan.request.uploads).toMatchObject({ pictures: 3 });
  expect(emulator().requests()).toEqual([]);
});
