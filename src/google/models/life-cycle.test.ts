// The dates of the fact sheet (google-apis facts §2, 2026-11-22): the day before, and the day itself.

import { describe, expect, test } from "vitest";
import { createCatalogue } from "./catalogue.ts";
import { lifeCycleOn } from "./life-cycle.ts";
import type { Model } from "./model.ts";

const catalogue = createCatalogue();

function model(id: string): Model {
  const found = catalogue.find(id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found.model;
}

const DAY_MS = 86_400_000;

test.each([
  ["gemini-2.5-flash-image", "2026-10-02", "retired", "gemini-nano-banana-2.1"],
  ["gemini-3.1-flash-image", "2026-10-06", "deprecated", "gemini-nano-banana-2.1"],
  ["imagen-3.0-generate-002", "2025-11-10", "retired", "gemini-3.1-flash-image"],
  ["imagen-4.0-generate-001", "2026-08-17", "retired", "gemini-3.1-flash-image"],
  ["imagen-4.0-fast-generate-001", "2026-08-17", "retired", "gemini-3.1-flash-image"],
  ["imagen-4.0-ultra-generate-001", "2026-08-17", "retired", "gemini-3-pro-image"],
  ["veo-3.0-generate-001", "2026-06-30", "retired", "veo-3.1-generate-001"],
  ["veo-3.1-generate-preview", "2026-10-22", "retired", "gemini-omni-1.2-flash"],
  ["veo-3.1-lite-generate-preview", "2026-10-22", "retired", "gemini-omni-1.2-flash"],
  ["gemini-omni-flash-preview", "2026-09-30", "retired", "gemini-omni-1.2-flash"],
])("%s on the Gemini API is available until %s, then %s", (id, day, status, replacement) => {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  expect(lifeCycleOn(model(id), "generativelanguage", startMs - 1).status).toBe("available");
  expect(lifeCycleOn(model(id), "generativelanguage", startMs)).toMatchObject({ status, day, replacement });
  expect(lifeCycleOn(model(id), "generativelanguage", startMs + 1000 * DAY_MS).status).toBe(status);
});

describe("on 2026-11-22", () => {
  const nowMs = Date.parse("2026-11-22T12:00:00Z");

  test.each([
    ["gemini-3-pro-image", "generativelanguage", "available"],
    ["gemini-3-pro-image", "aiplatform", "available"],
    ["gemini-3-pro-image", "cloudcode-pa", "available"],
    ["gemini-3.1-flash-lite-image", "generativelanguage", "available"],
    ["gemini-nano-banana-2.1", "aiplatform", "available"],
    ["gemini-3.1-flash-image", "aiplatform", "deprecated"],
    ["gemini-3.1-flash-image", "cloudcode-pa", "deprecated"],
    ["gemini-nano-banana-2.1", "cloudcode-pa", "not-served"],
    ["gemini-3.1-flash-lite-image", "cloudcode-pa", "not-served"],
    ["gemini-2.0-flash-exp", "generativelanguage", "retired"],
    ["imagen-4.0-generate-001", "aiplatform", "retired"],
    ["imagen-3.0-capability-001", "aiplatform", "retired"],
    ["imagen-3.0-capability-001", "generativelanguage", "not-served"],
    ["veo-3.1-generate-001", "aiplatform", "available"],
    ["veo-3.1-generate-001", "generativelanguage", "not-served"],
    ["gemini-omni-1.2-flash", "generativelanguage", "available"],
    ["gemini-2.5-flash-image", "cliproxyapi", "available"],
  ] as const)("%s on %s is %s", (id, endpoint, status) => {
    expect(lifeCycleOn(model(id), endpoint, nowMs).status).toBe(status);
  });

  test.each(catalogue.models.filter(({ replacement }) => replacement !== undefined))(
    "$id has a successor of its own kind or a picture model",
    ({ replacement, kind }) => {
      const kinds = kind === "video" ? ["video"] : ["image"];
      expect(kinds).toContain(model(replacement ?? "").kind);
    },
  );

  test("an announced last day is told while the model is still there", () => {
    const before = Date.parse("2026-10-01T00:00:00Z");
    expect(lifeCycleOn(model("gemini-2.5-flash-image"), "generativelanguage", before)).toMatchObject({
      status: "available",
      day: "2026-10-02",
    });
  });
});

test.each([
  ["gemini-3-pro-image", "generativelanguage", "2026-05-28", null],
  ["gemini-3-pro-image", "aiplatform", "2026-05-28", "2027-05-28"],
  ["gemini-3.1-flash-image", "aiplatform", "2026-05-28", "2027-05-28"],
  ["gemini-3.1-flash-lite-image", "generativelanguage", "2026-06-30", null],
  ["gemini-3.1-flash-lite-image", "aiplatform", "2026-06-23", null],
  ["gemini-nano-banana-2.1", "aiplatform", "2026-10-06", null],
  ["gemini-omni-1.1-flash", "generativelanguage", "2026-08-27", null],
  ["gemini-3-pro-image", "cliproxyapi", null, null],
] as const)("%s on %s is there since %s and promised until %s", (id, endpoint, since, keptUntil) => {
  expect(lifeCycleOn(model(id), endpoint, Date.parse("2026-11-22"))).toMatchObject({ since, keptUntil });
});
