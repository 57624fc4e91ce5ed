import sharp from "sharp";
import { beforeEach, describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject, listAt, objectAt, textAt } from "../json.ts";
import { type Answered, ask, messageOf, useEmulator } from "../testing/asking.ts";

let nowMs = Date.parse("2026-11-24T12:00:00Z");
const emulator = useEmulator({ clock: { nowMs: () => nowMs, wait: async () => {} } });

const key = { "x-goog-api-key": "AIza-any" };
const hour = 3_600_000;
const url = (path: string): string => `${emulator().url}/generativelanguage.googleapis.com/${path}`;

let png: Buffer;
beforeEach(async () => {
  png = await sharp({ create: { width: 20, height: 10, channels: 3, background: "#246" } })
    .png()
    .toBuffer();
});

const startHeaders = (length: number, mimeType = "image/png"): Record<string, string> => ({
  ...key,
  "x-goog-upload-protocol": "resumable",
  "x-goog-upload-command": "start",
  "x-goog-upload-header-content-length": String(length),
  "x-goog-upload-header-content-type": mimeType,
});

const start = (length: number, file: JsonObject = {}, headers: Record<string, string> = {}): Promise<Answered> =>
  ask(url("upload/v1beta/files"), { file }, { ...startHeaders(length), ...headers });

async function addressFor(length: number, headers: Record<string, string> = {}): Promise<string> {
  return (await start(length, {}, headers)).headers.get("x-goog-upload-url") ?? "";
}

async function piece(address: string, command: string, offset: number, bytes: Uint8Array): Promise<Answered> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "x-goog-upload-command": command, "x-goog-upload-offset": String(offset) },
    body: new Uint8Array(bytes),
  });
  const text = await response.text();
  const json: unknown = text === "" ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, json: isJsonObject(json) ? json : {} };
}

async function store(bytes = png, headers: Record<string, string> = {}): Promise<JsonObject> {
  const answer = await piece(await addressFor(bytes.length, headers), "upload, finalize", 0, bytes);
  return objectAt(answer.json, "file");
}

const drawWith = (fileUri: string, mimeType = "image/png", headers = key): Promise<Answered> =>
  ask(
    url("v1beta/models/gemini-3-pro-image:generateContent"),
    { contents: [{ role: "user", parts: [{ text: "Make it red" }, { fileData: { fileUri, mimeType } }] }] },
    headers,
  );

describe("an upload", () => {
  test("in one piece gives a file that can be used at once, and costs nothing", async () => {
    const file = await store();
    expect(file).toMatchObject({
      name: expect.stringMatching(/^files\/[a-z0-9-]+$/),
      mimeType: "image/png",
      sizeBytes: String(png.length),
      state: "ACTIVE",
      createTime: "2026-11-24T12:00:00.000Z",
      expirationTime: "2026-11-26T12:00:00.000Z",
      uri: `https://generativelanguage.googleapis.com/v1beta/${textAt(file, "name")}`,
    });
    expect(emulator().bill()).toMatchObject({ requests: 2, billed: 0 });
  });

  test("in several pieces is told how far it has come", async () => {
    const bytes = Buffer.concat([png, Buffer.alloc(600_000)]);
    const address = await addressFor(bytes.length);
    const first = await piece(address, "upload", 0, bytes.subarray(0, 524_288));
    expect([first.status, first.headers.get("x-goog-upload-status")]).toEqual([200, "active"]);
    const asked = await piece(address, "query", 0, Buffer.alloc(0));
    expect(asked.headers.get("x-goog-upload-size-received")).toBe("524288");
    const last = await piece(address, "upload, finalize", 524_288, bytes.subarray(524_288));
    expect([last.headers.get("x-goog-upload-status"), objectAt(last.json, "file")["sizeBytes"]]).toEqual([
      "final",
      String(bytes.length),
    ]);
  });

  test.each<[string, Record<string, string>, JsonObject, string]>([
    ["without the protocol", { "x-goog-upload-protocol": "" }, {}, "Invalid upload protocol"],
    ["that does not start", { "x-goog-upload-command": "upload, finalize" }, {}, "begins with start"],
    ["without a length", { "x-goog-upload-header-content-length": "" }, {}, "must be a positive number"],
    ["without a type", { "x-goog-upload-header-content-type": "" }, {}, "Unsupported MIME type"],
    ["with two lengths", {}, { sizeBytes: "7" }, "differ"],
    ["above 2 GB", { "x-goog-upload-header-content-length": "2147483649" }, {}, "exceeds the limit"],
    ["with an unknown field", {}, { fileName: "x" }, 'Unknown name "fileName"'],
    ["with a name that is none", {}, { name: "files/-x" }, "invalid resource name"],
  ])("%s is refused", async (_name, headers, file, words) => {
    const answer = await start(100, file, headers);
    expect([answer.status, answer.headers.get("x-goog-upload-url")]).toEqual([400, null]);
    expect(messageOf(answer)).toContain(words);
  });

  test.each<[string, string, number, number, string]>([
    ["at a wrong offset", "upload, finalize", 5, 100, "Invalid upload offset: expected 0, got 5."],
    ["that is longer than announced", "upload, finalize", 0, 101, "exceeds the announced size"],
    ["that ends too early", "upload, finalize", 0, 99, "has 99 of the 100 bytes"],
    ["of an odd length in the middle", "upload", 0, 99, "multiple of 262144"],
    ["with an unknown command", "download", 0, 0, "Invalid upload command"],
  ])("%s is refused, and there is no file", async (_name, command, offset, length, words) => {
    const before = listAt((await ask(url("v1beta/files?pageSize=100"), undefined, key)).json, "files").length;
    const answer = await piece(await addressFor(100), command, offset, Buffer.alloc(length));
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining(words)]);
    expect(listAt((await ask(url("v1beta/files?pageSize=100"), undefined, key)).json, "files")).toHaveLength(before);
  });

  test("that was finished or cancelled takes no more", async () => {
    const address = await addressFor(png.length);
    await piece(address, "upload, finalize", 0, png);
    expect((await piece(address, "upload, finalize", 0, png)).status).toBe(404);
    const other = await addressFor(png.length);
    expect((await piece(other, "cancel", 0, Buffer.alloc(0))).headers.get("x-goog-upload-status")).toBe("cancelled");
    expect((await piece(other, "upload, finalize", 0, png)).status).toBe(404);
  });

  test("needs a good credential, and a name of its own", async () => {
    expect((await start(9, {}, { "x-goog-api-key": "AIza-invalid" })).status).toBe(400);
    expect((await start(9, {}, { "x-goog-api-key": "" })).status).toBe(403);
    expect((await start(9, { name: "files/mine" })).status).toBe(200);
    expect((await start(9, { name: "mine" })).status).toBe(409);
  });
});

describe("a file", () => {
  test("is read, listed page by page, and deleted by its owner alone", async () => {
    const owner = { "x-goog-api-key": "AIza-lister" };
    const names = [textAt(await store(png, owner), "name"), textAt(await store(png, owner), "name")];
    const first = await ask(url("v1beta/files?pageSize=1"), undefined, owner);
    expect(first.json).toMatchObject({ files: [{ name: names[1] }], nextPageToken: "1" });
    const second = await ask(url("v1beta/files?pageSize=1&pageToken=1"), undefined, owner);
    expect(second.json).toMatchObject({ files: [{ name: names[0] }] });
    expect(second.json["nextPageToken"]).toBeUndefined();

    const path = url(`v1beta/${names[0]}`);
    expect((await ask(path, undefined, owner)).json).toMatchObject({ name: names[0] });
    for (const method of ["GET", "DELETE"]) expect((await ask(path, undefined, key, method)).status).toBe(403);
    expect((await ask(path, undefined, owner, "DELETE")).json).toEqual({});
    expect(messageOf(await ask(path, undefined, owner))).toMatch(
      /^You do not have permission to access the File \w+ or/,
    );
  });

  test("is gone after 48 hours", async () => {
    const file = await store();
    const path = url(`v1beta/${textAt(file, "name")}`);
    nowMs += 48 * hour - 1;
    expect((await ask(path, undefined, key)).status).toBe(200);
    nowMs += 1;
    expect((await ask(path, undefined, key)).status).toBe(403);
    expect((await drawWith(textAt(file, "uri") ?? "")).status).toBe(403);
  });

  test("that is still worked on cannot be used before it is ACTIVE", async () => {
    emulator().plan([{ match: { rpc: "uploadFile" }, skip: 1, action: { type: "file-state", processingMs: 2_000 } }]);
    const file = await store();
    expect(file["state"]).toBe("PROCESSING");
    expect(messageOf(await drawWith(textAt(file, "uri") ?? ""))).toContain("not in an ACTIVE state");
    nowMs += 2_000;
    expect((await ask(url(`v1beta/${textAt(file, "name")}`), undefined, key)).json["state"]).toBe("ACTIVE");
    expect((await drawWith(textAt(file, "uri") ?? "")).status).toBe(200);
  });

  test("can fail", async () => {
    emulator().plan([{ match: { rpc: "uploadFile" }, skip: 1, action: { type: "file-state", fails: "yes" } }]);
    expect(await store()).toMatchObject({ state: "FAILED", error: { code: 13 } });
  });
});

describe("in a request", () => {
  test("a stored picture counts and is drawn like one that came inside", async () => {
    const uri = textAt(await store(), "uri") ?? "";
    const linked = await drawWith(uri);
    const inline = await ask(
      url("v1beta/models/gemini-3-pro-image:generateContent"),
      {
        contents: [
          {
            role: "user",
            parts: [{ text: "Make it red" }, { inlineData: { mimeType: "image/png", data: png.toString("base64") } }],
          },
        ],
      },
      key,
    );
    expect(linked.status).toBe(200);
    const { responseId: _one, ...seen } = linked.json;
    const { responseId: _other, ...wanted } = inline.json;
    expect(seen).toEqual(wanted);
  });

  test("another one's file, another type and bytes that are no picture are refused", async () => {
    const uri = textAt(await store(), "uri") ?? "";
    expect((await drawWith(uri, "image/png", { "x-goog-api-key": "AIza-other" })).status).toBe(403);
    expect((await drawWith(uri, "image/jpeg")).status).toBe(400);
    const text = textAt(await store(Buffer.from("no picture")), "uri") ?? "";
    expect(messageOf(await drawWith(text))).toContain("Unable to process input image");
  });
});
