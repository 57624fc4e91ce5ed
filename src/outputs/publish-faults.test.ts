import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PlaceOperations, publishFile } from "./publish.ts";

let folder: string;
let from: string;
let to: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-gen-publish-faults-"));
  from = join(folder, ".part");
  to = join(folder, "fox.png");
  writeFileSync(from, "picture", { mode: 0o600 });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fails = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code });
};

const real: PlaceOperations = {
  link: linkSync,
  copy: (source, target) => copyFileSync(source, target, constants.COPYFILE_EXCL),
  syncFile: () => {},
  syncFolder: () => {},
};

const publish = (operations: Partial<PlaceOperations>, names = [to]) =>
  publishFile(from, names, { ...real, ...operations });

describe("a file system without hard links", () => {
  test.each(["EPERM", "ENOTSUP", "ENOSYS"])("%s: gets a synced copy", (code) => {
    const synced: string[] = [];
    expect(publish({ link: fails(code), syncFile: (path) => synced.push(path) })).toBe(to);
    expect([readFileSync(to, "utf8"), readdirSync(folder), synced]).toEqual(["picture", [".part", "fox.png"], [to]]);
    expect(statSync(to).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test("never overwrites either, and takes the next name", () => {
    writeFileSync(to, "mine");
    const next = join(folder, "fox_1.png");
    expect(publish({ link: fails("EPERM") }, [to, next])).toBe(next);
    expect(readFileSync(to, "utf8")).toBe("mine");
  });

  test("a copy that fails touches nothing that appeared under the name meanwhile", () => {
    const copy = (): never => {
      writeFileSync(to, "somebody's");
      return fails("EACCES")();
    };
    expect(() => publish({ link: fails("EPERM"), copy })).toThrow("EACCES");
    expect([readFileSync(to, "utf8"), existsSync(from)]).toEqual(["somebody's", true]);
  });

  test("a copy that cannot be synced is taken back, and the part stays", () => {
    expect(() => publish({ link: fails("EPERM"), syncFile: fails("EIO") })).toThrow("EIO");
    expect(readdirSync(folder)).toEqual([".part"]);
  });
});

/** Links only what is in the target's folder: the part is on another disk. */
const linkBeside = (source: string, target: string) => (source === from ? fails("EXDEV")() : linkSync(source, target));

const failsHalfway = (_: string, target: string): never => {
  writeFileSync(target, "half");
  return fails("ENOSPC")();
};

describe("another file system", () => {
  test("gets a copy that is whole and synced before it has the name", () => {
    const seen: (readonly [string, boolean])[] = [];
    expect(publish({ link: linkBeside, syncFile: (path) => seen.push([path, existsSync(to)]) })).toBe(to);
    expect(seen).toEqual([[join(folder, ".part.copy"), false]]);
    expect([readFileSync(to, "utf8"), readdirSync(folder)]).toEqual(["picture", [".part", "fox.png"]]);
  });

  test("what a killed publication left is no obstacle", () => {
    writeFileSync(join(folder, ".part.copy"), "half a pic");
    expect(publish({ link: linkBeside })).toBe(to);
    expect([readFileSync(to, "utf8"), readdirSync(folder)]).toEqual(["picture", [".part", "fox.png"]]);
  });

  test("a copy that fails or cannot be synced is removed, and the part stays", () => {
    expect(() => publish({ link: linkBeside, syncFile: fails("EIO") })).toThrow("EIO");
    expect(() => publish({ link: linkBeside, copy: failsHalfway })).toThrow("ENOSPC");
    expect(readdirSync(folder)).toEqual([".part"]);
  });

  test("never overwrites, and takes the next name", () => {
    writeFileSync(to, "mine");
    const next = join(folder, "fox_1.png");
    expect(publish({ link: linkBeside }, [to, next])).toBe(next);
    expect([readFileSync(to, "utf8"), readFileSync(next, "utf8")]).toEqual(["mine", "picture"]);
  });

  test("without links there either, the name gets a synced copy", () => {
    expect(publish({ link: (source) => fails(source === from ? "EXDEV" : "EPERM")() })).toBe(to);
    expect(readdirSync(folder)).toEqual([".part", "fox.png"]);
  });
});

test("a link that fails for another reason is thrown, and the part stays", () => {
  expect(() => publish({ link: fails("EACCES") })).toThrow("EACCES");
  expect(readdirSync(folder)).toEqual([".part"]);
});

test("the folder is synced while the part is still there", () => {
  const seen: string[] = [];
  publish({ syncFolder: (path) => seen.push(path, ...readdirSync(path)) });
  expect(seen).toEqual([folder, ".part", "fox.png"]);
});

test("a folder that fails to sync gives the name up, and the part stays", () => {
  expect(() => publish({ syncFolder: fails("EIO") })).toThrow("EIO");
  expect(readdirSync(folder)).toEqual([".part"]);
});

test.each(["EINVAL", "ENOTSUP"])("a file system that cannot sync folders (%s) still gets the picture", (code) => {
  expect(publish({ syncFolder: fails(code) })).toBe(to);
  expect(readdirSync(folder)).toEqual([".part", "fox.png"]);
});
