import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { placeOutput } from "./place-output.ts";

let scratch: string;
let allowed: string;

beforeAll(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "image-gen-place-")));
  allowed = join(scratch, "allowed");
  mkdirSync(join(allowed, "deep/er"), { recursive: true });
  mkdirSync(join(scratch, "allowed-too"));
  symlinkSync(scratch, join(allowed, "out"));
  symlinkSync("deep", join(allowed, "in"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const place = (output: string | undefined, more: { folders?: string[]; closedFolders?: string[] } = {}) =>
  placeOutput({ output, folders: [allowed], closedFolders: [], ...more });

describe("placing an output", () => {
  test("begins in the first allowed folder", () => {
    expect(place("fox.png")).toEqual({ output: join(allowed, "fox.png"), problem: null });
    expect(place("new/folder/")).toEqual({ output: join(allowed, "new/folder/"), problem: null });
    expect(place(undefined).output).toBe(join(allowed, "generated_images/"));
  });

  test("follows links before it judges", () => {
    expect(place("in/fox.png").output).toBe(join(allowed, "deep/fox.png"));
    expect(place("out/fox.png").problem).toMatchObject({ code: "folder-not-allowed", given: "out/fox.png" });
    expect(place("in/../../allowed-too/fox.png").problem).not.toBeNull();
  });

  test("does not take a folder for another whose name begins alike", () => {
    expect(place(join(scratch, "allowed-too/fox.png")).problem).not.toBeNull();
    expect(place("..fox/x.png").problem).not.toBeNull();
  });

  test("keeps out of folders that are closed, also below an allowed one", () => {
    expect(place("deep/fox.png", { closedFolders: [join(allowed, "deep")] }).problem).not.toBeNull();
    expect(place("in/fox.png", { closedFolders: [join(allowed, "deep")] }).problem).not.toBeNull();
  });

  test("takes an allowed folder that is not there yet, and passes over one that leads nowhere", () => {
    const later = join(scratch, "later");
    expect(place("fox.png", { folders: [later] })).toEqual({ output: join(later, "fox.png"), problem: null });
    const dangling = join(scratch, "dangling");
    symlinkSync("/nowhere/at/all", dangling);
    expect(place("fox.png", { folders: [dangling, allowed] }).output).toBe(join(allowed, "fox.png"));
    expect(place("fox.png", { folders: [dangling] }).problem).not.toBeNull();
  });

  test("gives nothing outside and nothing hidden, whatever the name", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "..",
        ".",
        "in",
        "out",
        "deep",
        "er",
        "",
        "~",
        ".git",
        "…",
        "a b",
        "\\..",
        "%2e%2e",
        scratch,
        "/",
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), fc.boolean(), (parts, absolute) => {
        const { output, problem } = place(`${absolute ? "/" : ""}${parts.join("/")}`);
        if (problem !== null) return;
        const way = relative(allowed, output);
        expect(way.split(sep).some((one) => one.startsWith("."))).toBe(false);
        expect(way.startsWith("/")).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
