import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GenerateRequest } from "../../core/request.ts";
import type { EndpointName } from "../../core/route.ts";
import type { Problem } from "../../core/tool-error.ts";
import { endpointFor } from "../../google/endpoints/registry.ts";
import { createCatalogue } from "../../google/models/catalogue.ts";
import { chooseOptions } from "./choose-options.ts";

const catalogue = createCatalogue();

function choose(request: Partial<GenerateRequest>, id = "gemini-3-pro-image", endpoint: EndpointName = "aiplatform") {
  const problems: Problem[] = [];
  const model = catalogue.find(id)?.model ?? catalogue.default;
  const options = chooseOptions({ prompt: "a fox", ...request }, model, endpointFor(endpoint), problems);
  return { options, problems };
}

const refused = (request: Partial<GenerateRequest>, id?: string) => choose(request, id).problems;

test("what nobody asked for has its default, or is not sent", () => {
  expect(choose({})).toEqual({
    options: {
      prompt: "a fox",
      count: 1,
      tier: "standard",
      seed: null,
      temperature: null,
      thinking: null,
      search: false,
      system: null,
      personGeneration: null,
    },
    problems: [],
  });
});

describe("the prompt", () => {
  test.each(["", "   ", "\n\t"])("%j is empty", (prompt) => {
    expect(refused({ prompt })).toMatchObject([{ code: "prompt-empty", field: "prompt" }]);
  });

  test("stays exactly as it was given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (prompt) => {
        fc.pre(prompt.trim() !== "");
        expect(choose({ prompt }).options.prompt).toBe(prompt);
      }),
    );
  });

  test("beyond what the model can read is too large, by bytes and not by characters", () => {
    const limit = 65_536 * 8;
    expect(refused({ prompt: "x".repeat(limit) })).toEqual([]);
    expect(refused({ prompt: "x".repeat(limit + 1) })).toMatchObject([{ code: "input-too-large", field: "prompt" }]);
    expect(refused({ prompt: "ก".repeat(limit / 2) })).toMatchObject([{ code: "input-too-large" }]);
  });

  test("has no limit where none is known", () => {
    expect(refused({ prompt: "x".repeat(2_000_000) }, "gemini-nano-banana-2.1")).toEqual([]);
  });
});

describe("numbers", () => {
  test.each([
    [{ count: 1 }],
    [{ count: 100 }],
    [{ seed: 0 }],
    [{ seed: 2 ** 31 - 1 }],
    [{ temperature: 0 }],
    [{ temperature: 2 }],
    [{ maxCostUsd: 0 }],
  ])("%j is in range", (request) => {
    expect(refused(request)).toEqual([]);
  });

  test.each([
    ["--count", { count: 0 }],
    ["--count", { count: 101 }],
    ["--count", { count: 1.5 }],
    ["--count", { count: Number.NaN }],
    ["--seed", { seed: -1 }],
    ["--seed", { seed: 2 ** 31 }],
    ["--temperature", { temperature: 2.1 }],
    ["--temperature", { temperature: Number.NaN }],
    ["--max-cost", { maxCostUsd: -0.01 }],
    ["--max-cost", { maxCostUsd: Number.POSITIVE_INFINITY }],
  ])("%s: %j is refused, with what is allowed", (field, request) => {
    expect(refused(request)).toMatchObject([
      { code: "value-not-allowed", field, given: String(Object.values(request)[0]), allowed: [expect.any(String)] },
    ]);
  });
});

describe("the nearest value", () => {
  test.each([
    [{ count: 0 }, "1"],
    [{ count: 1000 }, "100"],
    [{ seed: -1 }, "0"],
    [{ temperature: 3 }, "2"],
  ])("of %j is %s", (request, suggestion) => {
    expect(refused(request)).toMatchObject([{ suggestion }]);
  });

  test("of no number there is none", () => {
    expect(refused({ temperature: Number.NaN })[0]).not.toHaveProperty("suggestion");
  });
});

describe("choices", () => {
  test.each([
    ["--tier", { tier: "fast" }],
    ["--thinking", { thinking: "hard" }],
    ["--person-generation", { personGeneration: "ALLOW_ALL" }],
  ])("%s: %j is refused once, with what is allowed", (field, request) => {
    const problems = refused(request as Partial<GenerateRequest>).filter(({ code }) => code === "value-not-allowed");
    expect(problems).toMatchObject([{ field, allowed: expect.arrayContaining([expect.any(String)]) }]);
  });
});

describe("what the endpoint does not take", () => {
  const everything: Partial<GenerateRequest> = {
    tier: "flex",
    seed: 1,
    temperature: 1,
    thinking: "high",
    search: true,
    system: "be brief",
    personGeneration: "allow-none",
  };

  test.each(["cliproxyapi", "generativelanguage", "aiplatform", "cloudcode-pa"] as const)(
    "is refused by %s, and nothing else is",
    (name) => {
      const { supports, label } = endpointFor(name);
      const { problems } = choose(everything, "gemini-3-pro-image", name);
      const fields = {
        tier: "--tier",
        seed: "--seed",
        temperature: "--temperature",
        thinking: "--thinking",
        search: "--search",
        system: "--system",
        personGeneration: "--person-generation",
      };
      const unsupported = Object.entries(supports).flatMap(([option, taken]) => (taken ? [] : [option]));
      expect(problems.map(({ field }) => field).toSorted()).toEqual(
        unsupported.map((option) => fields[option as keyof typeof fields]).toSorted(),
      );
      for (const { code, message } of problems) {
        expect([code, message]).toEqual(["option-not-offered", expect.stringContaining(label)]);
      }
    },
  );

  test("the default said aloud is no wish", () => {
    expect(choose({ tier: "standard", search: false }, "gemini-3-pro-image", "cloudcode-pa").problems).toEqual([]);
  });
});

describe("what the model does not take", () => {
  test.each([
    ["gemini-2.5-flash-image", { thinking: "high" }, "--thinking"],
    ["gemini-3.1-flash-image", { thinking: "medium" }, "--thinking"],
    ["gemini-3.1-flash-image", { tier: "priority" }, "--tier"],
    ["gemini-3.1-flash-lite-image", { search: true }, "--search"],
  ] as const)("%s, %j: %s", (id, request, field) => {
    expect(refused(request, id)).toMatchObject([{ code: "option-not-offered", field }]);
  });
});
