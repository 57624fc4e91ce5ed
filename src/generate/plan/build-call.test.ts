import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan } from "../../core/plan.ts";
import type { AuthMethod, EndpointName } from "../../core/route.ts";
import { endpointFor } from "../../google/endpoints/registry.ts";
import { createCatalogue } from "../../google/models/catalogue.ts";
import type { GenerateRequest } from "../../core/request.ts";
import { buildCall, prepareRequest } from "./build-call.ts";
import { planRequest } from "./plan.ts";

const catalogue = createCatalogue();

function plan(request: Partial<GenerateRequest> = {}, name: EndpointName = "generativelanguage"): Plan {
  const auth: AuthMethod = name === "generativelanguage" ? "api-key" : "oauth";
  const location = name === "aiplatform" ? "global" : null;
  return planRequest({
    request: { prompt: "a fox", ...request },
    operation: "01OPERATION",
    nowMs: Date.parse("2026-11-24T12:00:00Z"),
    catalogue,
    endpoint: endpointFor(name),
    way: { auth, endpoint: name, baseUrl: "https://example.test", projectId: "a-project", location },
    offered: null,
    rehearsal: false,
    output: { directory: "/out", stem: "image", format: null, extension: null, numbered: true },
    deadlines: { totalMs: 300_000, connectMs: 10_000, idleMs: 60_000 },
    problems: [],
    warnings: [],
  });
}

const configOf = (made: Plan, index = 0) =>
  JSON.parse(JSON.stringify(prepareRequest(made, catalogue, [], { index, maxOutputTokens: null }).body))
    .generationConfig;
const seedOf = (made: Plan, index: number): unknown => configOf(made, index)?.seed;

describe("the seed", () => {
  test("is not sent when nobody asked for one", () => {
    expect(seedOf(plan(), 3)).toBeUndefined();
  });

  test("is another one for each picture, so that none is bought twice", () => {
    const made = plan({ seed: 7, count: 3 });
    expect([0, 1, 2].map((index) => seedOf(made, index))).toEqual([7, 8, 9]);
  });

  test("stays in the range that Google takes, however many pictures follow the largest", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2 ** 31 - 120, max: 2 ** 31 - 1 }),
        fc.integer({ min: 2, max: 100 }),
        (seed, count) => {
          const made = plan({ seed, count });
          const seeds = Array.from({ length: count }, (_, index) => Number(seedOf(made, index)));
          expect(seeds.every((one) => Number.isInteger(one) && one >= 0 && one < 2 ** 31)).toBe(true);
          expect(new Set(seeds).size).toBe(count);
          expect(seeds[0]).toBe(seed);
        },
      ),
    );
  });
});

describe("the size", () => {
  test("is sent to a model with several", () => {
    expect(configOf(plan({ size: "2K", aspectRatio: "16:9" })).imageConfig).toEqual({
      aspectRatio: "16:9",
      imageSize: "2K",
    });
  });

  test("is not sent to a model that has one only", () => {
    expect(configOf(plan({ model: "gemini-3.1-flash-lite-image", aspectRatio: "1:1" })).imageConfig).toEqual({
      aspectRatio: "1:1",
    });
  });
});

test("Code Assist gets its envelope, the others do not", () => {
  expect(prepareRequest(plan({}, "cloudcode-pa"), catalogue, []).body).toMatchObject({
    model: "gemini-3-pro-image",
    project: "a-project",
    request: { contents: [{ parts: [{ text: "a fox" }] }] },
  });
  expect(prepareRequest(plan({}, "aiplatform"), catalogue, []).body).toMatchObject({
    contents: [{ parts: [{ text: "a fox" }] }],
  });
});

test("a call is the request as UTF-8 with the credential's headers beside its own", () => {
  const prepared = prepareRequest(plan({ prompt: "แมว 🦊" }), catalogue, []);
  const { method, url, headers, body } = buildCall(prepared, { "x-goog-api-key": "k" });
  expect([method, url]).toEqual(["POST", prepared.url]);
  expect(headers).toMatchObject({ "content-type": "application/json", "x-goog-api-key": "k" });
  expect(JSON.parse(Buffer.from(body ?? []).toString("utf8")).contents[0].parts[0].text).toBe("แมว 🦊");
});
