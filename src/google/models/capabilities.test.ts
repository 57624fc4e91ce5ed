// What the picture models take and give (google-apis facts §1.2 and §2.1, 2026-11-22), typed from the fact sheet.

import { expect, test } from "vitest";
import { createCatalogue } from "./catalogue.ts";

const catalogue = createCatalogue();

test.each([
  ["gemini-2.5-flash-image", 10, 3, [], null, false, 32_768],
  ["gemini-3-pro-image", 10, 14, ["minimal", "low", "medium", "high"], null, true, 32_768],
  ["gemini-3.1-flash-image", 14, 14, ["minimal", "high"], "minimal", true, 32_768],
  ["gemini-3.1-flash-lite-image", 14, 14, ["minimal", "high"], "minimal", false, 4_096],
  ["gemini-nano-banana-2.1", 14, 14, ["minimal", "medium", "high"], "medium", true, null],
])(
  "%s: %i ratios, %i references, thinking %j with %s by itself, search %s, at most %s tokens out",
  (id, ratios, referenceLimit, thinking, thinkingDefault, search, outputTokenLimit) => {
    const model = catalogue.find(id)?.model;
    expect(model).toMatchObject({ referenceLimit, thinking, thinkingDefault, search, outputTokenLimit });
    expect(model?.ratios).toHaveLength(ratios);
  },
);

test("only the model that ignores thinking leaves the level out", () => {
  expect(catalogue.models.flatMap(({ id, ignoresThinking }) => (ignoresThinking ? [id] : []))).toEqual([
    "gemini-3-pro-image",
  ]);
});

test("a model of one size is not sent a size", () => {
  for (const { sizes, sendsSize, kind } of catalogue.models.filter((model) => model.kind !== "video")) {
    expect(sendsSize, kind).toBe(sizes.length > 1);
  }
});

test("a default level is one that may be asked for", () => {
  for (const { thinking, thinkingDefault } of catalogue.models) {
    expect([...thinking, null]).toContain(thinkingDefault);
  }
});

test("what is drawn over generateContent and can be run has a usual time for each size, and an end after its beginning", () => {
  for (const { sizes, usualSeconds } of catalogue.models.filter(({ kind, runnable }) => kind === "image" && runnable)) {
    for (const size of sizes) expect(usualSeconds[size]?.to).toBeGreaterThan(usualSeconds[size]?.from ?? Infinity);
  }
});
