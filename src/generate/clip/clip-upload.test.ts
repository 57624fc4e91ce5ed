// A clip of this machine that the Gemini API goes on with: uploaded before the money, named in the order, deleted afterwards.

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { ClipEvent, ClipOutcome, ClipRequest } from "../../core/clip.ts";
import { ledgerDirectory } from "../../spend/ledger/ledger-files.ts";
import { openLedger } from "../../spend/ledger/ledger.ts";
import { systemClock } from "../../transport/system-clock.ts";
import { useEmulator } from "../testing/emulated.ts";
import { type ClipContext, createVideoGen } from "./create-video-gen.ts";

// Each look at the emulator's clock is a second later: a clip is worked on for some of them before it can be used.
let nowMs = Date.parse("2026-11-24T12:00:00Z");
const { emulator, folder, files, settings } = useEmulator({
  servesRetired: true,
  keepBodies: true,
  clock: { nowMs: () => (nowMs += 1_000), wait: async () => {} },
});

let tide: Buffer | undefined;

beforeEach(async () => {
  tide ??= await firstClip();
  put();
});

const put = (): void => writeFileSync(join(folder(), "tide.mp4"), tide ?? "");
const size = (): number => tide?.byteLength ?? 0;

async function firstClip(): Promise<Buffer> {
  const request = { prompt: "a tide", model: "veo-3.1-lite-generate-001", durationSeconds: 4, output: "first.mp4" };
  const library = createVideoGen(settings({ auth: "vertex-key", stateDirectory: `${folder()}-first` }));
  const outcome = await library.generate(request);
  if (outcome.status !== "ok") throw new Error(outcome.error.message);
  emulator().clearRequests();
  return readFileSync(join(folder(), "first.mp4"));
}

const extension: ClipRequest = {
  prompt: "the tide goes out",
  model: "veo-3.1-lite-generate-preview",
  allowRetired: true,
  extendVideo: "tide.mp4",
  output: "long.mp4",
};

/** Somebody else writes to the file after it was looked at. */
const changing =
  (change: () => void) =>
  ({ type }: ClipEvent): void => {
    if (type === "sending") change();
  };

const extend = async (request: Partial<ClipRequest> = {}, context: ClipContext = {}): Promise<ClipOutcome> =>
  await createVideoGen(settings()).generate({ ...extension, ...request }, context);

const calls = (rpc: string) =>
  emulator()
    .requests()
    .filter((request) => request.rpc === rpc);
const pieces = () => calls("uploadFile").filter(({ headers }) => headers?.["x-goog-upload-offset"] !== undefined);

async function kept(): Promise<number> {
  const url = `${emulator().url}/generativelanguage.googleapis.com/v1beta/files`;
  const answer = await fetch(url, { headers: { "x-goog-api-key": emulator().credentials.apiKey } });
  return ((await answer.json()) as { files?: object[] }).files?.length ?? 0;
}

async function states(): Promise<string[]> {
  const ledger = await openLedger({ directory: ledgerDirectory(`${folder()}-state`), clock: systemClock });
  try {
    return ledger.history({ limit: 9 }).map(({ state }) => state);
  } finally {
    ledger.close();
  }
}

describe("a clip that is uploaded", () => {
  test("is waited for, named in the order, and deleted when the longer one is there", async () => {
    const told: ClipEvent[] = [];
    const outcome = await extend({}, { onProgress: (event) => void told.push(event) });
    expect(outcome).toMatchObject({
      status: "ok",
      videos: [{ seconds: 11, matchesRequest: true }],
      request: { uploads: { bytes: size() } },
      warnings: expect.not.arrayContaining([expect.stringContaining("deleted")]),
    });
    const sent: unknown = JSON.parse(calls("predictLongRunning")[0]?.body ?? "{}");
    const name = `${outcome.operation.toLowerCase()}-0`;
    expect(sent).toMatchObject({ instances: [{ video: { uri: expect.stringMatching(`/v1beta/files/${name}$`) } }] });
    expect(pieces()[0]?.bodyBytes).toBe(size());
    expect(calls("getFile").length).toBeGreaterThan(1);
    expect(await kept()).toBe(0);
    expect(emulator().bill().microUsd).toBe(7 * 50_000);
    expect(told.map(({ type }) => type).slice(0, 4)).toEqual(["planned", "sending", "uploading", "uploading"]);
  });

  test("goes up once, however often the order is tried", async () => {
    emulator().plan([
      { match: { rpc: "predictLongRunning" }, action: { type: "status", status: 503, retryDelay: "1s" } },
    ]);
    expect(await extend()).toMatchObject({ status: "ok", attempts: 2 });
    expect(pieces()).toHaveLength(1);
  });

  test("stays where it is while the provider is at work, and is deleted by whoever gets the clip", async () => {
    emulator().plan([{ action: { type: "operation", takesMs: 500_000 } }]);
    const patient = settings({ timeoutMs: 20_000 });
    expect(await createVideoGen(patient).generate(extension)).toMatchObject({ error: { code: "clip-pending" } });
    expect(await kept()).toBe(1);
    // Whoever stops waiting leaves it there too.
    const leaving = new AbortController();
    const leave = ({ type }: ClipEvent): void => {
      if (type === "working") leaving.abort();
    };
    const [left] = await createVideoGen(settings()).resume(undefined, { signal: leaving.signal, onProgress: leave });
    expect(left).toMatchObject({ error: { code: "interrupted", billed: "maybe" } });
    expect(await kept()).toBe(1);
    nowMs += 600_000;
    expect(await createVideoGen(settings()).resume()).toMatchObject([{ status: "ok" }]);
    expect(await kept()).toBe(0);
    expect(pieces()).toHaveLength(1);
  });

  test("that Google cannot read costs nothing", async () => {
    emulator().plan([
      { match: { rpc: "uploadFile" }, times: 9, action: { type: "file-state", processingMs: 0, fails: "yes" } },
    ]);
    const outcome = await extend();
    expect(outcome).toMatchObject({ error: { code: "reference-upload-failed", billed: "no", exitCode: 6 } });
    expect(calls("predictLongRunning")).toEqual([]);
    expect(await states()).toEqual(["released"]);
    expect(await kept()).toBe(0);
  });

  test("that has changed since it was looked at is not sent", async () => {
    const outcome = await extend(
      {},
      { onProgress: changing(() => appendFileSync(join(folder(), "tide.mp4"), "more")) },
    );
    expect(outcome).toMatchObject({ error: { code: "clip-unreadable", billed: "no" } });
    expect(calls("predictLongRunning")).toEqual([]);
    expect(await kept()).toBe(0);
    expect(files()).not.toContain("long.mp4");
  });

  test("nor one that has kept its size", async () => {
    const other = Buffer.from(readFileSync(join(folder(), "tide.mp4")));
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    const outcome = await extend({}, { onProgress: changing(() => writeFileSync(join(folder(), "tide.mp4"), other)) });
    expect(outcome).toMatchObject({ error: { code: "clip-unreadable", billed: "no" } });
    expect([calls("predictLongRunning"), await kept()]).toEqual([[], 0]);
  });

  test("is in the dry run as what it will be", async () => {
    const { plan, inputs } = await createVideoGen(settings()).describe(extension);
    expect(plan.request.uploads).toEqual({ bytes: size() });
    expect(inputs.extends).toEqual({ kind: "shown", mimeType: "video/mp4", words: `(${size()} bytes)` });
    expect(emulator().requests()).toEqual([]);
  });
});

test("Vertex AI gets the clip within the request, and refuses one that has changed as well", async () => {
  const request = { ...extension, model: "veo-3.1-lite-generate-001" };
  const options = settings({ auth: "vertex-key" });
  const change = changing(() => writeFileSync(join(folder(), "tide.mp4"), "no clip any more"));
  const refused = await createVideoGen(options).generate(request, { onProgress: change });
  expect(refused).toMatchObject({ error: { code: "clip-unreadable", billed: "no" } });
  put();
  expect(await createVideoGen(options).generate(request)).toMatchObject({ status: "ok", videos: [{ seconds: 11 }] });
  expect(calls("uploadFile")).toEqual([]);
});
