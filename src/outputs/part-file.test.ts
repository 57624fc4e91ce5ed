import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
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
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { openPart } from "./part-file.ts";
import type { WriteOperations } from "./raw-file.ts";

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

const failingSync = (): never => {
  throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
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
  const part = openPart(folder, "slow", {
    operations: { ...real, write: (d, bytes, offset) => writeSync(d, bytes, offset, 1) },
  });
  part.write(Buffer.from("a whole picture"));
  expect(readFileSync(part.finish().path, "utf8")).toBe("a whole picture");
});

test("a disk that takes nothing more is a failure, never a shorter file", () => {
  const part = openPart(folder, "full", { operations: { ...real, write: () => 0 } });
  expect(() => part.write(Buffer.from("x"))).toThrow(/no more bytes/);
});

test.each([0, 1, 2, 3])("a full disk at write %i is thrown, and nothing is left", (failing) => {
  let writes = 0;
  const write: WriteOperations["write"] = (...words) => {
    writes += 1;
    return writes > failing ? diskFull() : real.write(...words);
  };
  const part = openPart(folder, "full", { operations: { ...real, write } });
  expect(() => {
    for (let piece = 0; piece < 5; piece += 1) part.write(Buffer.alloc(100));
  }).toThrow(/ENOSPC/);
  part.discard();
  expect(readdirSync(folder)).toEqual([]);
});

test("a sync that fails is a failed write, and the bytes are still there for the caller to keep", () => {
  const part = openPart(folder, "no-sync", { operations: { ...real, sync: failingSync } });
  part.write(Buffer.from("x"));
  expect(() => part.finish()).toThrow(/EIO/);
  part.discard();
  expect(readFileSync(part.path, "utf8")).toBe("x");
});

test("a folder that is removed while the picture arrives loses nothing: the part goes on in the other one", () => {
  const gone = join(folder, "gone");
  mkdirSync(gone);
  const part = openPart(gone, "op", { fallbackDirectory: join(folder, "kept") });
  part.write(Buffer.from("first "));
  rmSync(gone, { recursive: true });
  part.write(Buffer.from("second"));
  const { path, bytes } = part.finish();
  expect([readFileSync(path, "utf8"), bytes]).toEqual(["first second", 12]);
  expect(path).toBe(join(folder, "kept", ".image-gen-op.part"));
});

/** Operations that fail for files outside the folder `kept` from the n-th call on. */
function failingFrom(kind: "write" | "sync" | "open", call: number): WriteOperations {
  const failing = new Set<number>();
  let calls = 0;
  const count = (descriptor: number | null): void => {
    if (descriptor !== null && !failing.has(descriptor)) return;
    calls += 1;
    if (calls >= call) diskFull();
  };
  return {
    open: (path, flags, mode) => {
      const isHere = !path.includes("kept");
      if (kind === "open" && isHere) count(null);
      const descriptor = openSync(path, flags, mode);
      if (isHere) failing.add(descriptor);
      return descriptor;
    },
    write: (descriptor, ...words) => {
      if (kind === "write") count(descriptor);
      return real.write(descriptor, ...words);
    },
    sync: (descriptor) => {
      if (kind === "sync") count(descriptor);
      real.sync(descriptor);
    },
    close: (descriptor) => {
      failing.delete(descriptor);
      closeSync(descriptor);
    },
  };
}

describe("with a folder to fall back on", () => {
  const pieces = Array.from({ length: 8 }, (_, index) => Buffer.alloc(1000, index));
  const whole = Buffer.concat(pieces);

  test.each([
    ["open", 1],
    ["write", 1],
    ["write", 4],
    ["write", 8],
    ["sync", 1],
  ] as const)("a disk that fails at %s number %i loses nothing: the part goes on in the other folder", (kind, call) => {
    const fallbackDirectory = join(folder, "kept");
    const part = openPart(folder, "op", { fallbackDirectory, operations: failingFrom(kind, call) });
    for (const piece of pieces) part.write(piece);
    const { path, bytes, sha256 } = part.finish();
    expect(path).toBe(join(fallbackDirectory, ".image-gen-op.part"));
    expect(readFileSync(path).equals(whole)).toBe(true);
    expect([bytes, sha256]).toEqual([whole.length, createHash("sha256").update(whole).digest("hex")]);
    expect(readdirSync(folder)).toEqual(["kept"]);
    expect(statSync(fallbackDirectory).mode & 0o777).toBe(0o700);
  });

  test("when the other one fails too, the error is thrown and both are clean", () => {
    const fallbackDirectory = join(folder, "kept");
    const part = openPart(folder, "op", { fallbackDirectory, operations: { ...real, write: diskFull } });
    expect(() => part.write(whole)).toThrow(/ENOSPC/);
    part.discard();
    expect([readdirSync(folder), readdirSync(fallbackDirectory)]).toEqual([["kept"], []]);
  });
});
