import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { OutputTarget } from "../core/plan.ts";
import { checkOutput } from "./preflight.ts";

let folder: string;
const folders: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-gen-preflight-"));
  folders.push(folder);
});

afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

const plenty = { freeBytes: () => 10 ** 12 };

function check(more: Partial<OutputTarget> = {}, probe = plenty, count = 1) {
  const target: OutputTarget = {
    directory: folder,
    stem: "fox",
    format: "png",
    extension: ".png",
    numbered: false,
    ...more,
  };
  return checkOutput({ target, count, expected: { width: 1024, height: 1024 }, operation: "op" }, probe);
}

test("a free name in a folder that can be written has no problem, and nothing is left behind", () => {
  expect(check()).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

test("what a killed run has left of this is cleared away by the next one", () => {
  writeFileSync(join(folder, ".image-gen.probe"), "");
  expect(check()).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

test("what is in the way there and cannot be removed is no problem", () => {
  mkdirSync(join(folder, ".image-gen.probe"));
  expect(check()).toEqual([]);
  expect(readdirSync(folder)).toEqual([".image-gen.probe"]);
});

test("a folder that is not there yet is tried out in the one above, and not made", () => {
  expect(check({ directory: join(folder, "a", "b") })).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ["a file", (path: string) => writeFileSync(path, "")],
  ["a folder", (path: string) => mkdirSync(path)],
  ["a link to nothing", (path: string) => symlinkSync("/nowhere", path)],
  ["a FIFO", (path: string) => void spawnSync("mkfifo", [path])],
])("%s of the name is told with a free name", (_kind, prepare) => {
  prepare(join(folder, "fox.png"));
  expect(readdirSync(folder)).toEqual(["fox.png"]);
  expect(check()).toMatchObject([{ code: "target-exists", suggestion: join(folder, "fox_1.png") }]);
});

test("picture and record are both looked for, and both told", () => {
  writeFileSync(join(folder, "fox.png"), "");
  writeFileSync(join(folder, "fox.json"), "");
  expect(check()).toHaveLength(2);
});

test("numbered names find a free number and are no problem", () => {
  writeFileSync(join(folder, "fox.png"), "");
  expect(check({ numbered: true })).toEqual([]);
});

test("a file in place of the folder is told", () => {
  writeFileSync(join(folder, "out"), "");
  expect(check({ directory: join(folder, "out") })).toMatchObject([{ code: "target-not-writable" }]);
  expect(check({ directory: join(folder, "out", "deeper") })).toMatchObject([{ code: "target-not-writable" }]);
});

test("links that lead in a circle are told", () => {
  symlinkSync(join(folder, "loop"), join(folder, "loop"));
  expect(check({ directory: join(folder, "loop", "x") })).toMatchObject([{ code: "target-not-writable" }]);
});

test("too little room is told in numbers, by the number of pictures", () => {
  const little = { freeBytes: () => 20_000_000 };
  expect(check({}, little)).toEqual([]);
  expect(check({}, little, 40)).toMatchObject([
    { code: "disk-full", message: expect.stringMatching(/20 MB free.*168 MB/) },
  ]);
});

test("a file system that does not tell its room is no problem", () => {
  const silent = {
    freeBytes: () => {
      throw new Error("not supported");
    },
  };
  expect(check({}, silent)).toEqual([]);
});
