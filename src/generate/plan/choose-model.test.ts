import { describe, expect, test } from "vitest";
import type { EndpointName } from "../../core/route.ts";
import type { Problem } from "../../core/tool-error.ts";
import { createCatalogue } from "../../google/models/catalogue.ts";
import { lifeCycleOn } from "../../google/models/life-cycle.ts";
import { chooseModel, type ModelWish } from "./choose-model.ts";

const catalogue = createCatalogue();
const nowMs = Date.parse("2026-11-24T12:00:00Z");

function choose(requested: string | undefined, more: Partial<ModelWish> = {}) {
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const wish = { requested, catalogue, endpoint: "generativelanguage", location: null, nowMs, offered: null, ...more };
  const chosen = chooseModel(wish as ModelWish, problems, warnings);
  return { id: chosen?.id ?? null, requested: chosen?.requested, assumed: chosen?.assumed, problems, warnings };
}

const through = (requested: string | undefined, offered: readonly string[]) =>
  choose(requested, { endpoint: "cliproxyapi", offered });

describe("on Google's own endpoints", () => {
  test("the default, when nobody names one", () => {
    expect(choose(undefined)).toMatchObject({ id: "gemini-3-pro-image", problems: [], warnings: [] });
  });

  test("an old name is its successor, and says so", () => {
    expect(choose("gemini-3-pro-image-preview")).toMatchObject({
      id: "gemini-3-pro-image",
      requested: "gemini-3-pro-image-preview",
      warnings: [expect.stringMatching(/old name.*2026-06-25.*gemini-3-pro-image/)],
    });
  });

  test("a short name needs no words", () => {
    expect(choose("nano-banana-pro")).toMatchObject({ id: "gemini-3-pro-image", warnings: [] });
  });

  test("a retired model is refused with its day and its successor", () => {
    expect(choose("gemini-2.5-flash-image").problems).toMatchObject([
      {
        code: "model-retired",
        message: expect.stringMatching(/2026-10-02.*gemini-nano-banana-2\.1/),
        suggestion: "gemini-nano-banana-2.1",
      },
    ]);
  });

  test("and runs the day before, with a warning of its last day", () => {
    const before = Date.parse("2026-10-01T23:59:59Z");
    expect(choose("gemini-2.5-flash-image", { nowMs: before })).toMatchObject({
      id: "gemini-2.5-flash-image",
      warnings: [expect.stringMatching(/shut down on 2026-10-02/)],
    });
  });

  test("a model of another kind is refused as what it is", () => {
    expect(choose("gemini-omni-1.2-flash").problems).toMatchObject([
      { code: "model-not-runnable", message: expect.stringMatching(/video-gen/) },
    ]);
  });

  test("a model that the endpoint never had is refused", () => {
    const before = Date.parse("2026-01-01T00:00:00Z");
    expect(choose("gemini-2.5-flash-image", { endpoint: "cloudcode-pa", nowMs: before }).problems).toMatchObject([
      { code: "model-not-on-route", message: expect.stringMatching(/not served by cloudcode-pa/) },
    ]);
  });

  test.each([
    ["global", 0],
    ["us", 0],
    ["eu", 0],
    ["europe-west4", 1],
  ])("location %s: %i warnings", (location, count) => {
    expect(choose(undefined, { endpoint: "aiplatform", location }).warnings).toHaveLength(count);
  });
});

describe("an unknown name", () => {
  test("is refused with the nearest", () => {
    expect(choose("gemini-3-pro-imgae").problems).toMatchObject([
      { code: "model-unknown", given: "gemini-3-pro-imgae", suggestion: "gemini-3-pro-image" },
    ]);
  });

  test.each(["generativelanguage", "aiplatform", "cloudcode-pa"] as const)(
    "on %s is told every model that can be used there now, and no other",
    (endpoint: EndpointName) => {
      const allowed = choose("no-such-model", { endpoint }).problems[0]?.allowed ?? [];
      expect(allowed.length).toBeGreaterThan(0);
      const usable = catalogue.models.filter((model) => {
        const { status } = lifeCycleOn(model, endpoint, nowMs);
        return model.runnable && status !== "retired" && status !== "not-served";
      });
      expect(allowed).toEqual(usable.map(({ id }) => id));
    },
  );
});

describe("on a proxy that was not asked yet", () => {
  const wish = { endpoint: "cliproxyapi", offered: "not-asked" } as const;

  test("any known model is taken, also one that Google has shut down", () => {
    expect(choose("gemini-2.5-flash-image", wish)).toMatchObject({ id: "gemini-2.5-flash-image", problems: [] });
  });

  test("a name that nobody knows is left to the proxy's list", () => {
    expect(choose("somebodys-own", wish)).toMatchObject({ id: null, problems: [] });
  });
});

describe("on a proxy that will not be asked", () => {
  test("Google's own life cycle counts", () => {
    expect(choose("gemini-2.5-flash-image", { endpoint: "cliproxyapi" }).problems).toMatchObject([
      { code: "model-retired" },
    ]);
  });
});

describe("on a proxy with a list", () => {
  test("a model under any of its names is called as the proxy calls it", () => {
    expect(through("nano-banana-pro", ["gemini-3-pro-image-preview"])).toMatchObject({
      id: "gemini-3-pro-image-preview",
      requested: "nano-banana-pro",
    });
  });

  test("an old name that it has under the new one says so, a short one needs no words", () => {
    expect(through("gemini-3-pro-image-preview", ["gemini-3-pro-image"])).toMatchObject({
      id: "gemini-3-pro-image",
      warnings: [expect.stringMatching(/old name.*gemini-3-pro-image/)],
    });
    expect(through("nano-banana-pro", ["gemini-3-pro-image"]).warnings).toEqual([]);
    expect(through("gemini-3-pro-image-preview", ["gemini-3-pro-image-preview"]).warnings).toEqual([]);
  });

  test("one that it does not have is refused with what it has, best first suggested", () => {
    expect(through("gemini-3-pro-image", ["x", "gemini-3.1-flash-lite-image", "gemini-3.1-flash-image"])).toMatchObject(
      {
        id: null,
        problems: [
          {
            code: "model-not-on-route",
            allowed: ["x", "gemini-3.1-flash-lite-image", "gemini-3.1-flash-image"],
            suggestion: "gemini-3.1-flash-image",
          },
        ],
      },
    );
  });

  test("a retired one that it does not have is told as retired", () => {
    expect(through("gemini-2.5-flash-image", ["gemini-3-pro-image"]).problems).toMatchObject([
      { code: "model-retired" },
    ]);
  });

  test("an unknown one that it does not have is unknown", () => {
    expect(through("no-such", ["gemini-3-pro-image"]).problems).toMatchObject([{ code: "model-unknown" }]);
  });

  test("an unknown one that it has runs by the default's rules, and says so", () => {
    expect(through("somebodys-own", ["somebodys-own"])).toMatchObject({
      id: "somebodys-own",
      assumed: true,
      warnings: [expect.stringMatching(/not in the catalogue/)],
    });
  });

  test("without a wish its first of the finest is taken, known before unknown", () => {
    expect(through(undefined, ["x", "gemini-3.1-flash-image", "gemini-nano-banana-2.1"]).id).toBe(
      "gemini-3.1-flash-image",
    );
    expect(through(undefined, ["x"]).id).toBe("x");
  });
});

describe("what was shut down", () => {
  const onVertex = { endpoint: "aiplatform", takesPredict: true, allowRetired: true } as const;

  test.each([
    ["gemini-2.5-flash-image", "generativelanguage"],
    ["gemini-2.5-flash-image", "aiplatform"],
    ["imagen-4.0-generate-001", "aiplatform"],
  ] as const)("%s is taken on %s where the caller allows it, and its day and successor are told", (model, endpoint) => {
    expect(choose(model, { ...onVertex, endpoint })).toMatchObject({
      id: model,
      problems: [],
      warnings: [expect.stringMatching(/shut down on 2026-\d\d-\d\d\. Use .*--allow-retired/)],
    });
  });

  test("Imagen runs where predict does and nowhere else", () => {
    expect(choose("imagen-4.0-generate-001", { ...onVertex, takesPredict: false }).problems).toMatchObject([
      { code: "model-not-on-route", message: expect.stringContaining("--auth adc") },
    ]);
    expect(choose("imagen-3.0-capability-001", { ...onVertex, takesPredict: false }).problems).toMatchObject([
      { code: "model-not-on-route" },
    ]);
  });

  test("Imagen's region is no cause for a warning", () => {
    const { warnings } = choose("imagen-4.0-generate-001", { ...onVertex, location: "europe-west4" });
    expect(warnings).toHaveLength(1);
  });

  test("a clip is not made, whatever is allowed", () => {
    expect(choose("veo-3.1-generate-001", onVertex).problems).toMatchObject([{ code: "model-not-runnable" }]);
  });

  test.each([["not-asked"], [["imagen-4.0-generate-001", "gemini-3-pro-image"]], [["gemini-3-pro-image"]]] as const)(
    "Imagen is refused on a proxy before it is asked and after: %j",
    (offered) => {
      const wish = { endpoint: "cliproxyapi", offered, takesPredict: false } as const;
      expect(choose("imagen-4.0-generate-001", wish).problems).toMatchObject([{ code: "model-retired" }]);
      expect(choose("imagen-4.0-generate-001", { ...wish, allowRetired: true }).problems).toMatchObject([
        { code: "model-not-on-route" },
      ]);
    },
  );

  test("a proxy that has nothing but Imagen has nothing", () => {
    expect(through(undefined, ["imagen-4.0-generate-001"]).problems).toMatchObject([{ code: "model-not-on-route" }]);
    expect(through(undefined, ["imagen-4.0-generate-001", "x"]).id).toBe("x");
  });
});
