// The body that we send to Imagen is the body that Google's own SDK sends for the same request, but for the spelling of who may
// be drawn and how strict the filter is (capitals in the SDK, small letters in Google's reference) and the prompt of an enlargement, which the SDK leaves out.

import { createServer, type Server } from "node:http";
import {
  ControlReferenceImage,
  ControlReferenceType,
  EditMode,
  GoogleGenAI,
  MaskReferenceImage,
  MaskReferenceMode,
  PersonGeneration,
  ImagePromptLanguage,
  RawReferenceImage,
  SafetyFilterLevel,
  StyleReferenceImage,
  SubjectReferenceImage,
  SubjectReferenceType,
} from "@google/genai";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { PlannedPredict } from "../../src/core/predict-options.ts";
import type { PlannedRequest } from "../../src/core/request.ts";
import { bodyBytes } from "../../src/google/wire/body-bytes.ts";
import { encodePredict, type PredictOptions } from "../../src/google/wire/predict.ts";

let server: Server;
let sdk: GoogleGenAI;
let received: unknown;

beforeAll(async () => {
  // The SDK says with each first call that these methods will go.
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      response.setHeader("content-type", "application/json");
      response.end('{"predictions":[]}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  const baseUrl = `http://127.0.0.1:${address.port}`;
  sdk = new GoogleGenAI({ vertexai: true, apiKey: "AQ.any", httpOptions: { baseUrl } });
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const drawing: PlannedPredict = {
  task: "generate",
  negativePrompt: null,
  watermark: true,
  editMode: null,
  maskMode: null,
  maskDilation: null,
  roles: [],
  upscale: null,
};
const plain: PlannedRequest = {
  prompt: 'a fox 🦊 "x"',
  aspectRatio: null,
  size: null,
  count: 1,
  tier: "standard",
  seed: null,
  temperature: null,
  thinking: null,
  search: false,
  system: null,
  personGeneration: null,
  references: [],
  documents: [],
};
const bytes = Buffer.from([1, 2, 3, 4, 5]);
const image = { imageBytes: bytes.toString("base64"), mimeType: "image/png" };
const given = { kind: "picture", mimeType: "image/png", bytes } as const;

function ours(
  request: Partial<PlannedRequest>,
  predict: Partial<PlannedPredict>,
  more: Partial<PredictOptions> = {},
): unknown {
  const body = encodePredict({
    request: { ...plain, ...request, predict: { ...drawing, ...predict } },
    sendsSize: true,
    mimeType: null,
    ...more,
  });
  return JSON.parse(bodyBytes(body).toString("utf8"));
}

const always = { numberOfImages: 1, includeRaiReason: true };

test("a plain drawing", async () => {
  await sdk.models.generateImages({ model: "any", prompt: plain.prompt, config: always });
  expect(ours({}, {})).toEqual(received);
});

/** What was received, with a word of the SDK's in small letters, as Google's reference spells it. */
function spelled(word: string): unknown {
  return JSON.parse(JSON.stringify(received).replace(word, word.toLowerCase()));
}

test("a drawing with everything younger, left in a bucket", async () => {
  await sdk.models.generateImages({
    model: "any",
    prompt: plain.prompt,
    config: {
      ...always,
      guidanceScale: 12.5,
      enhancePrompt: false,
      language: ImagePromptLanguage.ja,
      safetyFilterLevel: SafetyFilterLevel.BLOCK_ONLY_HIGH,
      outputGcsUri: "gs://bucket/foxes",
    },
  });
  const predict: Partial<PlannedPredict> = {
    guidanceScale: 12.5,
    enhancePrompt: false,
    language: "ja",
    safetySetting: "block-only-high",
    storageUri: "gs://bucket/foxes",
  };
  expect(ours({}, predict)).toEqual(spelled("BLOCK_ONLY_HIGH"));
});

test.each([
  ["block-low-and-above", SafetyFilterLevel.BLOCK_LOW_AND_ABOVE],
  ["block-medium-and-above", SafetyFilterLevel.BLOCK_MEDIUM_AND_ABOVE],
  ["block-only-high", SafetyFilterLevel.BLOCK_ONLY_HIGH],
  ["block-none", SafetyFilterLevel.BLOCK_NONE],
] as const)("the filter: %s is %s in small letters", async (safetySetting, theirs) => {
  const config = { includeRaiReason: true, safetyFilterLevel: theirs, outputGcsUri: "gs://bucket/foxes" };
  await sdk.models.upscaleImage({ model: "any", image, upscaleFactor: "x2", config });
  const predict = { task: "upscale", upscale: "x2", safetySetting, storageUri: "gs://bucket/foxes" } as const;
  const body = ours({}, predict, { inputs: [given] }) as { instances: object[] };
  const [instance] = body.instances;
  expect({ ...body, instances: [{ ...instance, prompt: undefined }] }).toEqual(spelled(theirs));
});

test("a drawing with everything", async () => {
  await sdk.models.generateImages({
    model: "any",
    prompt: plain.prompt,
    config: {
      ...always,
      aspectRatio: "16:9",
      imageSize: "2K",
      negativePrompt: "a hen",
      seed: 7,
      addWatermark: false,
      outputMimeType: "image/jpeg",
    },
  });
  expect(
    ours(
      { aspectRatio: "16:9", size: "2K", seed: 7 },
      { negativePrompt: "a hen", watermark: false },
      { mimeType: "image/jpeg" },
    ),
  ).toEqual(received);
});

test.each([
  ["allow-all", PersonGeneration.ALLOW_ALL],
  ["allow-adult", PersonGeneration.ALLOW_ADULT],
  ["allow-none", PersonGeneration.DONT_ALLOW],
] as const)("people: %s is %s in small letters", async (personGeneration, theirs) => {
  await sdk.models.generateImages({
    model: "any",
    prompt: plain.prompt,
    config: { ...always, personGeneration: theirs },
  });
  expect(ours({ personGeneration }, {})).toEqual(spelled(theirs));
});

test.each([
  ["default", EditMode.EDIT_MODE_DEFAULT],
  ["inpaint-insertion", EditMode.EDIT_MODE_INPAINT_INSERTION],
  ["inpaint-removal", EditMode.EDIT_MODE_INPAINT_REMOVAL],
  ["outpaint", EditMode.EDIT_MODE_OUTPAINT],
  ["controlled-editing", EditMode.EDIT_MODE_CONTROLLED_EDITING],
  ["style", EditMode.EDIT_MODE_STYLE],
  ["bgswap", EditMode.EDIT_MODE_BGSWAP],
  ["product-image", EditMode.EDIT_MODE_PRODUCT_IMAGE],
] as const)("an edit %s with a picture and its mask", async (editMode, theirs) => {
  const raw = new RawReferenceImage();
  Object.assign(raw, { referenceId: 1, referenceImage: image });
  const mask = new MaskReferenceImage();
  const config = { maskMode: MaskReferenceMode.MASK_MODE_USER_PROVIDED, maskDilation: 0.01 };
  Object.assign(mask, { referenceId: 2, referenceImage: image, config });
  await sdk.models.editImage({
    model: "any",
    prompt: plain.prompt,
    referenceImages: [raw, mask],
    config: { ...always, editMode: theirs },
  });
  expect(
    ours({}, { task: "edit", editMode, roles: ["raw", "mask"], maskDilation: 0.01 }, { inputs: [given, given] }),
  ).toEqual(received);
});

test.each([
  ["background", MaskReferenceMode.MASK_MODE_BACKGROUND],
  ["foreground", MaskReferenceMode.MASK_MODE_FOREGROUND],
] as const)("a mask that the model finds: %s", async (maskMode, theirs) => {
  const raw = new RawReferenceImage();
  Object.assign(raw, { referenceId: 1, referenceImage: image });
  const mask = new MaskReferenceImage();
  Object.assign(mask, { referenceId: 2, config: { maskMode: theirs } });
  await sdk.models.editImage({ model: "any", prompt: plain.prompt, referenceImages: [raw, mask], config: always });
  expect(ours({}, { task: "edit", maskMode, roles: ["raw"] }, { inputs: [given] })).toEqual(received);
});

test("a mask of the classes that are named, with guidance, language and bucket", async () => {
  const raw = new RawReferenceImage();
  Object.assign(raw, { referenceId: 1, referenceImage: image });
  const mask = new MaskReferenceImage();
  const config = { maskMode: MaskReferenceMode.MASK_MODE_SEMANTIC, segmentationClasses: [7, 8], maskDilation: 0.02 };
  Object.assign(mask, { referenceId: 2, config });
  await sdk.models.editImage({
    model: "any",
    prompt: plain.prompt,
    referenceImages: [raw, mask],
    config: { ...always, guidanceScale: 60, language: ImagePromptLanguage.auto, outputGcsUri: "gs://bucket/foxes" },
  });
  const predict: Partial<PlannedPredict> = {
    task: "edit",
    roles: ["raw"],
    maskMode: "semantic",
    maskClasses: [7, 8],
    maskDilation: 0.02,
    guidanceScale: 60,
    language: "auto",
    storageUri: "gs://bucket/foxes",
  };
  expect(ours({}, predict, { inputs: [given] })).toEqual(received);
});

test("what is said of pictures for style and subjects, and a control picture that the model makes", async () => {
  const style = new StyleReferenceImage();
  Object.assign(style, { referenceId: 1, referenceImage: image, config: { styleDescription: "ink on paper" } });
  const subject = new SubjectReferenceImage();
  const animal = { subjectType: SubjectReferenceType.SUBJECT_TYPE_ANIMAL, subjectDescription: "a red fox" };
  Object.assign(subject, { referenceId: 2, referenceImage: image, config: animal });
  const control = new ControlReferenceImage();
  const canny = { controlType: ControlReferenceType.CONTROL_TYPE_CANNY, enableControlImageComputation: true };
  Object.assign(control, { referenceId: 3, referenceImage: image, config: canny });
  await sdk.models.editImage({
    model: "any",
    prompt: plain.prompt,
    referenceImages: [style, subject, control],
    config: always,
  });
  const predict: Partial<PlannedPredict> = {
    task: "edit",
    roles: ["style", "subject-animal", "control-canny"],
    styleDescription: "ink on paper",
    subjectDescription: "a red fox",
    computeControl: true,
  };
  expect(ours({}, predict, { inputs: [given, given, given] })).toEqual(received);
});

test("pictures for style, subjects and control", async () => {
  const style = new StyleReferenceImage();
  Object.assign(style, { referenceId: 1, referenceImage: image });
  const subject = new SubjectReferenceImage();
  const subjectType = SubjectReferenceType.SUBJECT_TYPE_PERSON;
  Object.assign(subject, { referenceId: 2, referenceImage: image, config: { subjectType } });
  const control = new ControlReferenceImage();
  const controlType = ControlReferenceType.CONTROL_TYPE_SCRIBBLE;
  Object.assign(control, { referenceId: 3, referenceImage: image, config: { controlType } });
  await sdk.models.editImage({
    model: "any",
    prompt: plain.prompt,
    referenceImages: [style, subject, control],
    config: always,
  });
  const roles = ["style", "subject-person", "control-scribble"] as const;
  expect(ours({}, { task: "edit", roles }, { inputs: [given, given, given] })).toEqual(received);
});

test("an enlargement, but for its prompt", async () => {
  await sdk.models.upscaleImage({
    model: "any",
    image,
    upscaleFactor: "x4",
    config: { includeRaiReason: true, outputMimeType: "image/png" },
  });
  const body = ours({}, { task: "upscale", upscale: "x4" }, { inputs: [given], mimeType: "image/png" });
  expect(body).toMatchObject({ instances: [{ prompt: plain.prompt }] });
  expect({
    ...(body as object),
    instances: [{ image: { bytesBase64Encoded: image.imageBytes, mimeType: "image/png" } }],
  }).toEqual(received);
});
