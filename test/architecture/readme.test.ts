// The README's numbers are the catalogue's.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorTable } from "../../src/core/error-table.ts";
import { createCatalogue } from "../../src/google/models/catalogue.ts";
import { lifeCycleOn } from "../../src/google/models/life-cycle.ts";
import { sizes } from "../../src/google/models/model.ts";

const readme = readFileSync("README.md", "utf8");

test("the price table has every model that runs and is served, with the list prices", () => {
  const nowMs = Date.parse("2026-11-24T00:00:00Z");
  const rows = createCatalogue()
    .models.filter(
      (model) =>
        model.kind === "image" &&
        model.runnable &&
        lifeCycleOn(model, "generativelanguage", nowMs).status !== "retired",
    )
    .map(({ id, prices }) => {
      const cells = sizes.map((size) => {
        const price = prices.perImage[size];
        return price === undefined ? "–" : String(price / 1_000_000);
      });
      return [id, ...cells].join(" | ");
    });
  const table = [...readme.matchAll(/^\| `(gemini-[\w.-]+)`(?: \(default\))? \| (.+) \|$/gm)].map(
    ([, id, cells]) => `${id} | ${cells}`,
  );
  expect(table).toEqual(rows);
});

test("the exit codes are those of the error table", () => {
  const told = [...readme.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes = ""]) => codes.split(", ").map(Number));
  const known = new Set([0, 9, ...Object.values(errorTable).map(({ exit }) => exit)]);
  expect(new Set(told)).toEqual(known);
});
