import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject, listAt, objectAt } from "../json.ts";
import { type Answered, ask, messageOf, picturesIn, useEmulator } from "../testing/asking.ts";
import { readPictureHeader } from "./picture-header.ts";

const emulator = useEmulator();

function send(contents: JsonObject[], config: JsonObject = {}, model = "gemini-3-pro-image"): Promise<Answered> {
  const url = `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/${model}:generateContent`;
  return ask(url, { contents, generationConfig: config }, { "x-goog-api-key": "AIza-any" });
}

const user = (...parts: JsonObject[]): JsonObject => ({ role: "user", parts });
const text = { text: "Make it red" };

async function picture(format: "png" | "jpeg" | "webp", width = 8, height = 8): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: "#246" } })
    .toFormat(format)
    .toBuffer();
}

const inline = (mimeType: string, bytes: Buffer): JsonObject => ({
  inlineData: { mimeType, data: bytes.toString("base64") },
});

describe("reference pictures", () => {
  test.each(["png", "jpeg", "webp"] as const)("a real %s is taken and counted", async (format) => {
    const answer = await send([user(text, inline(`image/${format}`, await picture(format)))]);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"promptTokensDetails"');
    expect(answer.json["usageMetadata"]).toMatchObject({
      promptTokensDetails: [{ modality: "TEXT" }, { modality: "IMAGE", tokenCount: 560 }],
    });
  });

  test("without a ratio the answer follows the shape of the last reference", async () => {
    const answer = await send([user(text, inline("image/png", await picture("png", 160, 90)))]);
    expect(readPictureHeader(picturesIn(answer)[0]?.bytes ?? Buffer.alloc(0))?.size).toEqual({
      width: 1376,
      height: 768,
    });
  });

  test("bytes that are no picture, a cut picture and a wrong label are refused", async () => {
    const png = await picture("png");
    for (const part of [
      inline("image/png", Buffer.from("hello")),
      inline("image/png", png.subarray(0, png.length - 1)),
      inline("image/jpeg", png),
    ]) {
      const answer = await send([user(text, part)]);
      expect(answer.status).toBe(400);
      expect(messageOf(answer)).toContain("Unable to process input image");
    }
  });

  test("a type that the model does not take is refused by name", async () => {
    const answer = await send([user(text, inline("image/gif", Buffer.from("GIF89a")))]);
    expect(messageOf(answer)).toBe("Unsupported MIME type: image/gif");
  });

  test("base64 that is none is refused by the parser", async () => {
    const answer = await send([user({ inlineData: { mimeType: "image/png", data: "not base64!" } })]);
    expect(messageOf(answer)).toContain(
      "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed",
    );
  });

  test("one picture above the limit is refused", async () => {
    const part = inline("image/png", await picture("png"));
    expect((await send([user(text, ...Array.from({ length: 14 }, () => part))])).status).toBe(200);
    const answer = await send([user(text, ...Array.from({ length: 15 }, () => part))]);
    expect(messageOf(answer)).toContain("Too many images in the request: 15");
  });

  test("a stored file of nobody is forbidden", async () => {
    const fileUri = "https://generativelanguage.googleapis.com/v1beta/files/abc";
    const answer = await send([user(text, { fileData: { fileUri, mimeType: "image/png" } })]);
    expect(answer.status).toBe(403);
  });
});

describe("the shape of a conversation", () => {
  test.each<[string, JsonObject[], string]>([
    ["no turns", [], "contents is not specified"],
    ["no parts", [user()], "contents.parts must not be empty"],
    ["an empty part", [user({})], "required oneof field 'data' must have one initialized field"],
    ["an unknown role", [{ role: "assistant", parts: [text] }], "Please use a valid role: user, model."],
    [
      "text and picture in one part",
      [user({ text: "a", inlineData: { mimeType: "image/png", data: "" } })],
      "oneof field 'data' is already set",
    ],
  ])("%s is refused", async (_name, contents, words) => {
    const answer = await send(contents);
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toContain(words);
  });
});

const firstTurn = async (): Promise<JsonObject> => {
  const answer = await send([user({ text: "A cat" })]);
  const candidate = listAt(answer.json, "candidates")[0];
  return isJsonObject(candidate) ? objectAt(candidate, "content") : {};
};
const withParts = (turn: JsonObject, change: (part: JsonObject) => JsonObject): JsonObject => ({
  ...turn,
  parts: listAt(turn, "parts").filter(isJsonObject).map(change),
});

describe("conversations about a picture", () => {
  test("a model turn that comes back unchanged is taken", async () => {
    expect((await send([user({ text: "A cat" }), await firstTurn(), user(text)])).status).toBe(200);
  });

  test("a picture without its signature is refused", async () => {
    const turn = withParts(await firstTurn(), ({ thoughtSignature: _left, ...part }) => part);
    expect(messageOf(await send([user({ text: "A cat" }), turn, user(text)]))).toMatch(
      /^Image part is missing a thought_signature/,
    );
  });

  test("a signature on another picture is refused", async () => {
    const other = (await picture("png")).toString("base64");
    const turn = withParts(await firstTurn(), (part) =>
      "inlineData" in part ? { ...part, inlineData: { mimeType: "image/png", data: other } } : part,
    );
    expect(messageOf(await send([user({ text: "A cat" }), turn, user(text)]))).toBe("Corrupted thought signature.");
  });
});
