// Omni clips through the library against the emulator: made, priced by their tokens, and never bought twice.

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { ClipRequest, ClipSuccess } from "../../core/clip.ts";
import { ledgerDirectory } from "../../spend/ledger/ledger-files.ts";
import { openLedger } from "../../spend/ledger/ledger.ts";
import type { CallRecord } from "../../spend/ledger/records.ts";
import { systemClock } from "../../transport/system-clock.ts";
import type { ImageGenOptions } from "../options.ts";
import { useEmulator } from "../testing/emulated.ts";
import { leaveBegun } from "../testing/leave-begun.ts";
import { createVideoGen } from "./create-video-gen.ts";

const { emulator, folder, files, settings } = useEmulator();

const tide: ClipRequest = { prompt: "a tide", durationSeconds: 3, output: "tide.mp4" };
const state = (): string => `${folder()}-state`;
const open = (options: Partial<ImageGenOptions> = {}) => createVideoGen(settings(options));

async function made(request: ClipRequest = tide, options: Partial<ImageGenOptions> = {}): Promise<ClipSuccess> {
  const outcome = await open(options).generate(request);
  if (outcome.status !== "ok") throw new Error(JSON.stringify(outcome.error));
  return outcome;
}

async function call(operation: string): Promise<CallRecord | undefined> {
  const ledger = await openLedger({ directory: ledgerDirectory(state()), clock: systemClock });
  try {
    return ledger.operation(operation)?.calls[0];
  } finally {
    ledger.close();
  }
}

const orders = (): number =>
  emulator()
    .requests()
    .filter(({ rpc }) => rpc === "createInteraction").length;

async function picture(name: string, background = "red"): Promise<string> {
  const shape = { width: 320, height: 180, channels: 3, background } as const;
  await sharp({ create: shape }).png().toFile(join(folder(), name));
  return name;
}

describe("a clip", () => {
  test("comes from the Gemini API without a model named, and costs what its tokens cost", async () => {
    const outcome = await made();
    const path = join(folder(), "tide.mp4");
    expect(outcome).toMatchObject({
      route: { endpoint: "generativelanguage", model: "gemini-omni-1.2-flash" },
      videos: [{ path, seconds: 3, width: 1280, height: 720, codec: "avc", matchesRequest: true }],
      cost: { basis: "usage" },
      usage: { videoTokens: 3 * 5_792 },
    });
    const { microUsd } = emulator().bill();
    expect(outcome.cost.actualMicroUsd).toBe(microUsd);
    expect(outcome.cost.estimatedMicroUsd).toBeGreaterThanOrEqual(microUsd);
    expect(await call(outcome.operation)).toMatchObject({
      state: "captured",
      actualMicroUsd: microUsd,
      handle: outcome.handle,
      usage: { videoTokens: 3 * 5_792 },
      picture: { path },
    });
    expect(files()).toEqual(["tide.json", "tide.mp4"]);
    expect(readdirSync(join(state(), "spool"))).toEqual([]);
    expect(emulator().requests().at(-1)).toMatchObject({ rpc: "downloadFile", credentialCount: 1 });
  });

  test("may be signed for by a token", async () => {
    const outcome = await made(tide, { auth: "oauth", endpoint: "generativelanguage" });
    expect(outcome.route).toMatchObject({ auth: "oauth", model: "gemini-omni-1.2-flash" });
  });

  test("has the shape of its first frame, the size and the length that were asked for", async () => {
    const tall = await sharp({ create: { width: 90, height: 160, channels: 3, background: "blue" } })
      .png()
      .toBuffer();
    writeFileSync(join(folder(), "tall.png"), tall);
    const request = { ...tide, model: "gemini-omni-1.1-flash", firstFrame: "tall.png", resolution: "360p" };
    expect((await made(request)).videos[0]).toMatchObject({
      width: 360,
      height: 640,
      seconds: 3,
      matchesRequest: true,
    });
  });

  test("takes two frames, and six pictures of what is to appear", async () => {
    const [first, last] = [await picture("first.png"), await picture("last.png", "blue")];
    await made({ ...tide, resolution: "360p", firstFrame: first, lastFrame: last });
    const people = await Promise.all([1, 2, 3, 4, 5, 6].map((name) => picture(`${name}.png`)));
    await made({ ...tide, resolution: "360p", references: people, output: "people.mp4" });
    expect(orders()).toBe(2);
  });

  test("that counts nothing costs its list price", async () => {
    emulator().plan([{ action: { type: "usage", usage: "missing" } }]);
    const outcome = await made();
    expect(outcome).toMatchObject({ usage: null, cost: { basis: "list-price" } });
    expect(outcome.cost.actualMicroUsd).toBe(outcome.cost.estimatedMicroUsd);
  });
});

describe("what goes wrong", () => {
  test.each([
    ["failed", "server-error", "rejected", 6, "list-price"],
    ["filtered", "refused-safety", "captured", 5, "usage"],
    ["incomplete", "clip-stopped", "captured", 7, "usage"],
  ] as const)("an interaction that is %s costs what it counts", async (end, code, callState, exitCode, basis) => {
    emulator().plan([{ action: { type: "operation", end } }]);
    const outcome = await open().generate(tide);
    const actualMicroUsd = emulator().bill().microUsd;
    expect(outcome).toMatchObject({ status: "error", error: { code, exitCode }, cost: { actualMicroUsd, basis } });
    expect(await call(outcome.operation)).toMatchObject({ state: callState });
    expect(files()).toEqual([]);
    expect(orders()).toBe(1);
  });

  test("one that has expired may have been paid", async () => {
    emulator().plan([{ action: { type: "operation", end: "expired" } }]);
    const outcome = await open().generate(tide);
    expect(outcome).toMatchObject({ status: "error", error: { code: "clip-lost", exitCode: 7 } });
    expect(await call(outcome.operation)).toMatchObject({ state: "unknown" });
  });

  test("a clip that comes truncated is kept and paid", async () => {
    emulator().plan([{ action: { type: "operation", clip: "truncated" } }]);
    const outcome = await open().generate(tide);
    if (outcome.status !== "error") throw new Error("it was taken");
    expect(outcome.error).toMatchObject({ code: "answer-damaged", exitCode: 8, billed: "yes" });
    expect(existsSync(outcome.error.savedAt ?? "")).toBe(true);
    expect(outcome.cost?.actualMicroUsd).toBe(emulator().bill().microUsd);
  });

  test("a link to a foreign host gets no credential and no request", async () => {
    emulator().plan([{ action: { type: "operation", link: "http://127.0.0.1:9/clip.mp4" } }]);
    const outcome = await open().generate(tide);
    expect(outcome).toMatchObject({ status: "error", error: { code: "link-refused", exitCode: 7 } });
    expect(await call(outcome.operation)).toMatchObject({ state: "sent" });
  });

  test("looks that go wrong are repeated, the order is not", async () => {
    const match = { rpc: "getInteraction" };
    emulator().plan([
      { match, action: { type: "cut", afterFraction: 0.5 } },
      { match, action: { type: "status", status: 503 } },
      { match, action: [{ type: "error", name: "overloaded" }, { type: "wrap-array" }] },
      { match, action: { type: "html" } },
    ]);
    expect((await made()).videos).toHaveLength(1);
    expect(orders()).toBe(1);
  });

  test("an order that is refused for now is sent again, one that broke off is not", async () => {
    emulator().plan([{ action: { type: "status", status: 503 } }]);
    await made();
    expect(orders()).toBe(2);
    emulator().plan([{ times: 9, action: { type: "cut", afterBytes: 0 } }]);
    const lost = await open().generate({ ...tide, prompt: "another tide", output: "lost.mp4" });
    expect(lost).toMatchObject({ error: { code: "connection-lost", exitCode: 7 } });
    expect(await call(lost.operation)).toMatchObject({ state: "unknown", handle: null });
    expect(orders()).toBe(3);
  });

  test.each([
    ["AIzaSyinvalid", "key-invalid"],
    ["AIzaSyfree-tier", "quota-zero"],
  ])("the key %s", async (key, code) => {
    const { Secret } = await import("../../core/secret.ts");
    const credentials = { apiKey: new Secret(key, "the test") };
    expect(await open({ credentials }).generate(tide)).toMatchObject({ error: { code, billed: "no" } });
  });

  test("a cap is kept, and none can be with a price that only others name", async () => {
    const caps = [{ window: "day", limitMicroUsd: 300_000 }] as const;
    expect(await open({ caps }).generate(tide)).toMatchObject({ error: { code: "over-budget", exitCode: 4 } });
    const draft = { ...tide, resolution: "360p" };
    expect(await open({ caps }).generate(draft)).toMatchObject({ error: { code: "price-unknown", exitCode: 4 } });
    expect(await open().generate({ ...draft, maxCostUsd: 9 })).toMatchObject({ error: { code: "price-unknown" } });
    expect(orders()).toBe(0);
    expect((await made(draft)).warnings.join()).toContain("assumed");
  });
});

const begun = (): Promise<string> => leaveBegun(emulator(), open(), tide);

describe("what was begun is never lost and never bought twice", () => {
  test("resume brings the clip, at what its tokens cost", async () => {
    const operation = await begun();
    const [outcome] = await open().resume();
    expect(outcome).toMatchObject({ status: "ok", operation, cost: { basis: "usage" } });
    expect(outcome?.cost?.actualMicroUsd).toBe(emulator().bill().microUsd);
    expect(await open().resume()).toEqual([]);
    expect(orders()).toBe(1);
  });

  test("so do the same request, and several at once, and a later one tells the same price", async () => {
    const operation = await begun();
    const outcomes = await Promise.all([1, 2, 3].map(() => open().generate(tide)));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: "ok", operation, cost: { basis: "usage" } });
      expect(outcome.cost?.actualMicroUsd).toBe(emulator().bill().microUsd);
    }
    expect(orders()).toBe(1);
  });
});
