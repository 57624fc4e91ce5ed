import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { openPart, type WriteOperations } from "./part-file.ts";

let folder: string;
const folders: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-gen-part-"));
  folders.push(folder);
});

afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

const real: WriteOperations = {
  open: openSync,
  write: (descriptor, bytes, offset, length) => writeSync(descriptor, bytes, offset, length),
  sync: fsyncSync,
  close: closeSync,
};

const diskFull = (): never => {
  throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
};

test("what is written is on the disk, private, with its hash and length", () => {
  const part = openPart(folder, "op-0-0");
  part.write(Buffer.from("some "));
  part.write(Buffer.from("bytes"));
  const { path, bytes, sha256 } = part.finish();
  expect(readFileSync(path, "utf8")).toBe("some bytes");
  expect([bytes, sha256]).toEqual([10, createHash("sha256").update("some bytes").digest("hex")]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a finished part survives being discarded, an unfinished one does not", () => {
  const finished = openPart(folder, "op-0-0");
  finished.finish();
  finished.discard();
  openPart(folder, "op-0-1").discard();
  expect(readdirSync(folder)).toEqual([".image-gen-op-0-0.part"]);
});

test("nobody's file is taken over", () => {
  openPart(folder, "same");
  expect(() => openPart(folder, "same")).toThrow(/EEXIST/);
});

test("a disk that takes one byte at a time still gets all of them", () => {
  const part = openPart(folder, "slow", { ...real, write: (d, bytes, offset) => writeSync(d, bytes, offset, 1) });
  part.write(Buffer.from("a whole picture"));
  expect(readFileSync(part.finish().path, "utf8")).toBe("a whole picture");
});

test("a disk that takes nothing more is a failure, never a shorter file", () => {
  const part = openPart(folder, "full", { ...real, write: () => 0 });
  expect(() => part.write(Buffer.from("x"))).toThrow(/no more bytes/);
});

test.each([0, 1, 2, 3])("a full disk at write %i is thrown, and nothing is left", (failing) => {
  let writes = 0;
  const part = openPart(folder, "full", {
    ...real,
    write: (...words) => {
      writes += 1;
      return writes > failing ? diskFull() : real.write(...words);
    },
  });
  expect(() => {
    for (let piece = 0; piece < 5; piece += 1) part.write(Buffer.alloc(100));
  }).toThrow(/ENOSPC/);
  part.discard();
  expect(readdirSync(folder)).toEqual([]);
});

test("a sync that fails is a failed write, and the file is not called finished", () => {
  const part = openPart(folder, "no-sync", {
    ...real,
    sync: () => {
      throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
    },
  });
  part.write(Buffer.from("x"));
  expect(() => part.finish()).toThrow(/EIO/);
  part.discard();
  expect(existsSync(part.path)).toBe(false);
});
