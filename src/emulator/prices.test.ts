import { expect, test } from "vitest";
import { priceOf } from "./prices.ts";

test.each([
  ["gemini-3-pro-image", 1120, 134_400],
  ["gemini-3-pro-image", 2000, 240_000],
  ["gemini-3.1-flash-image", 747, 44_820],
  ["gemini-3.1-flash-image", 2520, 151_200],
  ["gemini-3.1-flash-lite-image", 1120, 33_600],
  ["gemini-nano-banana-2.1", 3780, 113_400],
  ["gemini-2.5-flash-image", 1290, 38_700],
])("%i image tokens of %s cost %i micro-dollars", (model, image, microUsd) => {
  expect(priceOf(model, "standard", { input: 0, text: 0, image })).toBe(microUsd);
});

test("flex is half the price and priority 1.8 times", () => {
  const tokens = { input: 0, text: 0, image: 1120 };
  expect(priceOf("gemini-3-pro-image", "flex", tokens)).toBe(67_200);
  expect(priceOf("gemini-3-pro-image", "priority", tokens)).toBe(241_920);
});

test("text, thoughts and input are priced by their own rates", () => {
  expect(priceOf("gemini-3-pro-image", "standard", { input: 100, text: 200, image: 0 })).toBe(100 * 2 + 200 * 12);
});
