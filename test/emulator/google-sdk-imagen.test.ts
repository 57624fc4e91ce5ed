// Google's own SDK, unchanged, asks the emulator for Imagen's pictures as Vertex AI users did.

import {
  ApiError,
  ControlReferenceImage,
  ControlReferenceType,
  EditMode,
  GoogleGenAI,
  ImagePromptLanguage,
  MaskReferenceImage,
  MaskReferenceMode,
  RawReferenceImage,
  SafetyFilterLevel,
  StyleReferenceImage,
  SubjectReferenceImage,
  SubjectReferenceType,
} from "@google/genai";
import { OAuth2Client } from "google-auth-library";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.ts";

let emulator: Emulator;
beforeAll(async () => {
  // The SDK says with each first call that these methods will go.
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  emulator = await startEmulator();
});
beforeEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(async () => emulator.close());

function vertex(): GoogleGenAI {
  const authClient = new OAuth2Client({
    credentials: { access_token: emulator.credentials.accessToken, expiry_date: Date.parse("2099-01-01") },
  });
  return new GoogleGenAI({
    vertexai: true,
    project: "p",
    location: "us-central1",
    googleAuthOptions: { authClient },
    httpOptions: { baseUrl: `${emulator.url}/us-central1-aiplatform.googleapis.com` },
  });
}

async function shapeOf(bytes: string | undefined): Promise<string> {
  const { format, width, height } = await sharp(Buffer.from(bytes ?? "", "base64")).metadata();
  return `${format} ${width}x${height}`;
}

async function picture(width: number, height: number): Promise<{ imageBytes: string; mimeType: string }> {
  const bytes = await sharp({ create: { width, height, channels: 3, background: "#3a6" } })
    .png()
    .toBuffer();
  return { imageBytes: bytes.toString("base64"), mimeType: "image/png" };
}

test("draws", async () => {
  const { generatedImages = [] } = await vertex().models.generateImages({
    model: "imagen-4.0-ultra-generate-001",
    prompt: "a fox",
    config: { numberOfImages: 2, aspectRatio: "4:3", imageSize: "2K", includeRaiReason: true },
  });
  const shapes = generatedImages.map(({ image }) => shapeOf(image?.imageBytes));
  expect(await Promise.all(shapes)).toEqual(["png 2560x1792", "png 2560x1792"]);
  expect(emulator.bill()).toMatchObject({ images: 2, microUsd: 120_000 });
});

test("is told why a picture was filtered", async () => {
  emulator.plan([{ action: { type: "refusal", finishReason: "IMAGE_SAFETY", message: "Support codes: 42" } }]);
  const { generatedImages } = await vertex().models.generateImages({
    model: "imagen-4.0-generate-001",
    prompt: "a fox",
    config: { includeRaiReason: true },
  });
  expect(generatedImages).toMatchObject([{ raiFilteredReason: "Support codes: 42" }]);
});

test("edits a part, and draws a subject", async () => {
  const raw = new RawReferenceImage();
  Object.assign(raw, { referenceId: 1, referenceImage: await picture(160, 90) });
  const mask = new MaskReferenceImage();
  Object.assign(mask, { referenceId: 2, config: { maskMode: MaskReferenceMode.MASK_MODE_FOREGROUND } });
  const edited = await vertex().models.editImage({
    model: "imagen-3.0-capability-001",
    prompt: "a hat",
    referenceImages: [raw, mask],
    config: { editMode: EditMode.EDIT_MODE_INPAINT_INSERTION, numberOfImages: 1 },
  });
  expect(await shapeOf(edited.generatedImages?.[0]?.image?.imageBytes)).toBe("png 1408x768");
  const subject = new SubjectReferenceImage();
  const config = { subjectType: SubjectReferenceType.SUBJECT_TYPE_ANIMAL, subjectDescription: "a fox" };
  Object.assign(subject, { referenceId: 1, referenceImage: await picture(50, 50), config });
  const drawn = await vertex().models.editImage({
    model: "imagen-3.0-capability-001",
    prompt: "the fox [1] in snow",
    referenceImages: [subject],
    config: { aspectRatio: "9:16" },
  });
  expect(await shapeOf(drawn.generatedImages?.[0]?.image?.imageBytes)).toBe("png 768x1408");
});

test("enlarges", async () => {
  const { generatedImages } = await vertex().models.upscaleImage({
    model: "imagen-4.0-upscale-preview",
    image: await picture(30, 20),
    upscaleFactor: "x2",
  });
  expect(await shapeOf(generatedImages?.[0]?.image?.imageBytes)).toBe("png 60x40");
});

test("gets Google's errors", async () => {
  const asked = vertex().models.generateImages({
    model: "imagen-4.0-generate-001",
    prompt: "a fox",
    config: { aspectRatio: "21:9" },
  });
  await expect(asked).rejects.toThrow(ApiError);
  await expect(asked).rejects.toMatchObject({ status: 400 });
});

test("takes all that drawing, editing and enlarging can be told, and leaves the pictures in a bucket", async () => {
  const { models } = vertex();
  const common = { outputGcsUri: "gs://bucket/foxes", safetyFilterLevel: SafetyFilterLevel.BLOCK_ONLY_HIGH };
  const drawn = await models.generateImages({
    model: "imagen-4.0-fast-generate-001",
    prompt: "a fox",
    config: { ...common, guidanceScale: 21, enhancePrompt: false, language: ImagePromptLanguage.en },
  });
  const raw = new RawReferenceImage();
  Object.assign(raw, { referenceId: 1, referenceImage: await picture(160, 90) });
  const mask = new MaskReferenceImage();
  const semantic = { maskMode: MaskReferenceMode.MASK_MODE_SEMANTIC, segmentationClasses: [7, 8], maskDilation: 0.01 };
  Object.assign(mask, { referenceId: 2, config: semantic });
  const style = new StyleReferenceImage();
  const config = { styleDescription: "ink on paper" };
  Object.assign(style, { referenceId: 3, referenceImage: await picture(20, 20), config });
  const control = new ControlReferenceImage();
  const canny = { controlType: ControlReferenceType.CONTROL_TYPE_CANNY, enableControlImageComputation: true };
  Object.assign(control, { referenceId: 4, referenceImage: await picture(20, 20), config: canny });
  const edited = await models.editImage({
    model: "imagen-3.0-capability-001",
    prompt: "a cat",
    referenceImages: [raw, mask, style, control],
    config: { ...common, editMode: EditMode.EDIT_MODE_INPAINT_INSERTION, guidanceScale: 60 },
  });
  const enlarged = await models.upscaleImage({
    model: "imagen-4.0-upscale-preview",
    image: await picture(30, 20),
    upscaleFactor: "x4",
    config: common,
  });
  for (const { generatedImages } of [drawn, edited, enlarged]) {
    expect(generatedImages?.[0]?.image?.gcsUri).toMatch(/^gs:\/\/bucket\/foxes\/.+\/sample_0\.png$/);
  }
  expect(emulator.bill()).toMatchObject({ images: 3, microUsd: 20_000 + 40_000 + 60_000 });
});
