import { describe, expect, test } from "vitest";
import { type KeyColour, keyColours } from "../../core/finishing.ts";
import { type Raster, removeBackground } from "./remove-background.ts";

type Colour = readonly [number, number, number];

const keys: Readonly<Record<KeyColour, Colour>> = { green: [0, 255, 0], magenta: [255, 0, 255], blue: [0, 0, 255] };
const SIZE = 100;

/** A square picture, pixel by pixel. */
function draw(colourAt: (x: number, y: number) => Colour): Raster {
  const pixels = new Uint8Array(SIZE * SIZE * 3);
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) pixels.set(colourAt(x, y), (y * SIZE + x) * 3);
  }
  return { pixels, width: SIZE, height: SIZE };
}

const isInside = (x: number, y: number): boolean => x >= 30 && x < 70 && y >= 30 && y < 70;
const onKey = (key: Colour, subject: Colour): Raster => draw((x, y) => (isInside(x, y) ? subject : key));
const at = ({ pixels }: Raster, x: number, y: number): number[] => [
  ...pixels.subarray((y * SIZE + x) * 4, (y * SIZE + x) * 4 + 4),
];

describe.each(keyColours)("on %s", (colour) => {
  const key = keys[colour];

  test("the background is gone, the subject is what it was, and nothing is wrong", () => {
    const keyed = removeBackground(onKey(key, [200, 180, 150]), colour);
    expect(keyed.flaw).toBeNull();
    expect(keyed.transparentShare).toBeCloseTo(0.84, 2);
    expect(at(keyed, 5, 5)).toEqual([0, 0, 0, 0]);
    expect(at(keyed, 50, 50)).toEqual([200, 180, 150, 255]);
  });

  test.each([[[255, 255, 255]], [[0, 0, 0]], [[120, 120, 120]]] as const)(
    "an edge pixel half %j is half transparent and has no key colour left",
    (subject) => {
      const half = key.map((value, channel) => Math.round((value + (subject[channel] ?? 0)) / 2)) as unknown as Colour;
      const picture = draw((x, y) => (x === 30 && isInside(x, y) ? half : isInside(x, y) ? subject : key));
      const [red = 0, green = 0, blue = 0, alpha = 0] = at(removeBackground(picture, colour), 30, 50);
      expect(alpha).toBeGreaterThan(90);
      expect(alpha).toBeLessThan(165);
      const grey = (red + green + blue) / 3;
      for (const value of [red, green, blue]) expect(Math.abs(value - grey)).toBeLessThan(40);
    },
  );

  test("a hole in the subject is transparent too", () => {
    const picture = draw((x, y) => (isInside(x, y) && !(x > 45 && x < 55 && y > 45 && y < 55) ? [90, 60, 30] : key));
    expect(at(removeBackground(picture, colour), 50, 50)[3]).toBe(0);
  });

  test("a key colour that is not to the letter, and noisy, is still flat", () => {
    const picture = draw((x, y) => {
      if (isInside(x, y)) return [200, 180, 150];
      const noise = ((x * 7 + y * 13) % 9) - 4;
      return key.map((value) => (value === 0 ? 18 + noise : 236 + noise)) as unknown as Colour;
    });
    const keyed = removeBackground(picture, colour);
    expect(keyed.flaw).toBeNull();
    expect(at(keyed, 2, 2)[3]).toBe(0);
  });

  test("a background of another colour is told, and nothing is made transparent", () => {
    const keyed = removeBackground(onKey([240, 240, 240], [10, 20, 30]), colour);
    expect(keyed.flaw).toContain(`is not ${colour}`);
    expect(keyed.transparentShare).toBe(0);
    expect(at(keyed, 2, 2)).toEqual([240, 240, 240, 255]);
  });

  test("a background that fades is told", () => {
    const keyed = removeBackground(
      draw((x, y) =>
        isInside(x, y) ? [200, 180, 150] : (key.map((v) => v * (0.3 + (0.7 * y) / SIZE)) as unknown as Colour),
      ),
      colour,
    );
    expect(keyed.flaw).toMatch(/border/);
  });

  test("a shadow on the background is told", () => {
    const picture = draw((x, y) =>
      isInside(x, y)
        ? [200, 180, 150]
        : x > 20 && x < 80 && y >= 70 && y < 90
          ? (key.map((v) => v / 2) as unknown as Colour)
          : key,
    );
    expect(removeBackground(picture, colour).flaw).toMatch(/tint/);
  });

  test("a picture of nothing but background is told", () => {
    expect(
      removeBackground(
        draw(() => key),
        colour,
      ).flaw,
    ).toMatch(/nothing is left/);
  });
});

test("a subject that is moderately green inside keeps its colour", () => {
  const keyed = removeBackground(onKey(keys.green, [90, 140, 80]), "green");
  expect(at(keyed, 50, 50)).toEqual([90, 140, 80, 255]);
  expect(keyed.flaw).toBeNull();
});

test("a subject that stands on the lower border is no flaw", () => {
  const keyed = removeBackground(
    draw((x, y) => (x >= 25 && x < 75 && y >= 30 ? [200, 180, 150] : keys.green)),
    "green",
  );
  expect(keyed.flaw).toBeNull();
});
