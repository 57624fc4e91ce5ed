import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createCatalogue } from "./catalogue.ts";
import type { Model } from "./model.ts";
import { nearestShape, pixelsFor } from "./pixels.ts";

const models = createCatalogue().models.filter(
  // What is enlarged keeps its shape: such a model has no table.
  ({ kind, ratios }) => kind !== "video" && ratios.length > 0,
);
const side = fc.integer({ min: 16, max: 20_000 });

test("whatever pixels are asked for, the nearest shape is one that the model draws", () => {
  fc.assert(
    fc.property(fc.constantFrom<Model>(...models), side, side, (model, width, height) => {
      const shape = nearestShape(model, width, height);
      expect(shape && pixelsFor(model, shape.ratio, shape.size)).toEqual({
        width: shape?.width,
        height: shape?.height,
      });
    }),
  );
});
