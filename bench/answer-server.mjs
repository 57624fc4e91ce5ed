// A server with pre-built answers and no latency, in a process of its own. Prints its address as one JSON line.
// Pictures are real PNGs of 1.5, 6 and 25 MB: half noise, half flat, so that they weigh what a model's pictures weigh.

import { randomFillSync } from "node:crypto";
import { createServer } from "node:http";
import sharp from "sharp";

const edges = { "1K": 1024, "2K": 2048, "4K": 4096 };
const answers = {};

for (const [size, edge] of Object.entries(edges)) {
  const pixels = Buffer.alloc(edge * edge * 3, 90);
  randomFillSync(pixels, 0, Math.floor(pixels.length / 2));
  const png = await sharp(pixels, { raw: { width: edge, height: edge, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  answers[size] = Buffer.from(
    JSON.stringify({
      candidates: [
        {
          index: 0,
          content: { role: "model", parts: [{ inlineData: { mimeType: "image/png", data: png.toString("base64") } }] },
          finishReason: "STOP",
        },
      ],
      usageMetadata: {
        promptTokenCount: 3,
        candidatesTokenCount: 1120,
        totalTokenCount: 1123,
        candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1120 }],
      },
      modelVersion: "gemini-3-pro-image",
      responseId: "bench",
    }),
  );
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const size = Object.keys(edges).find((one) => Buffer.concat(chunks).includes(`bench ${one}`)) ?? "1K";
    response.writeHead(200, { "content-type": "application/json", "content-length": answers[size].length });
    response.end(answers[size]);
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })}\n`);
});
