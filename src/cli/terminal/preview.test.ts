import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { screenAfter } from "../testing/screen.ts";
import { previewCodes, previewProtocol, shrinkForPreview } from "./preview.ts";

describe("preview", () => {
  test.each([
    [{ TERM: "xterm-kitty" }, "kitty"],
    [{ KITTY_WINDOW_ID: "1", TERM: "xterm-256color" }, "kitty"],
    [{ TERM_PROGRAM: "iTerm.app" }, "iterm2"],
    [{ TERM_PROGRAM: "WezTerm" }, "iterm2"],
    [{ TERM: "xterm-256color" }, null],
    [{ TERM: "xterm-kitty", TMUX: "/tmp/tmux,1,0" }, null],
    [{ TERM: "screen-256color", KITTY_WINDOW_ID: "1" }, null],
  ])("%j speaks %s", (environment, protocol) => {
    expect(previewProtocol(environment)).toBe(protocol);
  });

  test("kitty gets pieces of at most 4096 characters, the last one marked", () => {
    const codes = previewCodes("kitty", new Uint8Array(10_000));
    const pieces = [...codes.matchAll(/\u001b_G([^;]*);([^\u001b]*)\u001b\\/g)];
    expect(pieces.map(([, keys]) => keys)).toEqual(["a=T,f=100,q=2,m=1", "m=1", "m=1", "m=0"]);
    expect(Math.max(...pieces.map(([, , data = ""]) => data.length))).toBe(4096);
    expect(Buffer.from(pieces.map(([, , data]) => data).join(""), "base64")).toHaveLength(10_000);
  });

  test.each(["kitty", "iterm2"] as const)(
    "a terminal that does not know %s's codes shows nothing of them",
    async (protocol) => {
      expect(await screenAfter(previewCodes(protocol, new Uint8Array(5_000)), 40)).toEqual([]);
    },
  );

  test("a large picture is made small, a damaged one is no failure", async () => {
    const folder = mkdtempSync(join(tmpdir(), "image-gen-preview-"));
    const path = join(folder, "ภาพ.png");
    await sharp({ create: { width: 1200, height: 600, channels: 3, background: "red" } })
      .png()
      .toFile(path);
    const small = await shrinkForPreview(path);
    const { width, height } = await sharp(small ?? new Uint8Array()).metadata();
    expect([width, height]).toEqual([480, 240]);
    writeFileSync(path, "no picture");
    expect(await shrinkForPreview(path)).toBeNull();
    rmSync(folder, { recursive: true });
  });
});
