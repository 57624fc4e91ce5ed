// The body that orders a clip from Omni is the body that Google's own SDK sends for the same request, field by field.

import { createServer, type Server } from "node:http";
import { GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PlannedClip } from "../../src/core/clip.ts";
import { bodyBytes } from "../../src/google/wire/body-bytes.ts";
import { encodeInteraction } from "../../src/google/wire/interaction-request.ts";
import type { ClipInput, ClipInputs } from "../../src/google/wire/predict-long-running.ts";

let server: Server;
let sdk: GoogleGenAI;
let received: { readonly url: string | undefined; readonly body: unknown };

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received = { url: request.url, body: JSON.parse(Buffer.concat(chunks).toString("utf8")) };
      response.setHeader("content-type", "application/json");
      response.end('{"id":"v1_a","status":"in_progress"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  const baseUrl = `http://127.0.0.1:${address.port}`;
  sdk = new GoogleGenAI({ vertexai: false, apiKey: "AIza-any", httpOptions: { baseUrl } });
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const clip: PlannedClip = {
  prompt: "a tide",
  seconds: 8,
  resolution: "1080p",
  aspectRatio: "9:16",
  audio: null,
  negativePrompt: null,
  seed: null,
  personGeneration: null,
  storageUri: null,
  firstFrame: null,
  lastFrame: null,
  references: [],
  extends: null,
};
const picture = (text: string): ClipInput => ({ kind: "bytes", mimeType: "image/png", bytes: Buffer.from(text) });
const image = (text: string) => ({
  type: "image" as const,
  mime_type: "image/png" as const,
  data: Buffer.from(text).toString("base64"),
});
const none: ClipInputs = { firstFrame: null, lastFrame: null, references: [], extends: null };
const prompt = { type: "text" as const, text: "a tide" };

test.each([
  ["text_to_video", none, [prompt]],
  ["image_to_video", { ...none, firstFrame: picture("a") }, [image("a"), prompt]],
  ["image_to_video", { ...none, firstFrame: picture("a"), lastFrame: picture("b") }, [image("a"), image("b"), prompt]],
  ["reference_to_video", { ...none, references: [picture("a"), picture("b")] }, [image("a"), image("b"), prompt]],
] as const)("%s", async (task, inputs, input) => {
  await sdk.interactions.create({
    model: "gemini-omni-1.2-flash",
    input: [...input],
    response_format: {
      type: "video",
      aspect_ratio: "9:16",
      resolution: "1080p",
      duration: "8s",
      delivery: "uri",
    },
    generation_config: { video_config: { task } },
    background: true,
    store: true,
  });
  expect(received.url).toBe("/v1beta/interactions");
  const ours: unknown = JSON.parse(bodyBytes(encodeInteraction(clip, inputs, "gemini-omni-1.2-flash")).toString());
  expect(ours).toEqual(received.body);
});
