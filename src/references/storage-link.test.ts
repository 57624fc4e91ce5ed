import { expect, test } from "vitest";
import { storageLink } from "./storage-link.ts";

const https = { urls: "https" } as const;

test.each([
  ["gs://a-bucket/photos/fox.JPG", "image/jpeg"],
  ["gs://a-bucket/fox.heic", "image/heic"],
])("%s is a link of the type %s", (uri, mimeType) => {
  expect(storageLink(uri, https)).toEqual({ kind: "link", mimeType, uri });
});

test("nothing else is", () => {
  for (const source of ["fox.png", "https://a.example/x.png", "gsx://a/b.png", new Uint8Array(3)]) {
    expect(storageLink(source, https)).toBeNull();
  }
});

test.each([
  ["gs://", "reference-unreadable"],
  ["gs://b", "reference-unreadable"],
  ["gs://bucket/fox", "reference-unreadable"],
  ["gs://bucket/fox.svg", "reference-not-usable"],
])("%s is refused", (uri, code) => {
  expect(() => storageLink(uri, https)).toThrow(expect.objectContaining({ code }));
});

test("there is none where addresses are not allowed", () => {
  expect(() => storageLink("gs://bucket/fox.png", { urls: "none" })).toThrow(
    expect.objectContaining({ code: "reference-forbidden" }),
  );
});
