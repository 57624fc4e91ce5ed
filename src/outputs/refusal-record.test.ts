import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isRefusalRecord, setRefusalAside } from "./refusal-record.ts";

const folder = mkdtempSync(join(tmpdir(), "image-gen-refusal-"));
const path = join(folder, "fox.json");
const operation = "01M86HT6XQQX1MKCGBAAYB1ZC6";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a refusal's record makes room under its operation's name", () => {
  const record = JSON.stringify({ version: 1, status: "error", operation });
  writeFileSync(path, record);
  expect(isRefusalRecord(path)).toBe(true);
  setRefusalAside(path);
  expect(readdirSync(folder)).toEqual([`fox.${operation}.json`]);
  expect(readFileSync(join(folder, `fox.${operation}.json`), "utf8")).toBe(record);
});

test.each([
  ["a picture's record", JSON.stringify({ version: 1, status: "ok", operation })],
  ["somebody's own file", '{"status": "error"}'],
  ["no JSON", "status: error"],
])("%s stays where it is", (_kind, text) => {
  writeFileSync(path, text);
  expect(isRefusalRecord(path)).toBe(false);
  setRefusalAside(path);
  expect(readFileSync(path, "utf8")).toBe(text);
});
