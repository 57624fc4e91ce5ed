import { Resvg } from "@resvg/resvg-js";
import { check, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { openFontShelf } from "./font-shelf.ts";
import { createInkMeasure } from "./ink-measure.ts";
import { drawScene } from "./scene.ts";
import { cleanText, layOutText, type TextLayout } from "./text-layout.ts";

const shelf = openFontShelf(createInkMeasure(Resvg));
const box = { widthPx: 600, heightPx: 300, largestPx: 60, smallestPx: 12 };
const textOf = (layout: TextLayout): string =>
  layout.lines.map((line) => line.map((run) => run.text).join("")).join("\n");

describe("fonts", () => {
  test("every assigned character of the Basic Multilingual Plane has a glyph", () => {
    const missing: string[] = [];
    for (let codePoint = 0x20; codePoint < 0x1_0000; codePoint += 1) {
      const character = String.fromCodePoint(codePoint);
      if (/[\p{Cn}\p{Cc}\p{Cs}\p{Co}]/u.test(character)) continue;
      // Characters that Unicode gained after Unifont 15 have no glyph yet.
      if (shelf.fonts.every((font) => font.advanceOf(codePoint) === null)) missing.push(codePoint.toString(16));
    }
    expect(missing.length).toBeLessThan(120);
  });

  test.each([
    ["a", "Noto Sans"],
    ["ก", "Noto Sans Thai"],
    ["山", "Droid Sans Fallback"],
    ["산", "Noto Sans KR"],
    ["م", "Noto Sans Arabic"],
    ["क्ष", "Noto Sans Devanagari"],
    ["🐱", "Noto Emoji"],
    ["ᚠ", "Unifont"],
  ])("%s is drawn in %s", (grapheme, family) => {
    expect(shelf.fontFor(grapheme, null).family).toBe(family);
  });
});

describe("layout", () => {
  test("a short text stands in one line at the largest size", () => {
    const layout = layOutText("A cat", box, shelf);
    expect([textOf(layout), layout.fontSizePx]).toEqual(["A cat", 60]);
  });

  test("a longer text is wrapped between words, before it gets smaller", () => {
    const layout = layOutText("A beautiful sunset over the mountains", box, shelf);
    expect(textOf(layout).split("\n").length).toBeGreaterThan(1);
    expect(textOf(layout).replaceAll("\n", " ")).toBe("A beautiful sunset over the mountains");
  });

  test("Thai is wrapped between words though it has no spaces", () => {
    const layout = layOutText("พระอาทิตย์ตกที่สวยงามเหนือภูเขาและทะเลสาบ", { ...box, widthPx: 400 }, shelf);
    const lines = textOf(layout).split("\n");
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).not.toMatch(/^[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]/);
  });

  test("a text that cannot fit is cut with an ellipsis at the smallest size", () => {
    const layout = layOutText("many words ".repeat(500), box, shelf);
    expect(layout.fontSizePx).toBe(12);
    expect(textOf(layout)).toMatch(/…$/);
    expect(layout.lines.length * layout.lineHeightPx).toBeLessThanOrEqual(box.heightPx);
  });

  test("no line is wider than the box and no text higher, whatever the text", () => {
    const found = check(
      property(string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const layout = layOutText(text, box, shelf);
        return layout.widthPx <= box.widthPx + 60 && layout.lines.length * layout.lineHeightPx <= box.heightPx;
      }),
      { numRuns: 60 },
    );
    expect(found.counterexample).toBeNull();
  });

  test("Arabic within Latin keeps the line's order, Latin within Arabic is turned", () => {
    expect(textOf(layOutText("abc مرحبا def", box, shelf)).replaceAll(" ", "")).toBe("abcمرحباdef");
    const arabic = textOf(layOutText("مرحبا abc سلام", box, shelf)).replaceAll(" ", "");
    expect(arabic).toBe("سلامabcمرحبا");
  });

  test("Indic clusters are placed one by one, each as wide as its ink", () => {
    const runs = layOutText("सूर्यास्त", box, shelf).lines.flat();
    expect(runs.map((run) => run.text)).toEqual(["सू", "र्या", "स्त"]);
    for (const run of runs) expect(run.width).toBeGreaterThan(500);
  });

  test("Thai AM keeps the width of both its parts", () => {
    const [run] = layOutText("กำ", box, shelf).lines.flat();
    const [ko] = layOutText("ก", box, shelf).lines.flat();
    expect(run?.width).toBeGreaterThan((ko?.width ?? 0) + 300);
  });

  test("control characters and lone surrogates do not reach the drawing", () => {
    expect(cleanText("a\u0000b\u001b[0m\ud800\u202e\r\nc")).toBe("ab[0m\ufffd\nc");
    expect(cleanText(" \n ")).toBe("(empty prompt)");
  });
});

test("a scene's SVG is well formed for any prompt", () => {
  const found = check(
    property(string({ unit: "binary", maxLength: 80 }), (prompt) => {
      const svg = drawScene({ prompt, caption: "<&>", width: 300, height: 200 }, shelf);
      return new Resvg(svg, { font: { loadSystemFonts: false, fontFiles: [] }, logLevel: "off" }).width === 300;
    }),
    { numRuns: 60 },
  );
  expect(found.counterexample).toBeNull();
});
