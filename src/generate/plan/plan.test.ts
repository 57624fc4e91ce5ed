import { describe, expect, test } from "vitest";
import type { GenerateRequest } from "../../core/request.ts";
import { isToolError, type ToolError } from "../../core/tool-error.ts";
import { endpointFor } from "../../google/endpoints/registry.ts";
import { createCatalogue } from "../../google/models/catalogue.ts";
import { planRequest, type PlanInput } from "./plan.ts";

const base: Omit<PlanInput, "request"> = {
  operation: "01OPERATION",
  nowMs: Date.parse("2026-11-24T12:00:00Z"),
  catalogue: createCatalogue(),
  endpoint: endpointFor("generativelanguage"),
  way: {
    auth: "api-key",
    endpoint: "generativelanguage",
    baseUrl: "https://example.test",
    projectId: null,
    location: null,
  },
  offered: null,
  rehearsal: false,
  output: { directory: "/out", stem: "image", format: null, extension: null, numbered: true },
  deadlines: { totalMs: 300_000, connectMs: 10_000, idleMs: 60_000 },
  problems: [],
  warnings: [],
};

const proxy = endpointFor("cliproxyapi");

function plan(request: Partial<GenerateRequest>, more: Partial<PlanInput> = {}) {
  return planRequest({ ...base, ...more, request: { prompt: "a fox", ...request } });
}

function refusal(request: Partial<GenerateRequest>, more: Partial<PlanInput> = {}): ToolError {
  try {
    plan(request, more);
  } catch (error) {
    if (isToolError(error)) return error;
    throw error;
  }
  throw new Error("The plan was made.");
}

const fields = (error: ToolError) => (error.details.problems ?? []).map(({ field }) => field);

test("a plan is a plain value that survives JSON", () => {
  const made = plan({ aspectRatio: "16:9", size: "2k", count: 2 });
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  expect(made).toMatchObject({
    route: { model: "gemini-3-pro-image", requestedModel: "gemini-3-pro-image" },
    request: { aspectRatio: "16:9", size: "2K", count: 2, tier: "standard" },
    expected: { width: 2752, height: 1536 },
    cost: { perImageMicroUsd: 134_000, estimatedMicroUsd: 268_000, metered: true, assumed: false },
  });
});

test("the same input gives the same plan", () => {
  expect(plan({ size: "4K" })).toEqual(plan({ size: "4K" }));
});

describe("ratio and size", () => {
  test("exact pixels become both", () => {
    expect(plan({ size: "2752x1536" }).request).toMatchObject({ aspectRatio: "16:9", size: "2K" });
  });

  test("exact pixels against another ratio are refused", () => {
    expect(fields(refusal({ size: "2752x1536", aspectRatio: "1:1" }))).toEqual(["--ar"]);
  });

  test("a model of one size is asked for none that it has not", () => {
    expect(refusal({ model: "gemini-3.1-flash-lite-image", size: "4K" }).code).toBe("size-not-offered");
    expect(plan({ model: "gemini-3.1-flash-lite-image" }).expected).toEqual({ width: 1024, height: 1024 });
  });
});

describe("options", () => {
  test("what the endpoint does not take is refused by name", () => {
    expect(refusal({ personGeneration: "allow-none" }).message).toMatch(/Gemini API does not take --person-generation/);
  });

  test("what the model does not take is refused with what it does", () => {
    expect(refusal({ model: "gemini-nano-banana-2.1", thinking: "low" }).details.problems).toMatchObject([
      { field: "--thinking", allowed: ["minimal", "medium", "high"] },
    ]);
    expect(refusal({ model: "gemini-3.1-flash-image", tier: "flex" }).code).toBe("option-not-offered");
  });

  test("a thinking level that the model ignores is not sent", () => {
    expect(plan({ thinking: "low" }).request.thinking).toBeNull();
  });

  test("flex is half the price", () => {
    expect(plan({ tier: "flex" }).cost.perImageMicroUsd).toBe(67_000);
  });

  test("all mistakes are told at once, those found elsewhere included", () => {
    const elsewhere = { code: "target-exists", field: "--output", message: "taken" } as const;
    const error = refusal(
      { prompt: " ", count: 101, temperature: 3, seed: -1, aspectRatio: "7:5" },
      { problems: [elsewhere] },
    );
    expect(error.code).toBe("invalid-request");
    expect(fields(error).toSorted()).toEqual(["--ar", "--count", "--output", "--seed", "--temperature", "prompt"]);
  });
});

describe("a cap for one picture", () => {
  test("below the price is refused, at the price is not", () => {
    expect(refusal({ maxCostUsd: 0.1339 })).toMatchObject({ code: "over-max-cost", exitCode: 4 });
    expect(plan({ maxCostUsd: 0.134 }).cost.perImageMicroUsd).toBe(134_000);
  });

  test("cannot be kept for a model whose price is assumed", () => {
    const offered = ["somebodys-own-model"];
    const way = { ...base.way, auth: "proxy", endpoint: "cliproxyapi" } as const;
    const error = refusal({ model: "somebodys-own-model", maxCostUsd: 5 }, { endpoint: proxy, way, offered });
    expect(error.code).toBe("price-unknown");
  });
});

describe("models", () => {
  test.each([
    ["gemini-2.5-flash-image", "model-retired"],
    ["imagen-4.0-generate-001", "model-retired"],
    ["veo-3.1-generate-001", "model-not-runnable"],
    ["no-such-model", "model-unknown"],
  ])("%s: %s", (model, code) => {
    expect(refusal({ model }).code).toBe(code);
  });

  test("what is allowed instead of an unknown model can be used now", () => {
    const [problem] = refusal({ model: "no-such-model" }).details.problems ?? [];
    expect(problem?.allowed).toContain("gemini-nano-banana-2.1");
    expect(problem?.allowed).not.toContain("gemini-2.5-flash-image");
  });

  test("a deprecated one runs, with its day and its successor", () => {
    expect(plan({ model: "gemini-3.1-flash-image" }).warnings).toEqual([
      expect.stringMatching(/deprecated since 2026-10-06.*gemini-nano-banana-2\.1/),
    ]);
  });

  test("a region is warned about, because Google serves its image models at global", () => {
    const way = {
      ...base.way,
      auth: "oauth",
      endpoint: "aiplatform",
      projectId: "p",
      location: "europe-west4",
    } as const;
    expect(plan({}, { endpoint: endpointFor("aiplatform"), way }).warnings).toEqual([
      expect.stringMatching(/location global/),
    ]);
  });
});

describe("a proxy that lists its models", () => {
  const way = { ...base.way, auth: "proxy", endpoint: "cliproxyapi" } as const;
  const through = (request: Partial<GenerateRequest>, offered: readonly string[]) =>
    plan(request, { endpoint: proxy, way, offered });

  test("runs the default when it has it, under whatever name", () => {
    expect(through({}, ["x", "gemini-3-pro-image"]).route.model).toBe("gemini-3-pro-image");
    expect(through({}, ["gemini-3-pro-image-preview"]).route.model).toBe("gemini-3-pro-image-preview");
  });

  test("else its best, and says so", () => {
    const { route, warnings } = through({}, ["somebodys-own", "gemini-3.1-flash-lite-image", "gemini-nano-banana-2.1"]);
    expect(route).toMatchObject({ model: "gemini-nano-banana-2.1", requestedModel: "gemini-3-pro-image" });
    expect(warnings).toEqual([expect.stringMatching(/does not have gemini-3-pro-image/)]);
  });

  test("is not billed per picture, and still has a list price", () => {
    expect(through({}, ["gemini-3-pro-image"]).cost).toMatchObject({ metered: false, estimatedMicroUsd: 134_000 });
  });

  test("may have a model that nobody else knows, at an assumed price", () => {
    expect(through({ model: "somebodys-own" }, ["somebodys-own"]).cost.assumed).toBe(true);
  });

  test("may still have a model that Google has shut down elsewhere", () => {
    expect(through({ model: "gemini-2.5-flash-image" }, ["gemini-2.5-flash-image"]).route.model).toBe(
      "gemini-2.5-flash-image",
    );
  });
});
