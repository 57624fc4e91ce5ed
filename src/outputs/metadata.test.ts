import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeMetadata } from "./metadata.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-gen-metadata-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a record is readable JSON with a line's end, open as the umask says", () => {
  const path = join(folder, "fox.json");
  expect(writeMetadata([path], "op-0", { prompt: "แมว 🦊" })).toBe(path);
  expect(readFileSync(path, "utf8")).toBe('{\n  "prompt": "แมว 🦊"\n}\n');
  expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
});

test("it takes the first name that is free, and leaves the others", () => {
  const taken = join(folder, "fox_0.json");
  writeFileSync(taken, "mine");
  expect(writeMetadata([taken, join(folder, "fox_1.json")], "op-0", {})).toBe(join(folder, "fox_1.json"));
  expect(readFileSync(taken, "utf8")).toBe("mine");
});

test("without a name there is nothing to do", () => {
  expect(writeMetadata([], "op-0", {})).toBeNull();
});

test("what cannot be written is thrown, and nothing is left", () => {
  const circle: Record<string, unknown> = {};
  circle["itself"] = circle;
  expect(() => writeMetadata([join(folder, "fox.json")], "op-0", circle)).toThrow(TypeError);
  expect(() => writeMetadata([join(folder, "no-folder", "fox.json")], "op-0", {})).toThrow(/ENOENT/);
  expect(readdirSync(folder)).toEqual([]);
});
