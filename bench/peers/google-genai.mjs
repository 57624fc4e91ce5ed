// The same picture through Google's own SDK.

import { writeFile } from "node:fs/promises";
import { GoogleGenAI } from "@google/genai";

const client = new GoogleGenAI({ apiKey: "bench", httpOptions: { baseUrl: process.env.BENCH_URL } });
const answer = await client.models.generateContent({
  model: "gemini-3-pro-image",
  contents: `bench ${process.env.BENCH_SIZE}`,
  config: { responseModalities: ["TEXT", "IMAGE"], imageConfig: { imageSize: process.env.BENCH_SIZE } },
});
const part = answer.candidates[0].content.parts.find((one) => one.inlineData);
await writeFile(process.env.BENCH_OUT, Buffer.from(part.inlineData.data, "base64"));
