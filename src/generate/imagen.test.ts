// Imagen through the library and its ledger, against the emulator: drawn, edited, enlarged, filtered, broken off, billed.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { GenerateRequest } from "../core/request.ts";
import { ledgerDirectory } from "../spend/ledger/ledger-files.ts";
import { type Ledger, openLedger } from "../spend/ledger/ledger.ts";
import { systemClock } from "../transport/system-clock.ts";
import type { ImageGenOptions } from "./options.ts";
import { useEmulator } from "./testing/emulated.ts";

const { emulator, folder, files, open } = useEmulator({ keepBodies: true });

const vertex: Partial<ImageGenOptions> = { auth: "oauth", endpoint: "aiplatform", projectId: "a-project" };
const imagen = "imagen-4.0-generate-001";

const draw = (request: Partial<GenerateRequest> = {}, options: Partial<ImageGenOptions> = {}) =>
  open({ ...vertex, ...options }).generate({
    prompt: "a fox",
    model: imagen,
    allowRetired: true,
    output: "fox.png",
    ...request,
  });

async function placeOf(options: Partial<ImageGenOptions>) {
  const library = open({ ...vertex, baseUrls: {}, ...options });
  const { route } = await library.plan({ prompt: "a fox", model: imagen, allowRetired: true });
  return [route.location, route.baseUrl];
}

async function inLedger<Result>(read: (ledger: Ledger) => Result): Promise<Result> {
  const ledger = await openLedger({ directory: ledgerDirectory(`${folder()}-state`), clock: systemClock });
  try {
    return read(ledger);
  } finally {
    ledger.close();
  }
}

const recorded = () => inLedger((ledger) => ledger.history({ limit: 10 }));

const picture = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: "#f80" } })
    .png()
    .toBuffer();

function sentBody(): { instances: Record<string, unknown>[]; parameters: Record<string, unknown> } {
  const [request] = emulator()
    .requests()
    .filter(({ rpc }) => rpc === "predict");
  return JSON.parse(request?.body ?? "{}");
}

describe("a picture", () => {
  test("is published, recorded, and billed as the list price says", async () => {
    const outcome = await draw({ aspectRatio: "16:9", size: "2K" });
    expect(outcome).toMatchObject({
      status: "ok",
      images: [{ path: join(folder(), "fox.png"), width: 2816, height: 1536, matchesRequest: true }],
      cost: { estimatedMicroUsd: 40_000, actualMicroUsd: 40_000, basis: "list-price" },
      usage: null,
      warnings: [expect.stringMatching(/shut down on 2026-06-30.*gemini-3\.1-flash-image.*--allow-retired/)],
    });
    expect(emulator().bill()).toMatchObject({ images: 1, billed: 1, microUsd: 40_000 });
    expect(await recorded()).toMatchObject([
      { state: "captured", cost: { actualMicroUsd: 40_000 }, images: [{ state: "captured" }] },
    ]);
    expect(readdirSync(join(`${folder()}-state`, "spool"))).toEqual([]);
    expect(sentBody()).toEqual({
      instances: [{ prompt: "a fox" }],
      parameters: {
        sampleCount: 1,
        aspectRatio: "16:9",
        sampleImageSize: "2K",
        includeRaiReason: true,
        outputOptions: { mimeType: "image/png" },
      },
    });
  });

  test("holds its list price and no draft: a budget of three has room for three and not for four", async () => {
    const caps = [{ window: "day", limitMicroUsd: 120_000 }] as const;
    expect(await draw({ count: 3, output: "foxes/" }, { caps })).toMatchObject({ status: "ok" });
    expect(await draw({ output: "other.png" }, { caps })).toMatchObject({ error: { code: "over-budget" } });
    expect(emulator().bill()).toMatchObject({ billed: 3, microUsd: 120_000 });
  });

  test("each has its own seed", async () => {
    await draw({ count: 2, seed: 5, watermark: false, output: "foxes/" });
    const seeds = emulator()
      .requests()
      .map(({ body }) => JSON.parse(body ?? "{}").parameters.seed);
    expect(seeds.toSorted((one, other) => one - other)).toEqual([5, 6]);
  });

  test("comes as JPEG where the file name says so", async () => {
    expect(await draw({ output: "fox.jpg" })).toMatchObject({ images: [{ mimeType: "image/jpeg" }] });
    expect(sentBody().parameters["outputOptions"]).toEqual({ mimeType: "image/jpeg" });
  });
});

describe("editing and enlarging", () => {
  test("an edit sends its pictures with their roles, and takes the shape of the picture", async () => {
    const outcome = await draw({
      model: "imagen-3.0-capability-001",
      references: [await picture(160, 90), await picture(160, 90)],
      referenceRoles: ["raw", "mask"],
      editMode: "inpaint-removal",
      maskDilation: 0.02,
      negativePrompt: "a hen",
    });
    expect(outcome).toMatchObject({ status: "ok", images: [{ width: 1408, height: 768 }] });
    expect(sentBody()).toMatchObject({
      instances: [
        {
          referenceImages: [
            { referenceType: "REFERENCE_TYPE_RAW", referenceId: 1 },
            { referenceType: "REFERENCE_TYPE_MASK", maskImageConfig: { dilation: 0.02 } },
          ],
        },
      ],
      parameters: { editMode: "EDIT_MODE_INPAINT_REMOVAL", negativePrompt: "a hen" },
    });
  });

  test("an enlargement has the pixels that the plan says", async () => {
    const request = {
      model: "imagen-4.0-upscale-preview",
      references: [await picture(60, 40)],
      upscale: "x3",
    } as const;
    expect(await draw(request)).toMatchObject({
      status: "ok",
      images: [{ width: 180, height: 120, matchesRequest: true }],
      cost: { actualMicroUsd: 60_000 },
    });
  });

  test("more pictures than are taken, or any where none is, are refused with the other mistakes", async () => {
    const references = [await picture(20, 20)];
    expect(await draw({ references, temperature: 1 })).toMatchObject({
      error: {
        code: "invalid-request",
        problems: expect.arrayContaining([
          expect.objectContaining({ code: "too-many-references", field: "--image" }),
          expect.objectContaining({ code: "option-not-offered", field: "--temperature" }),
        ]),
      },
    });
    expect(emulator().requests()).toEqual([]);
  });
});

describe("a filtered picture", () => {
  test("is a refusal with its reason, unbilled, and the hold is free again", async () => {
    emulator().plan([{ action: { type: "refusal", finishReason: "IMAGE_SAFETY", message: "Support codes: 42" } }]);
    expect(await draw()).toMatchObject({
      status: "error",
      error: { code: "refused-safety", exitCode: 5, billed: "no", providerMessage: "Support codes: 42" },
      cost: { actualMicroUsd: 0 },
    });
    expect(files()).toEqual(["fox.json"]);
    expect(await recorded()).toMatchObject([{ state: "rejected" }]);
  });

  test.each([{ type: "refusal", blockReason: "SAFETY" }, { type: "lost-picture" }] as const)(
    "without any reason may be billed, so the hold counts as spent: %j",
    async (action) => {
      emulator().plan([{ action }]);
      expect(await draw()).toMatchObject({
        error: { code: "no-image", exitCode: 5, billed: "maybe" },
        cost: { actualMicroUsd: null, basis: "unknown" },
      });
      expect(await recorded()).toMatchObject([{ state: "captured", images: [{ path: null }] }]);
    },
  );

  test("leaves the others: what came is kept and what is missing is told", async () => {
    emulator().plan([{ action: { type: "refusal", finishReason: "IMAGE_SAFETY" } }]);
    const outcome = await draw({ count: 3, output: "foxes/" });
    expect(outcome).toMatchObject({
      status: "partial",
      images: [{}, {}],
      errors: [{ code: "refused-safety" }],
      cost: { actualMicroUsd: 80_000 },
    });
    expect(emulator().bill()).toMatchObject({ billed: 2, microUsd: 80_000 });
  });
});

describe("faults", () => {
  test.each([
    [
      { type: "cut", afterFraction: 0.5 },
      { code: "connection-lost", exitCode: 7 },
    ],
    [
      { type: "truncated-picture", keep: 0.5 },
      { code: "answer-damaged", exitCode: 8 },
    ],
    [{ type: "damaged-base64" }, { code: "answer-damaged", exitCode: 8 }],
    [
      { type: "html", page: "captive-portal" },
      { code: "foreign-answer", exitCode: 7 },
    ],
  ] as const)("%j is %j, and nothing is bought twice", async (action, error) => {
    emulator().plan([{ action }]);
    expect(await draw()).toMatchObject({ status: "error", error, attempts: 1 });
    expect(files().filter((name) => name.endsWith(".png"))).toEqual([]);
  });

  test("an overloaded service is asked again, and bills once", async () => {
    emulator().plan([{ action: { type: "error", name: "overloaded" } }]);
    expect(await draw()).toMatchObject({ status: "ok", attempts: 2 });
    expect(emulator().bill()).toMatchObject({ billed: 1 });
  });

  test("the answer may come in any pieces and with any escapes", async () => {
    emulator().plan([{ action: [{ type: "chunks", bytes: 11 }, { type: "pretty-escapes" }] }]);
    expect(await draw()).toMatchObject({ status: "ok", images: [{ width: 1024 }] });
  });
});

describe("where it runs", () => {
  test("it is refused without allowRetired, with day and successor, and nothing is sent", async () => {
    expect(await draw({ allowRetired: false })).toMatchObject({
      error: {
        code: "model-retired",
        exitCode: 2,
        message: expect.stringMatching(/2026-06-30.*gemini-3\.1-flash-image/),
        nextStep: expect.stringContaining("--allow-retired"),
      },
    });
    expect(emulator().requests()).toEqual([]);
  });

  test.each<Partial<ImageGenOptions>>([
    { auth: "api-key", endpoint: "generativelanguage" },
    { auth: "vertex-key", endpoint: "aiplatform" },
    { auth: "oauth", endpoint: "cloudcode-pa" },
    { auth: "proxy", endpoint: "cliproxyapi" },
  ])("not over %j, whatever is allowed", async (connection) => {
    expect(await draw({}, connection)).toMatchObject({
      error: { code: "model-not-on-route", message: expect.stringContaining("--endpoint aiplatform") },
    });
    expect(emulator().bill()).toMatchObject({ billed: 0 });
  });

  test("in us-central1 at Google's own address, and where the caller says otherwise there", async () => {
    expect(await placeOf({})).toEqual(["us-central1", "https://us-central1-aiplatform.googleapis.com"]);
    expect(await placeOf({ location: "global" })).toEqual(["global", "https://aiplatform.googleapis.com"]);
    expect(await placeOf({ baseUrls: { aiplatform: "http://127.0.0.1:9" } })).toEqual(["global", "http://127.0.0.1:9"]);
  });

  test("a request that was paid for and never delivered is attached to", async () => {
    const request = { prompt: "a fox", model: imagen, allowRetired: true, output: "fox.png" };
    const unseen = { deliver: async () => false };
    await open(vertex).generate(request, unseen);
    expect(await open(vertex).generate(request)).toMatchObject({
      status: "ok",
      warnings: expect.arrayContaining([expect.stringContaining("Nothing was bought again")]),
    });
    expect(emulator().bill()).toMatchObject({ billed: 1 });
  });
});

test("the record beside the picture says what was asked of Imagen", async () => {
  await draw({ watermark: false });
  expect(JSON.parse(readFileSync(join(folder(), "fox.json"), "utf8"))).toMatchObject({
    request: { predict: { task: "generate", watermark: false } },
  });
});

const address = (number: number) => expect.stringMatching(`^gs://bucket/foxes/[^/]+/sample_${number}\\.png$`);

describe("a picture that is left in a bucket", () => {
  const wish = { storageUri: "gs://bucket/foxes", count: 2, output: "foxes/" } as const;
  test("is told by its address, billed, recorded, and nothing of it is here", async () => {
    const outcome = await draw(wish);
    const stored = [
      { uri: address(0), mimeType: "image/png" },
      { uri: address(0), mimeType: "image/png" },
    ];
    expect(outcome).toMatchObject({ status: "ok", images: [], stored, cost: { actualMicroUsd: 80_000 } });
    expect(emulator().bill()).toMatchObject({ billed: 2, microUsd: 80_000 });
    expect(files().filter((name) => !name.endsWith(".json"))).toEqual(["foxes"]);
    expect(await recorded()).toMatchObject([
      { state: "captured", images: [{ path: null, uri: address(0) }, { uri: address(0) }] },
    ]);
    expect(await inLedger((ledger) => ledger.totals({ by: "all" }))).toMatchObject([
      { pictures: 2, clips: 0, refusals: 0 },
    ]);
    expect(sentBody().parameters).toMatchObject({ storageUri: "gs://bucket/foxes" });
  });

  test("and that nobody has seen is told again and not bought again", async () => {
    const request = { prompt: "a fox", model: imagen, allowRetired: true, ...wish };
    const first = await open(vertex).generate(request, { deliver: async () => false });
    const again = await open(vertex).generate(request);
    if (first.status === "error" || again.status === "error") throw new Error("Both were stored.");
    expect(again.stored).toEqual(first.stored);
    expect(again).toMatchObject({ status: "ok", images: [], responseId: null, cost: { actualMicroUsd: 80_000 } });
    expect(emulator().bill()).toMatchObject({ billed: 2 });
  });

  test("does not hide that another was filtered", async () => {
    emulator().plan([{ action: { type: "refusal", finishReason: "IMAGE_SAFETY", message: "Support codes: 42" } }]);
    expect(await draw(wish)).toMatchObject({
      status: "partial",
      images: [],
      stored: [{ uri: address(0) }],
      errors: [{ code: "refused-safety", providerMessage: "Support codes: 42" }],
      cost: { actualMicroUsd: 40_000 },
    });
  });

  test("cannot be worked on here", async () => {
    const here = { transparent: true, quality: 50, format: "webp", output: "fox.webp" } as const;
    const outcome = await draw({ ...wish, ...here });
    if (outcome.status !== "error") throw new Error("It was drawn.");
    expect(outcome.error.problems?.map(({ field }) => field)).toEqual(
      expect.arrayContaining(["--transparent", "--quality", "--format", "--output"]),
    );
    const warned = await draw({ ...wish, strict: true, embedMetadata: true });
    expect(warned.warnings).toContainEqual(expect.stringContaining("left in the bucket"));
  });

  test("perhaps, when the answer was lost: what is said of it names the bucket", async () => {
    emulator().plan([{ action: { type: "cut", afterFraction: 0.2 } }]);
    expect(await draw({ ...wish, count: 1 })).toMatchObject({
      error: { exitCode: 7, billed: "maybe" },
      warnings: expect.arrayContaining([expect.stringContaining("it lies in gs://bucket/foxes")]),
    });
  });
});
