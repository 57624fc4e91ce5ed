import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { objectAt, type JsonObject } from "../json.ts";
import { type Answered, ask, messageOf, useEmulator } from "../testing/asking.ts";

const emulator = useEmulator();
const token = { authorization: "Bearer ya29.any" };
const drawing = "imagen-4.0-generate-001";
const fast = "imagen-4.0-fast-generate-001";
const editing = "imagen-3.0-capability-001";
const enlarging = "imagen-4.0-upscale-preview";

const urlOf = (model: string): string =>
  `${emulator().url}/v1/projects/p/locations/us-central1/publishers/google/models/${model}:predict`;

const predict = (parameters: JsonObject = {}, instance: JsonObject = {}, model = drawing): Promise<Answered> =>
  ask(urlOf(model), { instances: [{ prompt: "a fox", ...instance }], parameters }, token);

interface Prediction {
  readonly bytesBase64Encoded?: string;
  readonly mimeType?: string;
  readonly raiFilteredReason?: string;
}

function predictionsOf(answer: Answered): readonly Prediction[] {
  expect([answer.status, answer.status === 200 ? "" : answer.text]).toEqual([200, ""]);
  return (answer.json as { predictions?: Prediction[] }).predictions ?? [];
}

async function shapesOf(answer: Answered): Promise<string[]> {
  const shapes = predictionsOf(answer).map(async ({ bytesBase64Encoded = "" }) => {
    const { format, width, height } = await sharp(Buffer.from(bytesBase64Encoded, "base64")).metadata();
    return `${format} ${width}x${height}`;
  });
  return await Promise.all(shapes);
}

async function picture(width = 40, height = 30): Promise<JsonObject> {
  const bytes = await sharp({ create: { width, height, channels: 3, background: "#08f" } })
    .png()
    .toBuffer();
  return { bytesBase64Encoded: bytes.toString("base64"), mimeType: "image/png" };
}

const described = (type: string, more: JsonObject): JsonObject => ({
  referenceId: 1,
  referenceType: `REFERENCE_TYPE_${type}`,
  referenceImage: { gcsUri: "gs://b/o" },
  ...more,
});
const mask = (maskImageConfig: JsonObject): JsonObject => ({
  referenceId: 1,
  referenceType: "REFERENCE_TYPE_MASK",
  maskImageConfig,
});

describe("pictures", () => {
  test.each([
    ["1:1", "1K", "png 1024x1024"],
    ["3:4", "1K", "png 896x1280"],
    ["4:3", "2K", "png 2560x1792"],
    ["9:16", "1K", "png 768x1408"],
    ["16:9", "2k", "png 2816x1536"],
  ])("%s at %s is %s", async (aspectRatio, sampleImageSize, shape) => {
    expect(await shapesOf(await predict({ aspectRatio, sampleImageSize }))).toEqual([shape]);
  });

  test("are left in a bucket, each at an address of its own, and billed all the same", async () => {
    const outputOptions = { mimeType: "image/jpeg" };
    const answer = await predict({ sampleCount: 2, storageUri: "gs://bucket/foxes/", outputOptions });
    const addresses = predictionsOf(answer).map((prediction) => JSON.stringify(prediction));
    expect(addresses).toEqual([
      expect.stringMatching(
        /^\{"mimeType":"image\/jpeg","gcsUri":"gs:\/\/bucket\/foxes\/[0-9a-f-]+\/sample_0\.jpg"\}$/,
      ),
      expect.stringContaining("sample_1.jpg"),
    ]);
    expect(emulator().bill()).toMatchObject({ billed: 1, images: 2, microUsd: 80_000 });
  });

  test("take a semantic mask, descriptions and a control picture to be made", async () => {
    const raw = { referenceId: 1, referenceType: "REFERENCE_TYPE_RAW", referenceImage: await picture(90, 160) };
    const semantic = mask({ maskMode: "MASK_MODE_SEMANTIC", maskClasses: [7, 8], dilation: 0.1 });
    const edited = await predict(
      { editMode: "EDIT_MODE_INPAINT_INSERTION", guidanceScale: 60, safetySetting: "block_only_high", language: "en" },
      { referenceImages: [raw, { ...semantic, referenceId: 2 }] },
      editing,
    );
    expect(await shapesOf(edited)).toEqual(["png 768x1408"]);
    const references = [
      described("STYLE", { styleImageConfig: { styleDescription: "ink" } }),
      described("SUBJECT", {
        referenceId: 2,
        subjectImageConfig: { subjectType: "SUBJECT_TYPE_ANIMAL", subjectDescription: "a fox" },
      }),
      described("CONTROL", {
        referenceId: 3,
        controlImageConfig: { controlType: "CONTROL_TYPE_CANNY", computeControl: true },
      }),
    ];
    expect(await shapesOf(await predict({}, { referenceImages: references }, editing))).toEqual(["png 1024x1024"]);
  });

  test("come as many as asked, in the format asked, each billed", async () => {
    const answer = await predict({ sampleCount: 4, outputOptions: { mimeType: "image/jpeg", compressionQuality: 40 } });
    expect(await shapesOf(answer)).toEqual(Array.from({ length: 4 }, () => "jpeg 1024x1024"));
    expect(emulator().bill()).toMatchObject({ billed: 1, images: 4, microUsd: 160_000 });
  });

  test("of an edit take the shape of the picture", async () => {
    const referenceImages = [
      { referenceType: "REFERENCE_TYPE_RAW", referenceId: 1, referenceImage: await picture(90, 160) },
      { referenceType: "REFERENCE_TYPE_MASK", referenceId: 2, maskImageConfig: { maskMode: "MASK_MODE_BACKGROUND" } },
    ];
    const answer = await predict({ editMode: "EDIT_MODE_OUTPAINT" }, { referenceImages }, editing);
    expect(await shapesOf(answer)).toEqual(["png 768x1408"]);
    expect(emulator().bill()).toMatchObject({ microUsd: 40_000 });
  });

  test("that are enlarged need no prompt", async () => {
    const body = {
      instances: [{ image: await picture(40, 30) }],
      parameters: { mode: "upscale", upscaleConfig: { upscaleFactor: "x4" } },
    };
    expect(await shapesOf(await ask(urlOf(enlarging), body, token))).toEqual(["png 160x120"]);
    expect(emulator().bill()).toMatchObject({ microUsd: 60_000 });
  });
});

describe("what is refused names its field", () => {
  test.each<[string, JsonObject, JsonObject?, string?]>([
    ["sampleImageSizeOption", { sampleImageSizeOption: "1K" }],
    ["contents", {}, { contents: [] }],
    ["parameters.aspect_ratio", { aspectRatio: 16 }],
    ["parameters.aspectRatio", { aspectRatio: "21:9" }],
    ["parameters.sampleImageSize", { sampleImageSize: "4K" }],
    ["parameters.sampleImageSize", { sampleImageSize: "1K" }, {}, fast],
    ["parameters.sampleCount", { sampleCount: 5 }],
    ["parameters.sampleCount", { sampleCount: 0 }],
    ["parameters.seed", { seed: 1 }],
    ["parameters.seed", { seed: 1, addWatermark: true }],
    ["parameters.seed", { seed: -1, addWatermark: false }],
    ["parameters.negativePrompt", { negativePrompt: "a hen" }],
    ["parameters.personGeneration", { personGeneration: "allow_none" }],
    ["parameters.safetySetting", { safetySetting: "off" }],
    ["parameters.outputOptions.mimeType", { outputOptions: { mimeType: "image/webp" } }],
    ["parameters.outputOptions.compressionQuality", { outputOptions: { compressionQuality: 101 } }],
    ["parameters.storageUri", { storageUri: "s3://bucket/o" }],
    ["parameters.language", { language: "klingon" }],
    ["parameters.guidanceScale", { guidanceScale: -1 }],
    ["parameters.guidance_scale", { guidanceScale: "much" }],
    ["parameters.enhancePrompt", { enhancePrompt: false }, {}, editing],
    ["parameters.guidanceScale", { guidanceScale: 4 }, {}, enlarging],
    ["parameters.editMode", { editMode: "EDIT_MODE_STYLE" }],
    ["parameters.edit_mode", { editMode: "EDIT_MODE_NONE" }, {}, editing],
    ["parameters.mode", { mode: "upscale" }],
    ["instances[0].prompt", {}, { prompt: " " }],
    ["instances[0].image", {}, { image: { gcsUri: "gs://b/o" } }],
    ["instances[0].referenceImages", {}, { referenceImages: [{ referenceId: 1 }] }],
    ["instances[0].referenceImages", {}, {}, editing],
    ["instances[0].image", { mode: "upscale" }, {}, enlarging],
    ["parameters.mode", {}, { image: { gcsUri: "gs://b/o" } }, enlarging],
    ["parameters.upscaleConfig.upscaleFactor", { mode: "upscale" }, { image: { gcsUri: "gs://b/o" } }, enlarging],
    ["parameters.seed", { seed: 1 }, {}, enlarging],
    [
      "instances[0].image.bytesBase64Encoded",
      { mode: "upscale" },
      { image: { bytesBase64Encoded: "AAAA" } },
      enlarging,
    ],
    ["instances[0].image.bytes_base64_encoded", {}, { image: { bytesBase64Encoded: "!" } }, enlarging],
    ["instances[0].image: either", { mode: "upscale" }, { image: { mimeType: "image/png" } }, enlarging],
  ])("%s: %j %j", async (words, parameters, instance = {}, model = drawing) => {
    const answer = await predict(parameters, instance, model);
    expect([answer.status, objectAt(answer.json, "error")["status"]]).toEqual([400, "INVALID_ARGUMENT"]);
    expect(messageOf(answer)).toContain(words);
    expect(emulator().bill()).toMatchObject({ billed: 0 });
  });

  test.each<[string, JsonObject[], string]>([
    ["referenceId", [{ referenceType: "REFERENCE_TYPE_RAW" }], "EDIT_MODE_DEFAULT"],
    ["referenceType", [{ referenceId: 1 }], "EDIT_MODE_DEFAULT"],
    ["referenceImage: must", [{ referenceId: 1, referenceType: "REFERENCE_TYPE_STYLE" }], "EDIT_MODE_DEFAULT"],
    ["maskMode", [{ referenceId: 1, referenceType: "REFERENCE_TYPE_MASK" }], "EDIT_MODE_DEFAULT"],
    [
      "parameters.editMode",
      [{ referenceId: 1, referenceType: "REFERENCE_TYPE_RAW", referenceImage: { gcsUri: "gs://b/o" } }],
      "EDIT_MODE_INPAINT_REMOVAL",
    ],
    [
      "referenceImages[1].referenceId",
      [1, 1].map((referenceId) => ({
        referenceId,
        referenceType: "REFERENCE_TYPE_STYLE",
        referenceImage: { gcsUri: "gs://b/o" },
      })),
      "EDIT_MODE_DEFAULT",
    ],
    [
      "subjectType",
      [described("SUBJECT", { subjectImageConfig: { subjectType: "SUBJECT_TYPE_CAR" } })],
      "EDIT_MODE_STYLE",
    ],
    ["controlType", [described("CONTROL", { controlImageConfig: { controlType: "CANNY" } })], "EDIT_MODE_STYLE"],
    [
      "styleImageConfig: is only",
      [described("RAW", { styleImageConfig: { styleDescription: "x" } })],
      "EDIT_MODE_STYLE",
    ],
    [
      "enableControlImageComputation",
      [described("CONTROL", { controlImageConfig: { enableControlImageComputation: true } })],
      "EDIT_MODE_STYLE",
    ],
    ["maskClasses: 1 to 5", [mask({ maskMode: "MASK_MODE_SEMANTIC" })], "EDIT_MODE_DEFAULT"],
    [
      "maskClasses: 1 to 5",
      [mask({ maskMode: "MASK_MODE_SEMANTIC", maskClasses: [1, 2, 3, 4, 5, 6] })],
      "EDIT_MODE_DEFAULT",
    ],
    ["maskClasses: is only", [mask({ maskMode: "MASK_MODE_FOREGROUND", maskClasses: [1] })], "EDIT_MODE_DEFAULT"],
    ["mask_classes", [mask({ maskMode: "MASK_MODE_SEMANTIC", maskClasses: ["dog"] })], "EDIT_MODE_DEFAULT"],
    ["dilation", [mask({ maskMode: "MASK_MODE_FOREGROUND", dilation: 2 })], "EDIT_MODE_DEFAULT"],
  ])("of a reference: %s", async (words, referenceImages, editMode) => {
    const answer = await predict({ editMode }, { referenceImages }, editing);
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining(words)]);
  });

  test("a mask of another size than its picture", async () => {
    const raw = { referenceId: 1, referenceType: "REFERENCE_TYPE_RAW", referenceImage: await picture(40, 30) };
    const given = {
      ...mask({ maskMode: "MASK_MODE_USER_PROVIDED" }),
      referenceId: 2,
      referenceImage: await picture(30, 40),
    };
    const answer = await predict({}, { referenceImages: [raw, given] }, editing);
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining("same dimensions")]);
  });

  test("no instance, several, and no JSON", async () => {
    const bodies = [{}, { instances: [] }, { instances: [{ prompt: "a" }, { prompt: "b" }] }, "{"];
    for (const body of bodies) expect((await ask(urlOf(drawing), body, token)).status).toBe(400);
  });
});

describe("who may call", () => {
  test("an express key may not: its path has no project", async () => {
    const url = `${emulator().url}/aiplatform.googleapis.com/v1/publishers/google/models/${drawing}:predict`;
    const key = { "x-goog-api-key": emulator().credentials.vertexKey };
    expect((await ask(url, { instances: [{ prompt: "a" }] }, key)).status).toBe(404);
  });

  test("nobody may without a credential", async () => {
    expect((await ask(urlOf(drawing), { instances: [{ prompt: "a" }] })).status).toBe(401);
  });
});

describe("faults", () => {
  test("a filter stands in the picture's place when its reason is asked for, else nothing does", async () => {
    const fault = { times: 2, action: { type: "refusal", finishReason: "IMAGE_SAFETY", message: "No." } } as const;
    emulator().plan([fault]);
    expect(predictionsOf(await predict({ includeRaiReason: true }))).toEqual([{ raiFilteredReason: "No." }]);
    expect((await predict()).json).toEqual({});
    expect(emulator().bill()).toMatchObject({ billed: 0, microUsd: 0 });
  });

  test("a word in the prompt asks for one", async () => {
    const answer = await predict({ includeRaiReason: true }, { prompt: "a fox [[emulator:refused]]" });
    expect(predictionsOf(answer)).toMatchObject([{ raiFilteredReason: expect.stringContaining("filtered") }]);
    expect((await predict({}, { prompt: "a fox [[emulator:429]]" })).status).toBe(429);
  });

  test("a lost picture is billed all the same", async () => {
    emulator().plan([{ action: { type: "lost-picture" } }]);
    expect((await predict()).json).toEqual({});
    expect(emulator().bill()).toMatchObject({ billed: 1, microUsd: 40_000 });
  });

  test("other pixels, another label, damaged bytes", async () => {
    emulator().plan([
      {
        action: [
          { type: "wrong-size", width: 64, height: 48 },
          { type: "mime-label", mimeType: "image/webp" },
        ],
      },
    ]);
    const answer = await predict();
    expect(await shapesOf(answer)).toEqual(["png 64x48"]);
    expect(predictionsOf(answer)).toMatchObject([{ mimeType: "image/webp" }]);
    emulator().plan([{ action: { type: "truncated-picture", keep: 0.1 } }]);
    const [damaged] = predictionsOf(await predict());
    const bytes = Buffer.from(damaged?.bytesBase64Encoded ?? "", "base64");
    await expect(sharp(bytes, { failOn: "error" }).toBuffer()).rejects.toBeInstanceOf(Error);
  });
});
