import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { screenAfter } from "../testing/screen.ts";
import { cutToWidth, padToWidth, widthOf } from "./fit.ts";

describe("widths", () => {
  test.each([
    ["น้ำ", 2],
    ["แมวน้ำ", 5],
    ["日本", 4],
    ["🌅", 2],
    ["é", 1],
  ])("%s takes %i cells", (text, cells) => {
    expect(widthOf(text)).toBe(cells);
  });

  test("a cut text is never wider than asked, and is the whole text when that fits", () => {
    const words = fc.string({ unit: fc.constantFrom("a", "แ", "น้ำ", "日", "🌅", "👩‍🚀", " "), maxLength: 30 });
    fc.assert(
      fc.property(words, fc.integer({ min: 0, max: 40 }), (text, columns) => {
        const cut = cutToWidth(text, columns);
        expect(widthOf(cut)).toBeLessThanOrEqual(columns);
        expect(cut === text).toBe(widthOf(text) <= columns);
      }),
    );
  });

  test("never cuts inside a character", () => {
    expect(cutToWidth("กน้ำ", 3)).toBe("กน้ำ");
    expect(cutToWidth("กขน้ำ", 3)).toBe("กข…");
    expect(cutToWidth("a👩‍🚀b", 3)).toBe("a…");
  });

  test("padded Thai ends in the same column of a terminal as padded Latin", async () => {
    const rows = await screenAfter(`${padToWidth("แมวน้ำ", 10)}|\n${padToWidth("seal", 10)}|\n`, 40);
    expect(rows[1]?.indexOf("|")).toBe(10);
    expect(widthOf(rows[0] ?? "")).toBe(11);
  });
});
