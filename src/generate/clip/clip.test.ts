// Clips through the library against the emulator: what is made, what it costs, what is recorded, and what is never bought twice.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { ClipEvent, ClipRequest, ClipSuccess } from "../../core/clip.ts";
import { ledgerDirectory } from "../../spend/ledger/ledger-files.ts";
import { type Ledger, openLedger } from "../../spend/ledger/ledger.ts";
import { systemClock } from "../../transport/system-clock.ts";
import type { ImageGenOptions } from "../options.ts";
import { useEmulator } from "../testing/emulated.ts";
import { leaveBegun } from "../testing/leave-begun.ts";
import { type ClipContext, createVideoGen } from "./create-video-gen.ts";

const { emulator, folder, files, settings } = useEmulator({ servesRetired: true });

const tide: ClipRequest = {
  prompt: "a tide",
  model: "veo-3.1-lite-generate-001",
  durationSeconds: 4,
  output: "tide.mp4",
};
const PRICE = 4 * 50_000;
const state = (): string => `${folder()}-state`;

const open = (options: Partial<ImageGenOptions> = {}) => createVideoGen(settings({ auth: "vertex-key", ...options }));

async function made(request: ClipRequest = tide, context: ClipContext = {}): Promise<ClipSuccess> {
  const outcome = await open().generate(request, context);
  if (outcome.status !== "ok") throw new Error(JSON.stringify(outcome.error));
  return outcome;
}

async function look<Result>(at: (ledger: Ledger) => Result): Promise<Result> {
  const ledger = await openLedger({ directory: ledgerDirectory(state()), clock: systemClock });
  try {
    return at(ledger);
  } finally {
    ledger.close();
  }
}

const orders = (): number =>
  emulator()
    .requests()
    .filter(({ rpc }) => rpc === "predictLongRunning").length;
const call = async (operation: string) => (await look((ledger) => ledger.operation(operation)))?.calls[0];

describe("a clip", () => {
  test("is published with its record, captured at its price, and leaves nothing behind", async () => {
    const events: ClipEvent["type"][] = [];
    const outcome = await made(tide, { onProgress: ({ type }) => void events.push(type) });
    const path = join(folder(), "tide.mp4");
    expect(outcome).toMatchObject({
      videos: [{ path, seconds: 4, width: 1280, height: 720, codec: "avc", matchesRequest: true }],
      cost: { actualMicroUsd: PRICE, basis: "list-price" },
    });
    expect(files()).toEqual(["tide.json", "tide.mp4"]);
    expect(JSON.parse(readFileSync(join(folder(), "tide.json"), "utf8"))).toMatchObject({ status: "ok" });
    expect(await call(outcome.operation)).toMatchObject({
      state: "captured",
      actualMicroUsd: PRICE,
      holdMicroUsd: PRICE,
      handle: outcome.handle,
      picture: { path },
    });
    expect(emulator().bill().microUsd).toBe(PRICE);
    expect(readdirSync(join(state(), "spool"))).toEqual([]);
    expect(events.slice(0, 3)).toEqual(["planned", "sending", "begun"]);
  });

  test("comes from the Gemini API as a download", async () => {
    const request = { ...tide, model: "veo-3.1-lite-generate-preview", allowRetired: true };
    const outcome = await open({ auth: "api-key" }).generate(request);
    expect(outcome).toMatchObject({ status: "ok", videos: [{ seconds: 4 }] });
    expect(emulator().requests().at(-1)).toMatchObject({ rpc: "downloadFile", credentialCount: 1 });
  });

  test("may stay in a bucket", async () => {
    const outcome = await made({ ...tide, storageUri: "gs://films/tide" });
    expect(outcome.videos[0]).toMatchObject({ path: null, uri: expect.stringMatching(/^gs:\/\/films\/tide\//) });
    expect(await call(outcome.operation)).toMatchObject({ state: "captured", actualMicroUsd: PRICE });
  });

  test("takes frames and references, and goes on with another clip", async () => {
    const frame = await sharp({ create: { width: 320, height: 180, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    writeFileSync(join(folder(), "red.png"), frame);
    await made({ ...tide, firstFrame: "red.png", lastFrame: "red.png" });
    await made({ ...tide, durationSeconds: 8, references: ["red.png", "red.png"], output: "people.mp4" });
    const longer = { ...tide, extendVideo: "tide.mp4", lastFrame: "red.png", output: "long.mp4" };
    const { durationSeconds: _, ...extension } = longer;
    const outcome = await made(extension);
    expect(outcome.videos[0]).toMatchObject({ seconds: 11, matchesRequest: true });
    expect(outcome.cost.actualMicroUsd).toBe(7 * 50_000);
    expect(outcome.warnings.join()).toContain("last frames");
  });
});

describe("what goes wrong", () => {
  test.each([
    ["failed", "server-error", "rejected", 6],
    ["filtered", "refused-safety", "rejected", 5],
    ["expired", "clip-lost", "unknown", 7],
  ] as const)("an operation that is %s", async (end, code, callState, exitCode) => {
    emulator().plan([{ action: { type: "operation", end } }]);
    const outcome = await open().generate(tide);
    expect(outcome).toMatchObject({ status: "error", error: { code, exitCode } });
    expect(await call(outcome.operation)).toMatchObject({ state: callState });
    expect(files()).toEqual([]);
  });

  test("an operation that never ends is left pending, and the same request asks for it again", async () => {
    emulator().plan([{ action: { type: "operation", end: "never" } }]);
    const outcome = await open({ timeoutMs: 60_000 }).generate(tide);
    expect(outcome).toMatchObject({ status: "error", error: { code: "clip-pending", exitCode: 7 } });
    expect(await call(outcome.operation)).toMatchObject({ state: "sent", handle: outcome.handle });
    const again = await open({ timeoutMs: 1_000 }).generate(tide);
    expect(again).toMatchObject({ operation: outcome.operation, error: { code: "clip-pending" } });
    expect(orders()).toBe(1);
  });

  test.each([
    ["truncated", "clip", "it ends too early"],
    ["not-a-video", "clip", "it is no MP4"],
  ] as const)("a clip that comes %s is kept and said to be damaged", async (clip, _field, why) => {
    emulator().plan([{ action: { type: "operation", clip } }]);
    const outcome = await open().generate(tide);
    if (outcome.status !== "error") throw new Error("it was taken");
    expect(outcome.error).toMatchObject({ code: "answer-damaged", exitCode: 8, billed: "yes" });
    expect(outcome.error.message).toContain(why);
    expect(existsSync(outcome.error.savedAt ?? "")).toBe(true);
    expect(await call(outcome.operation)).toMatchObject({ state: "captured", actualMicroUsd: PRICE });
  });

  test("a download link on a foreign host gets no credential and no request", async () => {
    emulator().plan([{ action: { type: "operation", link: "http://127.0.0.1:9/clip.mp4" } }]);
    const request = { ...tide, model: "veo-3.1-lite-generate-preview", allowRetired: true };
    const outcome = await open({ auth: "api-key" }).generate(request);
    expect(outcome).toMatchObject({ status: "error", error: { code: "link-refused", exitCode: 7 } });
    expect(await call(outcome.operation)).toMatchObject({ state: "sent" });
  });

  test("answers that break off while it is asked for are asked for again", async () => {
    emulator().plan([
      { match: { rpc: "fetchPredictOperation" }, action: { type: "cut", afterFraction: 0.5 } },
      { match: { rpc: "fetchPredictOperation" }, action: { type: "status", status: 503 } },
      { match: { rpc: "fetchPredictOperation" }, action: { type: "html" } },
    ]);
    const told: ClipEvent[] = [];
    const outcome = await made(tide, { onProgress: (event) => void told.push(event) });
    expect(outcome.videos).toHaveLength(1);
    expect(orders()).toBe(1);
    expect(readdirSync(join(state(), "spool"))).toEqual([]);
    const troubles = told.flatMap((event) => (event.type === "working" ? [event.trouble] : []));
    // Who waits is told why nothing is known.
    expect(troubles.slice(0, 3)).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
  });

  test("a connection lost after the request was sent is unknown and not repeated", async () => {
    emulator().plan([{ times: 9, action: { type: "cut", afterBytes: 0 } }]);
    const outcome = await open().generate(tide);
    expect(outcome).toMatchObject({ error: { code: "connection-lost", exitCode: 7 } });
    expect(await call(outcome.operation)).toMatchObject({ state: "unknown", handle: null });
    expect(orders()).toBe(1);
  });

  test("a budget that is too small sends nothing", async () => {
    const caps = [{ window: "day", limitMicroUsd: PRICE - 1 }] as const;
    expect(await open({ caps }).generate(tide)).toMatchObject({ error: { code: "over-budget", exitCode: 4 } });
    expect(await open().generate({ ...tide, maxCostUsd: 0.1 })).toMatchObject({ error: { code: "over-max-cost" } });
    expect(orders()).toBe(0);
  });
});

const begun = (): Promise<string> => leaveBegun(emulator(), open(), tide);

describe("what was begun is never lost and never bought twice", () => {
  test("resume brings the clip", async () => {
    const operation = await begun();
    const [outcome] = await open().resume();
    expect(outcome).toMatchObject({ status: "ok", operation, videos: [{ path: join(folder(), "tide.mp4") }] });
    expect(await call(operation)).toMatchObject({ state: "captured", actualMicroUsd: PRICE });
    expect(await open().resume()).toEqual([]);
    expect(orders()).toBe(1);
  });

  test("so does the same request, and several at once", async () => {
    const operation = await begun();
    const outcomes = await Promise.all([1, 2, 3].map(() => open().generate(tide)));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "ok", operation });
    expect(orders()).toBe(1);
  });

  test("recovery leaves it alone and says so", async () => {
    const operation = await begun();
    const ledger = await open()
      .resume("01NOTHING")
      .catch((error: unknown) => error);
    expect(ledger).toMatchObject({ code: "operation-unknown" });
    const { createImageGen } = await import("../create-image-gen.ts");
    const recovery = await createImageGen(settings()).recover();
    expect(recovery).toMatchObject({ pending: [{ operation, heldMicroUsd: PRICE }], unknown: [], released: [] });
    expect(await call(operation)).toMatchObject({ state: "sent" });
  });

  test("a clip whose folder was gone is published by recovery", async () => {
    mkdirSync(join(folder(), "films"));
    const output = "films/tide.mp4";
    const outcome = await open().generate(
      { ...tide, output },
      {
        onProgress: ({ type }) => {
          if (type !== "begun") return;
          rmSync(join(folder(), "films"), { recursive: true });
          writeFileSync(join(folder(), "films"), "in the way");
        },
      },
    );
    expect(outcome).toMatchObject({ status: "error", error: { code: "not-published", exitCode: 8 } });
    rmSync(join(folder(), "films"));
    const { createImageGen } = await import("../create-image-gen.ts");
    const recovery = await createImageGen(settings()).recover();
    expect(recovery.published).toMatchObject([{ path: join(folder(), output) }]);
    expect(existsSync(join(folder(), "films/tide.json"))).toBe(true);
  });
});
