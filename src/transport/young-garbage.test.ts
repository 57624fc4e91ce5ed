import { expect, test } from "vitest";
import { lettingGo } from "./young-garbage.ts";

// That memory is let go of is measured by `npm run bench`: it is the process's as a whole.
test("every chunk is passed on once and in its order, however many there are", () => {
  const taken: number[] = [];
  const take = lettingGo((chunk) => void taken.push(chunk.readUInt32BE(0)));
  const chunk = Buffer.alloc(1_000_000);
  for (let index = 0; index < 20; index += 1) {
    chunk.writeUInt32BE(index);
    take(chunk);
  }
  expect(taken).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test("what the taker throws is thrown", () => {
  const take = lettingGo(() => {
    throw new Error("full");
  });
  expect(() => take(Buffer.alloc(9))).toThrow("full");
});
