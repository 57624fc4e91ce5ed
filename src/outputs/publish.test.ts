import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { OutputTarget } from "../core/plan.ts";
import { keepFile } from "./keep.ts";
import { writeMetadata } from "./metadata.ts";
import { pictureNames } from "./naming.ts";
import { publishFile } from "./publish.ts";

let folder: string;
const folders: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-gen-publish-"));
  folders.push(folder);
});

afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

function part(name = "part"): string {
  const path = join(folder, `.${name}`);
  writeFileSync(path, `picture ${name}`, { mode: 0o600 });
  return path;
}

describe("publishing", () => {
  test("gives the file its name, readable as the umask says, and leaves the old one to the caller", () => {
    const to = join(folder, "fox.png");
    expect(publishFile(part(), [to])).toBe(to);
    expect([readFileSync(to, "utf8"), readdirSync(folder)]).toEqual(["picture part", [".part", "fox.png"]]);
    expect(statSync(to).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test.each([
    ["a file", (path: string) => writeFileSync(path, "mine")],
    ["a folder", (path: string) => mkdirSync(path)],
    ["a link to nothing", (path: string) => symlinkSync("/nowhere", path)],
  ])("never touches %s that has the name", (_kind, prepare) => {
    const to = join(folder, "fox.png");
    prepare(to);
    const before = lstatSync(to).ino;
    const from = part();
    expect(publishFile(from, [to])).toBeNull();
    expect(lstatSync(to).ino).toBe(before);
    expect(existsSync(from)).toBe(true);
  });

  test("takes the first name that is free", () => {
    writeFileSync(join(folder, "a"), "");
    expect(publishFile(part(), [join(folder, "a"), join(folder, "b")])).toBe(join(folder, "b"));
  });
});

const target = (): OutputTarget => ({
  directory: folder,
  stem: "image",
  format: null,
  extension: null,
  numbered: true,
});

describe("numbered names", () => {
  test("a hundred pictures that want the same number get a hundred names", () => {
    const names = Array.from({ length: 100 }, (_, index) =>
      publishFile(part(String(index)), pictureNames(target(), 0, "png", existsSync)),
    );
    expect(new Set(names).size).toBe(100);
    expect(readdirSync(folder).filter((name) => !name.startsWith("."))).toHaveLength(100);
  });

  test("a number whose record is there is passed over, so that picture and record share theirs", () => {
    writeFileSync(join(folder, "image_0.json"), "{}");
    expect(publishFile(part(), pictureNames(target(), 0, "jpeg", existsSync))).toBe(join(folder, "image_1.jpg"));
  });
});

describe("records", () => {
  test("are written whole and never over another", () => {
    const path = join(folder, "fox.json");
    expect(writeMetadata([path], "op-0", { a: 1 })).toBe(path);
    expect(writeMetadata([path], "op-1", { a: 2 })).toBeNull();
    expect([JSON.parse(readFileSync(path, "utf8")), readdirSync(folder)]).toEqual([{ a: 1 }, ["fox.json"]]);
  });
});

describe("keeping", () => {
  test("moves the file into a private folder under its telling name", () => {
    const kept = keepFile(part(), join(folder, "state", "kept"), "op-0.png");
    expect(readFileSync(kept, "utf8")).toBe("picture part");
    expect(statSync(join(folder, "state", "kept")).mode & 0o777).toBe(0o700);
  });

  test("leaves it where it is when the folder cannot be made", () => {
    writeFileSync(join(folder, "file"), "");
    const from = part();
    expect(keepFile(from, join(folder, "file", "kept"), "op-0.png")).toBe(from);
  });
});
