import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Reference } from "../core/request.ts";
import { systemClock } from "../transport/system-clock.ts";
import { type LoadedReferences, type LoadInput, loadReferences } from "./load-references.ts";
import type { SourceSettings } from "./read-source.ts";
import { answer, pretendInternet } from "./testing/pretended-internet.ts";

const folder = mkdtempSync(join(tmpdir(), "image-gen-load-"));
const pictures: Record<string, Buffer> = {};

beforeAll(async () => {
  for (const [index, name] of ["one", "two", "three"].entries()) {
    const create = { width: 10 + index, height: 10, channels: 3, background: "#246" } as const;
    const bytes = await sharp({ create }).png().toBuffer();
    pictures[name] = bytes;
    writeFileSync(join(folder, `${name}.png`), bytes);
  }
  writeFileSync(join(folder, "fake.png"), "hello");
  writeFileSync(join(folder, "notes.md"), "\ufeffSome *notes*.\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(
  references: readonly Reference[],
  documents: readonly Reference[] = [],
  sources: Partial<SourceSettings> = {},
): Promise<LoadedReferences> {
  const input: LoadInput = {
    references,
    documents,
    limits: { longestSide: 3072, losslessUpToBytes: 7_000_000 },
    sources: {
      policy: { files: "anything", urls: "https" },
      workingDirectory: folder,
      downloads: "fetch",
      downloadTimeoutMs: 60_000,
      clock: systemClock,
      ...sources,
    },
  };
  return loadReferences(input);
}

const widths = ({ references }: LoadedReferences): (number | null)[] => references.map(({ width }) => width);

async function* endless(): AsyncGenerator<Uint8Array> {
  const piece = Buffer.alloc(10_000_000);
  for (;;) yield await Promise.resolve(piece);
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from("x"));
  throw new Error("the cable was pulled");
}

describe("references", () => {
  test("come from paths, file: and data: URLs, bytes, streams and addresses, in the order given", async () => {
    const { one = Buffer.alloc(0), two = Buffer.alloc(0), three = Buffer.alloc(0) } = pictures;
    const network = await pretendInternet({ onRequest: (socket) => socket.end(answer(200, {}, two)) });
    const loaded = await load(
      [
        "three.png",
        "https://pictures.example/two.png",
        pathToFileURL(join(folder, "one.png")),
        `data:image/jpeg;base64,${three.toString("base64")}`,
        new Uint8Array(one),
        Readable.from([two.subarray(0, 20), two.subarray(20)]),
        join(folder, "one.png"),
      ],
      [],
      { network },
    );
    expect(loaded.problems).toEqual([]);
    expect(widths(loaded)).toEqual([12, 11, 10, 12, 10, 11, 10]);
    expect(loaded.parts.map(({ kind }) => kind)).toEqual(Array.from({ length: 7 }, () => "picture"));
  });

  test("that are wrong are all reported, each with its name and what is wrong", async () => {
    const { problems } = await load(
      [
        "one.png",
        "fake.png",
        "missing.png",
        ".",
        "https://127.1/?key=SECRET",
        "data:,",
        new Uint8Array(),
        "ftp://a.example/x",
      ],
      ["missing.md", "one.png"],
    );
    expect(problems.map(({ field, code, message }) => `${field} ${code} ${message}`)).toEqual([
      "--image reference-not-usable --image fake.png is no picture of a known kind, whatever its name says.",
      "--image reference-unreadable --image missing.png does not exist.",
      "--image reference-unreadable --image . is a folder.",
      "--image reference-forbidden --image https://127.0.0.1/ is an address of this machine or of an inner network.",
      "--image reference-unreadable --image number 6 (a data: URL) is empty.",
      "--image reference-unreadable --image number 7 (bytes) is empty.",
      "--image reference-forbidden --image ftp://a.example/x has the scheme ftp: and only https is downloaded.",
      "--doc reference-unreadable --doc missing.md does not exist.",
      "--doc reference-not-usable --doc one.png is no text in UTF-8.",
    ]);
  });

  test("that are the same picture are sent twice and decoded once", async () => {
    const { parts } = await load(["one.png", "two.png", join(folder, "one.png")]);
    const [first, , third] = parts;
    expect(first?.kind === "picture" && third?.kind === "picture" && first.bytes === third.bytes).toBe(true);
  });

  test("are read three at a time and no more", async () => {
    let now = 0;
    let most = 0;
    const slow = async function* (): AsyncGenerator<Uint8Array> {
      now += 1;
      most = Math.max(most, now);
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      yield pictures["one"] ?? Buffer.alloc(0);
    };
    await load(Array.from({ length: 9 }, slow));
    expect(most).toBe(3);
  });

  test("without end are refused at the limit, and those that break off with the reason", async () => {
    const { problems } = await load([endless(), broken()]);
    expect(problems.map(({ message }) => message)).toEqual([
      "--image number 1 (a stream) gives more than 100.0 MB, the most that is read.",
      "--image number 2 (a stream) broke off (the cable was pulled).",
    ]);
  });

  test("of no kind that is known are refused, from callers without types too", async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a caller without types may do
    const untyped = [5, null, {}, Readable.from(["text"])] as unknown as Reference[];
    expect((await load(untyped)).problems.map(({ message }) => message)).toEqual([
      "--image number 1 is neither a path, an address, bytes nor a stream.",
      "--image number 2 is neither a path, an address, bytes nor a stream.",
      "--image number 3 is neither a path, an address, bytes nor a stream.",
      "--image number 4 (a stream) is no picture of a known kind, whatever its name says.",
    ]);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same
    expect((await load("fox.png" as unknown as Reference[])).problems[0]?.message).toContain("wants a list");
  });

  test("beyond a hundred are not even looked at", async () => {
    const { problems, references } = await load(Array.from({ length: 101 }, () => "missing.png"));
    expect([problems.map(({ code }) => code), references]).toEqual([["too-many-references"], []]);
  });

  test("are not downloaded for a plan, but their addresses are checked", async () => {
    const network = await pretendInternet();
    const loaded = await load(["https://a.example/x", "https://10.0.0.1/x"], [], { downloads: "left-out", network });
    expect(loaded.references).toEqual([{ sha256: null, mimeType: null, width: null, height: null }]);
    expect(loaded.problems).toHaveLength(1);
    expect([network.resolved, network.opened]).toEqual([[], []]);
  });

  test("of the network are replaced in a rehearsal, and it is said", async () => {
    const network = await pretendInternet();
    const loaded = await load(["https://a.example/x?key=SECRET"], ["https://a.example/y.md"], {
      downloads: "stand-in",
      network,
    });
    expect(widths(loaded)).toEqual([512]);
    expect(loaded.warnings[0]).toMatch(/^--image https:\/\/a\.example\/x is not downloaded in a rehearsal/);
    expect(loaded.warnings).toHaveLength(2);
    expect(network.opened).toEqual([]);
  });
});

describe("documents", () => {
  test("stand between two lines that they cannot write themselves", async () => {
    const { parts, documents } = await load([], ["notes.md"]);
    const mark = documents[0]?.sha256?.slice(0, 12);
    expect(parts).toEqual([
      {
        kind: "text",
        text: `----- begin of the document "notes.md" [${mark}] -----\nSome *notes*.\n\n----- end of the document [${mark}] -----`,
      },
    ]);
    expect(documents[0]).toMatchObject({ name: "notes.md", bytes: 14 });
  });

  test("come before the pictures and tell nothing of the folders that they lie in", async () => {
    const { parts } = await load(["one.png"], [join(folder, "notes.md")]);
    expect(parts.map(({ kind }) => kind)).toEqual(["text", "picture"]);
    expect(JSON.stringify(parts[0])).not.toContain(folder);
  });

  test.each([
    ["text in percent signs", "data:text/plain,%E0%B8%AA%20%20x", "ส  x"],
    ["text as it stands", "data:,สวัสดี", "สวัสดี"],
    ["base64 without its padding", "data:;base64,aGVsbG8", "hello"],
  ])("may be a data: URL with %s", async (_, url, text) => {
    const { parts, problems } = await load([], [url]);
    expect(problems).toEqual([]);
    expect(JSON.stringify(parts[0])).toContain(JSON.stringify(`\n${text}\n`).slice(1, -1));
  });

  test.each([
    ["control characters", Buffer.from("a\0b"), "control characters"],
    ["another encoding", Buffer.from([0xe9, 0x74, 0xe9]), "no text in UTF-8"],
    ["only spaces", Buffer.from(" \n"), "holds no text"],
  ])("with %s are refused", async (_, bytes, words) => {
    expect((await load([], [bytes])).problems[0]?.message).toContain(words);
  });
});

describe("data: URLs", () => {
  test.each([
    ["data:image/png;base64,AAA*", "base64 that cannot be decoded"],
    ["data:image/png;base64,AAAAA", "base64 that cannot be decoded"],
    ["data:image/png", "no comma"],
    ["data:image/png;base64,", "is empty"],
  ])("%s is refused", async (url, words) => {
    expect((await load([url])).problems[0]?.message).toContain(words);
  });
});
