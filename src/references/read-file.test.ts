import { execFileSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type FileLimits, readReferenceFile } from "./read-file.ts";

const scratch = mkdtempSync(join(tmpdir(), "image-gen-references-"));
let folder = "";
let allowed = "";

beforeEach(() => {
  folder = mkdtempSync(join(scratch, "case-"));
  allowed = join(folder, "allowed");
  mkdirSync(allowed);
  writeFileSync(join(allowed, "inside.png"), "inside");
  writeFileSync(join(folder, "secret.txt"), "SECRET");
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The text of the file, or what it was refused with. */
async function read(path: string, limits: Partial<FileLimits> = {}): Promise<string> {
  try {
    const usual: FileLimits = { files: "anything", workingDirectory: allowed, maxBytes: 1_000_000 };
    return (await readReferenceFile(path, { ...usual, ...limits })).toString();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    return `${String(error.code)}: ${error.message}`;
  }
}

describe("any file that is named", () => {
  test("is read, by an absolute path or from the working folder", async () => {
    expect([await read("inside.png"), await read(join(folder, "secret.txt"))]).toEqual(["inside", "SECRET"]);
  });

  test("may be a link", async () => {
    symlinkSync(join(folder, "secret.txt"), join(allowed, "link"));
    expect(await read("link")).toBe("SECRET");
  });

  test.each([
    ["nothing", "missing.png", "does not exist"],
    ["nothing below a file", "inside.png/more", "does not exist"],
    ["a folder", ".", "is a folder"],
    ["a NUL character", "a\0b", "NUL character"],
    ["a path without end", "x".repeat(5000), "longer than any path"],
  ])("cannot be %s", async (_, path, words) => {
    expect(await read(path)).toMatch(new RegExp(`^reference-unreadable: .*${words}`));
  });

  test("cannot be empty, and not larger than what is read", async () => {
    writeFileSync(join(allowed, "empty"), "");
    writeFileSync(join(allowed, "large"), "");
    truncateSync(join(allowed, "large"), 200_000_000);
    expect(await read("empty")).toBe("reference-unreadable: is empty.");
    expect(await read("large")).toBe("reference-too-large: has 200.0 MB; at most 1.0 MB are read.");
  });

  test.skipIf(process.platform === "win32")(
    "cannot be a pipe, a socket, a device, the kernel's, or a link in a circle",
    async () => {
      execFileSync("mkfifo", [join(allowed, "pipe")]);
      symlinkSync("circle", join(allowed, "circle"));
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(join(allowed, "socket"), resolve));
      expect(await read("pipe")).toContain("is a pipe; `-` reads one reference from standard input");
      expect(await read("socket")).toContain("is a socket");
      expect(await read("circle")).toContain("leads to itself");
      expect(await read("/dev/zero")).toContain("is a device");
      expect(await read("/dev/null")).toContain("is a device");
      expect(await read("/proc/self/environ")).toContain(
        process.platform === "linux" ? "the kernel" : "does not exist",
      );
      server.close();
    },
  );
});

const confined = (path: string): Promise<string> => read(path, { files: [allowed] });

describe("files of allowed folders", () => {
  test("are read", async () => {
    expect(await confined("inside.png")).toBe("inside");
    expect(await confined(join(allowed, "../allowed/inside.png"))).toBe("inside");
  });

  test("do not lie outside, however that is written", async () => {
    mkdirSync(`${allowed}-beside`);
    writeFileSync(join(`${allowed}-beside`, "x"), "SECRET");
    for (const path of ["../secret.txt", join(folder, "secret.txt"), "../allowed-beside/x", "./a/../../secret.txt"]) {
      expect(await confined(path), path).not.toContain("SECRET");
    }
    expect(await confined("../secret.txt")).toBe("reference-forbidden: lies outside the folders that may be read.");
  });

  test("do not lead outside by a link, of the file or of a folder on the way", async () => {
    symlinkSync(join(folder, "secret.txt"), join(allowed, "link.png"));
    symlinkSync(folder, join(allowed, "way"));
    expect(await confined("link.png")).toMatch(/^reference-forbidden: /);
    expect(await confined("way/secret.txt")).toMatch(/^reference-forbidden: /);
  });

  test("may be links to other allowed files", async () => {
    symlinkSync("inside.png", join(allowed, "link.png"));
    expect(await confined("link.png")).toBe("inside");
  });

  test("have no second name, which may lie anywhere", async () => {
    linkSync(join(folder, "secret.txt"), join(allowed, "hard.png"));
    expect(await confined("hard.png")).toMatch(/^reference-forbidden: .*hard link/);
  });

  test("are not read where no folder is allowed, or none that is there", async () => {
    expect(await read("inside.png", { files: [] })).toMatch(/^reference-forbidden: /);
    expect(await read("inside.png", { files: [join(folder, "missing")] })).toMatch(/^reference-forbidden: /);
  });

  test("the allowed folder may be named through a link", async () => {
    symlinkSync(allowed, join(folder, "alias"));
    expect(await read("inside.png", { files: [join(folder, "alias")] })).toBe("inside");
  });

  test("that are exchanged for a link while they are read never give what lies outside", async () => {
    const real = join(allowed, "swapped");
    const link = join(allowed, "link");
    symlinkSync(join(folder, "secret.txt"), link);
    const stop = new AbortController();
    const exchange = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        writeFileSync(join(allowed, "new"), "inside");
        renameSync(join(allowed, "new"), real);
        await new Promise((resolve) => setImmediate(resolve));
        symlinkSync(join(folder, "secret.txt"), join(allowed, "new"));
        renameSync(join(allowed, "new"), real);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const exchanging = exchange();
    const seen = new Set<string>();
    for (let round = 0; round < 300; round += 1) seen.add(await confined("swapped"));
    stop.abort();
    await exchanging;
    expect([...seen].filter((text) => text.includes("SECRET"))).toEqual([]);
  });

  test("whose folder is exchanged for a link while they are read never give what lies outside", async () => {
    mkdirSync(join(allowed, "sub"));
    mkdirSync(join(folder, "outside"));
    writeFileSync(join(allowed, "sub", "x"), "inside");
    writeFileSync(join(folder, "outside", "x"), "SECRET");
    symlinkSync(join(folder, "outside"), join(allowed, "trap"));
    const stop = new AbortController();
    const exchange = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        renameSync(join(allowed, "sub"), join(allowed, "away"));
        renameSync(join(allowed, "trap"), join(allowed, "sub"));
        await new Promise((resolve) => setImmediate(resolve));
        renameSync(join(allowed, "sub"), join(allowed, "trap"));
        renameSync(join(allowed, "away"), join(allowed, "sub"));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const exchanging = exchange();
    const seen = new Set<string>();
    for (let round = 0; round < 300; round += 1) seen.add(await confined("sub/x"));
    stop.abort();
    await exchanging;
    expect([...seen].filter((text) => text.includes("SECRET"))).toEqual([]);
    expect(await confined("sub/x")).toBe("inside");
  });
});
