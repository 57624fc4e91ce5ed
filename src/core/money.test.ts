import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatUsd, parseUsd } from "./money.ts";

test.each([
  ["0.134", 134_000],
  ["$5", 5_000_000],
  ["0", 0],
  ["1.000001", 1_000_001],
])("%s is read as %d micro-dollars", (text, amount) => {
  expect(parseUsd(text)).toBe(amount);
});

test.each(["-1", "1e3", "NaN", "", ".5", "5 USD", "0x10", "1.0000001", "Infinity"])("%j is refused", (text) => {
  expect(parseUsd(text)).toBeUndefined();
});

test.each([
  [134_000, "$0.134"],
  [40_000, "$0.04"],
  [2_000_000, "$2.00"],
  [33_600, "$0.0336"],
  [1, "$0.000001"],
])("%d micro-dollars are shown as %s", (amount, text) => {
  expect(formatUsd(amount)).toBe(text);
});

test("what is shown reads back as the same amount", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (amount) => {
      expect(parseUsd(formatUsd(amount))).toBe(amount);
    }),
  );
});
