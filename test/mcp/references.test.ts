// Pictures from pictures over MCP: which an agent may send, and which never leave, whatever it calls them.

import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { leadingTo, newFolder, openEmulator } from "../e2e/run-command.ts";
import { errorOf, generations, type HostOptions, imagesOf, openHost, wordsOf } from "./host.ts";

async function folderWithPictures(): Promise<string> {
  const folder = newFolder();
  const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: "#c63" } });
  await picture.png().toFile(join(folder, "fox.png"));
  await picture.jpeg().toFile(join(folder, "style.jpg"));
  return folder;
}

async function paying(folder: string, more: HostOptions = {}) {
  const emulator = await openEmulator({ keepBodies: true });
  const options: HostOptions = {
    ...more,
    folder,
    words: ["--auth", "api-key"],
    environment: { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey, ...more.environment },
  };
  return { emulator, options };
}

describe.each(generations)("editing with the client %s", (generation) => {
  test("makes a new picture from pictures of the project, in their order, and leaves the old ones", async () => {
    const folder = await folderWithPictures();
    const host = await openHost(generation, { folder });
    const before = readdirSync(folder);
    const result = await host.call("edit_image", {
      prompt: "make it winter",
      references: ["fox.png", join(folder, "style.jpg")],
      output: "winter.png",
    });
    expect(imagesOf(result)[0]?.path).toBe(join(folder, "winter.png"));
    const request = result.structuredContent["request"] as { references: object[] };
    expect(request.references).toMatchObject([
      { width: 64, height: 48 },
      { width: 64, height: 48 },
    ]);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(before));
  });

  test("needs a picture", async () => {
    const host = await openHost(generation);
    expect(wordsOf(await host.call("edit_image", { prompt: "make it winter" }))).toMatch(/references is missing/);
    const none = await host.call("edit_image", { prompt: "make it winter", references: [] });
    expect(none.isError).toBe(true);
  });
});

describe("a reference that an agent names", () => {
  test.each([
    ["/etc/hostname"],
    ["../outside.png"],
    ["out/outside.png"],
    ["link.png"],
    ["/proc/self/environ"],
    ["/dev/zero"],
    ["key.pem"],
    ["missing.png"],
    ["folder"],
    ["https://example.com/fox.png?secret=1"],
    ["http://169.254.169.254/latest/meta-data"],
    ["gs://bucket/private.png"],
    ["data:image/png;base64,iVBORw0KGgo="],
    ["file:///etc/hostname"],
    ["ftp://example.com/x.png"],
    ["javascript:alert(1)"],
  ])("%j is refused, and nothing of it leaves", async (reference) => {
    const parent = await folderWithPictures();
    const folder = join(parent, "project");
    mkdirSync(join(folder, "folder"), { recursive: true });
    await sharp(join(parent, "fox.png")).toFile(join(parent, "outside.png"));
    symlinkSync(dirname(folder), join(folder, "out"));
    symlinkSync(join(parent, "outside.png"), join(folder, "link.png"));
    writeFileSync(join(folder, "key.pem"), "CANARY, no picture\n");
    const { emulator, options } = await paying(folder);
    const host = await openHost("v2", options);
    const result = await host.call("generate_image", { prompt: "a fox", references: [reference] });
    expect(errorOf(result)).toMatchObject({ exitCode: 2, billed: "no" });
    expect(emulator.requests()).toEqual([]);
    expect(JSON.stringify(result)).not.toContain("CANARY");
  });

  test("begins in the project folder of the host, and may lie in any of them", async () => {
    const [first, second, cwd] = [await folderWithPictures(), await folderWithPictures(), await folderWithPictures()];
    const host = await openHost("v2", { folder: cwd, roots: [first, second].map((one) => pathToFileURL(one).href) });
    const references = ["fox.png", join(second, "style.jpg")];
    expect((await host.call("edit_image", { prompt: "winter", references })).isError ?? false).toBe(false);
    const outside = await host.call("edit_image", { prompt: "winter", references: [join(cwd, "fox.png")] });
    expect(errorOf(outside)).toMatchObject({ code: "reference-forbidden" });
  });

  test("may be an address on a host of the person's list, in a rehearsal a stand-in", async () => {
    const host = await openHost("v2", { environment: { IMAGE_GEN_MCP_URL_HOSTS: "pictures.example.com" } });
    const listed = await host.call("generate_image", {
      prompt: "a fox",
      references: ["https://pictures.example.com/fox.png"],
    });
    expect(listed.isError ?? false).toBe(false);
    for (const reference of ["https://example.com/fox.png", "https://pictures.example.com.evil.example/fox.png"]) {
      const other = await host.call("generate_image", { prompt: "a fox", references: [reference] });
      expect(errorOf(other)).toMatchObject({ code: "reference-forbidden" });
    }
  });

  test("all that is wrong with several is said at once, together with the place", async () => {
    const folder = await folderWithPictures();
    const host = await openHost("v2", { folder });
    const result = await host.call("generate_image", {
      prompt: "a fox",
      references: ["gs://a/b.png", "fox.png", "ftp://x/y.png"],
      output: "/etc/fox.png",
    });
    const problems = errorOf(result)["problems"] as { field: string }[];
    expect(problems.map(({ field }) => field)).toEqual(["output", "references.0", "references.2"]);
  });
});
