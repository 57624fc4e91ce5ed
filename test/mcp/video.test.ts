// Clips for agents: inside the person's folders and prices, and from the project's own files alone.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { leadingTo, newFolder, openEmulator } from "../e2e/run-command.ts";
import { errorOf, openHost } from "./host.ts";

const rehearsing = { IMAGE_GEN_REHEARSE: "1" };
const tide = { prompt: "a tide", durationSeconds: 4 };

async function grey(path: string): Promise<void> {
  await sharp({ create: { width: 160, height: 90, channels: 3, background: "grey" } }).toFile(path);
}

describe("generate_video", () => {
  test("gives the clip as a link, and says that a rehearsal is one", async () => {
    const folder = newFolder();
    await grey(join(folder, "first.png"));
    const host = await openHost("v2", { folder, environment: rehearsing });
    const result = await host.call("generate_video", { ...tide, firstFrame: "first.png", output: "tide.mp4" });
    expect(result.structuredContent).toMatchObject({ status: "ok", rehearsal: true, videos: [{ seconds: 4 }] });
    expect(result.content.find(({ type }) => type === "resource_link")).toMatchObject({ mimeType: "video/mp4" });
    expect(result.content[0]?.text).toContain("REHEARSAL");
    expect(existsSync(join(folder, "tide.mp4"))).toBe(true);
  }, 30_000);

  test("reads nothing outside the project, downloads nothing, and writes nothing outside", async () => {
    const outside = join(newFolder(), "secret.png");
    await grey(outside);
    const host = await openHost("v2", { folder: newFolder(), environment: rehearsing });
    for (const [given, code] of [
      [{ firstFrame: outside }, "reference-forbidden"],
      [{ firstFrame: "https://example.com/a.png" }, "reference-forbidden"],
      [{ extendVideo: "gs://bucket/clip.mp4" }, "reference-forbidden"],
      [{ output: "/tmp/clip.mp4" }, "folder-not-allowed"],
    ] as const) {
      expect(errorOf(await host.call("generate_video", { ...tide, ...given }))).toMatchObject({ code, billed: "no" });
    }
  });

  test("is refused above the price that the person wants to be asked for, when nobody can be asked", async () => {
    const emulator = await openEmulator();
    const folder = newFolder();
    writeFileSync(join(folder, "notes.txt"), "");
    const host = await openHost("v2", {
      folder,
      words: ["--auth", "vertex-key"],
      environment: {
        ...leadingTo(emulator),
        VERTEX_API_KEY: emulator.credentials.vertexKey,
        IMAGE_GEN_MCP_CONFIRM_ABOVE: "0.50",
      },
    });
    const refused = await host.call("generate_video", tide);
    expect(errorOf(refused)).toMatchObject({ exitCode: 4, billed: "no" });
    expect(errorOf(await host.call("generate_video", { ...tide, maxCostUsd: 0.1 }))).toMatchObject({ exitCode: 4 });
    expect(emulator.bill().billed).toBe(0);
  });

  test("takes Omni with a key of the Gemini API", async () => {
    const emulator = await openEmulator();
    const folder = newFolder();
    const host = await openHost("v2", {
      folder,
      words: ["--auth", "api-key"],
      environment: { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey },
    });
    const wish = { prompt: "a tide", model: "gemini-omni-1.1-flash", durationSeconds: 3, output: "tide.mp4" };
    const result = await host.call("generate_video", wish);
    expect(result.structuredContent).toMatchObject({
      status: "ok",
      route: { model: wish.model },
      cost: { basis: "usage" },
    });
    expect(existsSync(join(folder, "tide.mp4"))).toBe(true);
  }, 30_000);
});
