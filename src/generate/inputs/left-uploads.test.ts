import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deleteLeftUploads, type LeftUploadsInput, openUploadNotes } from "./left-uploads.ts";

const HOUR_MS = 3_600_000;
const owner = { baseUrl: "https://store.example", credential: "0123456789abcdef" };
let folder = "";
let deleted: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-gen-uploads-"));
  deleted = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leave(operation: string, names: readonly string[], whose = owner) {
  const notes = openUploadNotes(folder, operation, whose);
  for (const name of names) notes.add(name);
  return notes;
}

async function clearAway(more: Partial<LeftUploadsInput> = {}): Promise<readonly string[]> {
  await deleteLeftUploads({
    folder,
    owner,
    nowMs: Date.now(),
    ownOperation: "mine",
    isOver: () => true,
    deleteFile: async (name) => deleted.push(name) > 0,
    ...more,
  });
  return readdirSync(folder).toSorted();
}

test("what was noted and not taken back is deleted, and its note with it", async () => {
  leave("a", ["files/a-0", "files/a-1"]);
  leave("b", ["files/b-0"]).remove();
  expect(await clearAway()).toEqual([]);
  expect(deleted).toEqual(["files/a-0", "files/a-1"]);
});

test.each<[string, Partial<LeftUploadsInput>]>([
  ["of a run that goes on", { isOver: () => false }],
  ["of this very run", { ownOperation: "a" }],
  ["of another credential", { owner: { ...owner, credential: "another" } }],
  ["in another place", { owner: { ...owner, baseUrl: "http://127.0.0.1:1" } }],
])("what is %s is left alone", async (_what, more) => {
  leave("a", ["files/a-0"]);
  expect(await clearAway(more)).toEqual(["a"]);
  expect(deleted).toEqual([]);
});

test("what cannot be deleted is tried again the next time", async () => {
  leave("a", ["files/a-0", "files/a-1"]);
  expect(await clearAway({ deleteFile: async (name) => name !== "files/a-1" })).toEqual(["a"]);
  expect(await clearAway()).toEqual([]);
});

test("after 48 hours the provider has deleted it itself: the note goes, whosever it is", async () => {
  leave("a", ["files/a-0"], { ...owner, credential: "another" });
  expect(await clearAway({ nowMs: Date.now() + 47 * HOUR_MS })).toEqual(["a"]);
  expect(await clearAway({ nowMs: Date.now() + 49 * HOUR_MS })).toEqual([]);
  expect(deleted).toEqual([]);
});

test("a line that a kill cut off hides none of the others", async () => {
  leave("a", ["files/a-0"]);
  appendFileSync(join(folder, "a"), '{"baseUrl":"https://sto');
  await clearAway();
  expect(deleted).toEqual(["files/a-0"]);
});

test("neither a folder that is missing nor one that is a file stops anybody", async () => {
  rmSync(folder, { recursive: true });
  const nothingThere = deleteLeftUploads({
    folder,
    owner,
    nowMs: 0,
    ownOperation: "mine",
    isOver: () => true,
    deleteFile: async () => true,
  });
  await expect(nothingThere).resolves.toBeUndefined();
  writeFileSync(folder, "");
  expect(() => leave("a", ["files/a-0"]).remove()).not.toThrow();
});
