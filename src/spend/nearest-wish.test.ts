import { expect, test } from "vitest";
import { createCatalogue } from "../google/models/catalogue.ts";
import { nearestWish } from "./nearest-wish.ts";
import type { Wish } from "./wish.ts";

const { models } = createCatalogue();
const wish: Wish = { size: "2K", ratio: "4:1", references: 14, quality: "good" };

const nearest = (can: (wish: Wish) => boolean, wanted = wish) =>
  nearestWish(wanted, models, (one) => (can(one) ? "Somebody" : undefined));

test("a lower quality is offered before anything else", () => {
  expect(nearest(() => true)).toMatchObject({ field: "--quality", given: "good", suggestion: "draft" });
});

test("the nearest ratio", () => {
  expect(nearest(({ ratio }) => ["16:9", "21:9", "1:1"].includes(ratio ?? ""))).toMatchObject({
    code: "ratio-not-offered",
    field: "--ar",
    given: "4:1",
    suggestion: "21:9",
  });
});

test("as many references as somebody takes", () => {
  expect(nearest(({ references }) => references <= 3)).toMatchObject({
    code: "value-not-allowed",
    field: "--references",
    given: "14",
    suggestion: "3",
    message:
      "No model that is served draws 2K 4:1 from 14 references in quality good; Somebody does with --references 3.",
  });
});

test("never a second change at once: then nothing is suggested", () => {
  const problem = nearest(({ references, size }) => references < 14 && size !== "2K");
  expect(problem).toEqual({
    code: "option-not-offered",
    field: "--quality",
    message: "No model that is served draws 2K 4:1 from 14 references in quality good.",
    given: "good",
  });
});

test("a picture of any ratio is not offered another ratio", () => {
  const any = { ...wish, ratio: null };
  expect(nearest(({ ratio }) => ratio !== null, any)).not.toHaveProperty("suggestion");
});
