// The body that we send for a request is the body that Google's own SDK sends for it. Header fields are not compared.
// The SDK is asked over a loopback server that keeps what arrives.

import { createServer, type Server } from "node:http";
import {
  createPartFromBase64,
  createPartFromText,
  createPartFromUri,
  type GenerateContentConfig,
  GoogleGenAI,
  type Part,
  ServiceTier,
  ThinkingLevel,
} from "@google/genai";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InputPart } from "../../src/core/input-part.ts";
import { type PlannedRequest, personGenerations, thinkingLevels, tiers } from "../../src/core/request.ts";
import { bodyBytes } from "../../src/google/wire/body-bytes.ts";
import { encodeGenerateContent } from "../../src/google/wire/generate-content.ts";

let server: Server;
let baseUrl = "";
let received: unknown;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      response.setHeader("content-type", "application/json");
      response.end('{"candidates":[{"content":{"parts":[]},"finishReason":"STOP"}]}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  baseUrl = `http://127.0.0.1:${address.port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const text = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1 }),
  fc.constantFrom("นกสีแดง", '🦊 \\ " \n', "-x", "__proto__"),
);
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });

const requests: fc.Arbitrary<PlannedRequest> = fc.record({
  prompt: text,
  aspectRatio: orNull(fc.constantFrom("1:1", "16:9", "9:16", "21:9")),
  size: orNull(fc.constantFrom("512", "1K", "2K", "4K")),
  count: fc.constant(1),
  tier: fc.constantFrom(...tiers),
  seed: orNull(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
  temperature: orNull(fc.integer({ min: 0, max: 20 }).map((tenths) => tenths / 10)),
  thinking: orNull(fc.constantFrom(...thinkingLevels)),
  search: fc.boolean(),
  system: orNull(text),
  personGeneration: orNull(fc.constantFrom(...personGenerations)),
  references: fc.constant([]),
  documents: fc.constant([]),
});

/** What is sent beside the prompt: documents as text, pictures as bytes of any kind. */
const inputs: fc.Arbitrary<InputPart[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("text" as const), text }),
    fc.record({
      kind: fc.constant("picture" as const),
      mimeType: fc.constantFrom("image/png", "image/jpeg"),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 50 }),
    }),
    fc.record({
      kind: fc.constant("link" as const),
      mimeType: fc.constant("image/png"),
      uri: fc.constant("gs://b/o.png"),
    }),
  ),
  { maxLength: 4 },
);

/** A part in the SDK's own words. */
function partFor(input: InputPart): Part {
  if (input.kind === "text") return createPartFromText(input.text);
  if (input.kind === "link") return createPartFromUri(input.uri, input.mimeType);
  if (input.kind === "shown") throw new Error("Words are not sent.");
  return createPartFromBase64(Buffer.from(input.bytes).toString("base64"), input.mimeType);
}

const sdkTier = { standard: ServiceTier.STANDARD, flex: ServiceTier.FLEX, priority: ServiceTier.PRIORITY };
const sdkThinkingLevel = {
  minimal: ThinkingLevel.MINIMAL,
  low: ThinkingLevel.LOW,
  medium: ThinkingLevel.MEDIUM,
  high: ThinkingLevel.HIGH,
};

/** The same request in the SDK's own words. */
function configFor(request: PlannedRequest, vertexai: boolean): GenerateContentConfig {
  const imageConfig = {
    ...(request.aspectRatio === null ? {} : { aspectRatio: request.aspectRatio }),
    ...(request.size === null ? {} : { imageSize: request.size }),
    ...(request.personGeneration === null || !vertexai
      ? {}
      : { personGeneration: request.personGeneration.replace("-", "_").toUpperCase() }),
  };
  return {
    responseModalities: ["TEXT", "IMAGE"],
    ...(Object.keys(imageConfig).length > 0 ? { imageConfig } : {}),
    ...(request.system === null ? {} : { systemInstruction: request.system }),
    ...(request.seed === null ? {} : { seed: request.seed }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.thinking === null
      ? {}
      : {
          thinkingConfig: { thinkingLevel: sdkThinkingLevel[request.thinking] },
        }),
    ...(request.search ? { tools: [{ googleSearch: {} }] } : {}),
    ...(request.tier === "standard" ? {} : { serviceTier: sdkTier[request.tier] }),
  };
}

describe.each([
  { mode: "Gemini API", vertexai: false, endpoint: "generativelanguage" },
  { mode: "Vertex AI with an API key", vertexai: true, endpoint: "aiplatform" },
] as const)("the body for the $mode", ({ vertexai, endpoint }) => {
  test("is what Google's SDK sends for the same request", async () => {
    const sdk = new GoogleGenAI({ vertexai, apiKey: "test-key", httpOptions: { baseUrl } });
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(requests, inputs, async (request, given) => {
        received = undefined;
        await sdk.models.generateContent({
          model: "some-model",
          contents: [createPartFromText(request.prompt), ...given.map(partFor)],
          config: configFor(request, vertexai),
        });
        const body = encodeGenerateContent({ request, endpoint, sendsSize: true, inputs: given });
        const ours: unknown = JSON.parse(bodyBytes(body).toString());
        expect(ours).toEqual(received);
        compared += 1;
      }),
      { numRuns: 150 },
    );
    expect(compared).toBeGreaterThanOrEqual(150);
  });
});
