import { describe, expect, test } from "vitest";
import type { EmulatorClock } from "./clock.ts";
import type { JsonObject } from "./json.ts";
import { ask, pictureRequest, useEmulator } from "./testing/asking.ts";

const waitedMs: number[] = [];
const clock: EmulatorClock = {
  nowMs: () => 1_790_000_000_000,
  wait: (ms) => {
    waitedMs.push(ms);
    return Promise.resolve();
  },
};

describe("measured latency", () => {
  const emulator = useEmulator({ clock, latency: "measured" });

  test.each<[string, JsonObject, number, number]>([
    ["a plain picture takes 3 to 10 seconds", {}, 3000, 10_000],
    ["a 4K picture takes 35 to 142 seconds", { imageConfig: { imageSize: "4K", aspectRatio: "1:1" } }, 35_000, 142_000],
  ])("%s", async (_name, config, fromMs, toMs) => {
    waitedMs.length = 0;
    const url = `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/gemini-nano-banana-2.1:generateContent`;
    await ask(url, pictureRequest("A cat", config), { "x-goog-api-key": "AIza-any" });
    expect(waitedMs).toHaveLength(1);
    expect(waitedMs[0]).toBeGreaterThanOrEqual(fromMs);
    expect(waitedMs[0]).toBeLessThanOrEqual(toMs);
  });

  test("a server deadline before the end is answered with 504 at that time, and nothing is billed", async () => {
    waitedMs.length = 0;
    const url = `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/gemini-nano-banana-2.1:generateContent`;
    const headers = { "x-goog-api-key": "AIza-any", "x-server-timeout": "2" };
    expect((await ask(url, pictureRequest("A cat"), headers)).status).toBe(504);
    expect(waitedMs).toEqual([2000]);
    expect(emulator().bill()).toMatchObject({ billed: 0 });
  });

  test("an error comes at once", async () => {
    waitedMs.length = 0;
    await ask(
      `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/x:generateContent`,
      {},
      { "x-goog-api-key": "AIza-any" },
    );
    expect(waitedMs.filter((ms) => ms > 0)).toEqual([]);
  });
});

test("without latency nothing is waited for", async () => {
  const { startEmulator } = await import("./index.ts");
  const emulator = await startEmulator({ clock });
  waitedMs.length = 0;
  await ask(`${emulator.url}/v1beta/models/gemini-3.1-flash-image:generateContent`, pictureRequest("A cat"));
  expect(waitedMs.filter((ms) => ms > 0)).toEqual([]);
  await emulator.close();
});
