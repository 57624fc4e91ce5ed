// What most people write first: fetch, res.json(), Buffer.from, writeFile.

import { writeFile } from "node:fs/promises";

const response = await fetch(`${process.env.BENCH_URL}/v1beta/models/gemini-3-pro-image:generateContent`, {
  method: "POST",
  headers: { "content-type": "application/json", "x-goog-api-key": "bench" },
  body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: `bench ${process.env.BENCH_SIZE}` }] }] }),
});
const answer = await response.json();
const part = answer.candidates[0].content.parts.find((one) => one.inlineData);
await writeFile(process.env.BENCH_OUT, Buffer.from(part.inlineData.data, "base64"));
