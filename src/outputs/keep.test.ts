import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type KeepOperations, keepFile } from "./keep.ts";

let folder: string;
let from: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-gen-keep-"));
  from = join(folder, "part");
  writeFileSync(from, "a paid picture");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fails = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code });
};

const real: KeepOperations = {
  link: fails("ENOSYS"),
  copy: copyFileSync,
  syncFile: () => {},
  syncFolder: () => {},
  rename: renameSync,
};

function keep(operations: Partial<KeepOperations>): string {
  return keepFile(from, join(folder, "kept"), "op-0.png", { ...real, ...operations });
}

test("a folder on another disk gets a synced copy before the first one goes", () => {
  const seen: boolean[] = [];
  const kept = keep({ rename: fails("EXDEV"), syncFile: (path) => seen.push(existsSync(path), existsSync(from)) });
  expect(seen).toEqual([true, true]);
  expect([readFileSync(kept, "utf8"), existsSync(from)]).toEqual(["a paid picture", false]);
});

test("a copy that the other disk does not keep leaves the first one, and that is told", () => {
  const kept = keep({ rename: fails("EXDEV"), syncFile: fails("EIO") });
  expect(kept).toBe(from);
  expect(readFileSync(kept, "utf8")).toBe("a paid picture");
});

test("a folder that cannot be synced still has the file, and the path told is where it is", () => {
  const kept = keep({ syncFolder: fails("EIO") });
  expect(readFileSync(kept, "utf8")).toBe("a paid picture");
  expect(readdirSync(folder)).toEqual(["kept"]);
});
