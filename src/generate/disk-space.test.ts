import type * as fs from "node:fs";
import { expect, test, vi } from "vitest";
import { isToolError } from "../core/tool-error.ts";
import type { GenerateRequest } from "../core/request.ts";
import { useEmulator } from "./testing/emulated.ts";

// A disk with 200 MB free.
vi.mock("node:fs", async (original) => ({
  ...(await original<typeof fs>()),
  statfsSync: () => ({ bavail: 50_000, bsize: 4_000 }),
}));

const { open } = useEmulator();

async function codeOf(request: Partial<GenerateRequest>): Promise<string> {
  try {
    await open().plan({ prompt: "a fox", ...request });
    return "planned";
  } catch (error) {
    return isToolError(error) ? error.code : String(error);
  }
}

test.each([
  [{ count: 40, size: "1K" }, "planned"],
  [{ count: 2, size: "4K" }, "planned"],
  [{ count: 4, size: "4K" }, "disk-full"],
  [{ count: 100, size: "1K" }, "disk-full"],
  // Not every model draws the same 4K.
  [{ count: 3, size: "4K", aspectRatio: "8:1", model: "gemini-nano-banana-2.1" }, "disk-full"],
  [{ count: 40, model: "gemini-3.1-flash-lite-image" }, "planned"],
])("on a disk with 200 MB free, %j: %s", async (request, code) => {
  expect(await codeOf(request)).toBe(code);
});
