// The calls of a resumable upload, and what is believed of their answers.

import { describe, expect, test } from "vitest";
import { readStoredFile, readUploadStatus, readUploadUrl, startUpload, uploadPiece } from "./files-api.ts";

test("the announcement tells type and size, in the headers and in the body", () => {
  const headers = { "x-goog-api-key": "k" };
  const { body, ...call } = startUpload({
    url: "https://g.example/u",
    headers,
    name: "files/a",
    mimeType: "image/png",
    sizeBytes: 7,
  });
  expect(JSON.parse(new TextDecoder().decode(body ?? undefined))).toEqual({
    file: { name: "files/a", mimeType: "image/png", sizeBytes: "7" },
  });
  expect(call).toMatchObject({
    method: "POST",
    headers: {
      ...headers,
      "x-goog-upload-protocol": "resumable",
      "x-goog-upload-command": "start",
      "x-goog-upload-header-content-length": "7",
      "x-goog-upload-header-content-type": "image/png",
    },
  });
});

test("only the last piece ends the file", () => {
  const pieces = [false, true].map((isLast) =>
    uploadPiece({ url: "https://g.example/u", headers: {}, bytes: new Uint8Array(3), offset: isLast ? 3 : 0, isLast }),
  );
  expect(pieces.map(({ headers }) => [headers["x-goog-upload-command"], headers["x-goog-upload-offset"]])).toEqual([
    ["upload", "0"],
    ["upload, finalize", "3"],
  ]);
});

const read = (address: string | undefined, base = "https://g.example/prefix") =>
  readUploadUrl({ headers: address === undefined ? {} : { "x-goog-upload-url": address } }, base);

describe("the address for the bytes", () => {
  test("is taken on the same origin, wherever its path leads", () => {
    expect(read("https://g.example/upload?upload_id=1")).toBe("https://g.example/upload?upload_id=1");
    expect(read("http://127.0.0.1:81/u", "http://127.0.0.1:81")).toBe("http://127.0.0.1:81/u");
  });

  test.each([
    "https://evil.example/upload",
    "https://g.example.evil.example/upload",
    "https://g.example:8443/upload",
    "http://g.example/upload",
    "https://user:pass@g.example/upload",
    "https://g.example@evil.example/upload",
    "//evil.example/upload",
    "/upload",
    "javascript:1",
    "",
    undefined,
  ])("%s is refused", (address) => {
    expect(read(address)).toBeNull();
  });
});

describe("the answer", () => {
  const file = { name: "files/abc", uri: "https://generativelanguage.googleapis.com/v1beta/files/abc", sizeBytes: "7" };

  test.each([
    ["ACTIVE", "ready"],
    [undefined, "ready"],
    ["PROCESSING", "processing"],
    ["STATE_UNSPECIFIED", "processing"],
    ["FAILED", "failed"],
  ])("in the state %s is a file that is %s", (state, wanted) => {
    const seen = { name: "files/abc", uri: file.uri, sizeBytes: 7, state: wanted };
    expect(readStoredFile(JSON.stringify({ file: { ...file, state } }))).toEqual(seen);
    expect(readStoredFile(JSON.stringify({ ...file, state }))).toEqual(seen);
  });

  test.each([
    "",
    "[]",
    "null",
    "{}",
    '{"file":{}}',
    JSON.stringify({ ...file, name: "files/../models" }),
    JSON.stringify({ ...file, name: "models/abc" }),
    JSON.stringify({ ...file, uri: "no address" }),
    JSON.stringify({ ...file, uri: 7 }),
  ])("%s is no file", (body) => {
    expect(readStoredFile(body)).toBeNull();
  });

  test.each([
    ["final", "final"],
    [" Active ", "active"],
    ["cancelled", "cancelled"],
    ["", "cancelled"],
  ])("with the status %j is %s", (status, wanted) => {
    expect(readUploadStatus({ headers: { "x-goog-upload-status": status } })).toBe(wanted);
  });
});
