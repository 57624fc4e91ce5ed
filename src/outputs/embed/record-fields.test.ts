import { expect, test } from "vitest";
import { fieldsOfRecord } from "./record-fields.ts";
import { buildPacket, readPacket } from "./xmp-packet.ts";

const record = {
  version: 1,
  operation: "01JD",
  rehearsal: false,
  route: { model: "a-model" },
  request: { prompt: "a fox \uFFFF\u0085\u0001 \uD800" },
  cost: { actualMicroUsd: 134_400, listPriceMicroUsd: 140_000 },
  createdAt: "2026-11-24T10:00:00.000Z",
};

test("a record is embedded with prompt, model, operation, cost and day", () => {
  expect(fieldsOfRecord(record, "image-gen 1")).toMatchObject({
    prompt: record.request.prompt,
    model: "a-model",
    operation: "01JD",
    costUsd: "0.1344",
    createdAt: record.createdAt,
    rehearsal: false,
    program: "image-gen 1",
  });
});

test("the whole record comes back out of XML, characters that XML cannot hold included", () => {
  const read = readPacket(buildPacket(fieldsOfRecord(record, "image-gen 1")));
  expect(JSON.parse(read?.record ?? "")).toEqual(record);
});

test("without an actual cost the list price is embedded", () => {
  const unbilled = { ...record, cost: { actualMicroUsd: null, listPriceMicroUsd: 140_000 } };
  expect(fieldsOfRecord(unbilled, "image-gen 1").costUsd).toBe("0.14");
});

test.each([null, "text", [], {}, { request: 5, cost: { actualMicroUsd: "1" } }])(
  "of a strange record, %j, what is there is taken",
  (strange) => {
    expect(fieldsOfRecord(strange, "image-gen 1")).toMatchObject({ prompt: null, model: null, costUsd: null });
  },
);
