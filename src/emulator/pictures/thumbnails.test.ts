import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json.ts";
import { type Answered, ask, messageOf, picturesIn, useEmulator } from "../testing/asking.ts";

const emulator = useEmulator();

async function send(pictures: readonly Buffer[], mimeType = "image/png"): Promise<Answered> {
  const url = `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/gemini-3-pro-image:generateContent`;
  const parts: JsonObject[] = pictures.map((bytes) => ({ inlineData: { mimeType, data: bytes.toString("base64") } }));
  const contents = [{ role: "user", parts: [{ text: "x" }, ...parts] }];
  return await ask(
    url,
    { contents, generationConfig: { imageConfig: { aspectRatio: "1:1" } } },
    { "x-goog-api-key": "AIza-any" },
  );
}

const plain = (background: string, width = 60, height = 60): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();

const pure = { "#ff0000": "red", "#00ff00": "green", "#0000ff": "blue" };

/** Pure colours in the picture from left to right. */
async function coloursFromLeft(picture: Buffer): Promise<string[]> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const found: string[] = [];
  for (let x = 0; x < info.width; x += 2) {
    for (let y = 0; y < info.height; y += 4) {
      const at = (y * info.width + x) * 3;
      // A JPEG's pure colours are a little off.
      const rounded = [0, 1, 2].map((channel) =>
        (data[at + channel] ?? 0) > 235 ? "ff" : (data[at + channel] ?? 0) < 20 ? "00" : "?",
      );
      const colour = Object.entries(pure).find(([hex]) => hex === `#${rounded.join("")}`)?.[1];
      if (colour !== undefined && found.at(-1) !== colour) found.push(colour);
    }
  }
  return found;
}

describe("reference pictures in the answer", () => {
  test.each([[["red", "green", "blue"]], [["blue", "red", "green"]], [["green", "blue", "green", "red"]]])(
    "are shown in the order of the request: %s",
    async (order) => {
      const given = order.map((name) => Object.entries(pure).find(([, known]) => known === name)?.[0] ?? "");
      const answer = await send(await Promise.all(given.map((colour) => plain(colour))));
      expect(await coloursFromLeft(picturesIn(answer)[0]?.bytes ?? Buffer.alloc(0))).toEqual(order);
    },
  );

  test("fourteen of any shape find room", async () => {
    const given = await Promise.all(Array.from({ length: 14 }, (_, index) => plain("#ff0000", 10 + index * 40, 200)));
    const [picture] = picturesIn(await send(given));
    expect(await sharp(picture?.bytes).metadata()).toMatchObject({ width: 1024, height: 1024 });
  });

  test("other pictures make another answer", async () => {
    const answers = await Promise.all([send([await plain("#ff0000")]), send([await plain("#00ff00")])]);
    const [first, second] = answers.map((answer) => picturesIn(answer)[0]?.bytes.toString("base64"));
    expect(first).not.toBe(second);
  });

  test("that have the form of a picture and cannot be decoded are refused as Google does it", async () => {
    const bytes = await plain("#ff0000");
    bytes.fill(0x55, bytes.indexOf("IDAT") + 6, bytes.indexOf("IEND") - 8);
    const answer = await send([bytes]);
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toContain("Unable to process input image");
  });

  test("in HEIC are taken and stand as a grey square", async () => {
    const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic\0\0\0\0mif1heic")]);
    expect((await send([heic], "image/heic")).status).toBe(200);
  });
});
