// A clip that was begun, and whose caller is gone: for tests of what is never lost and never bought twice.

import { expect } from "vitest";
import type { ClipRequest } from "../../core/clip.ts";
import type { Emulator } from "../../emulator/index.ts";
import { systemClock } from "../../transport/system-clock.ts";
import type { VideoGen } from "../clip/create-video-gen.ts";

/** The operation's id; the clip is ready when this resolves. */
export async function leaveBegun(emulator: Emulator, library: VideoGen, request: ClipRequest): Promise<string> {
  const leaving = new AbortController();
  emulator.plan([{ action: { type: "operation", takesMs: 300 } }]);
  const outcome = await library.generate(request, {
    signal: leaving.signal,
    onProgress: ({ type }) => {
      if (type === "working") leaving.abort();
    },
  });
  expect(outcome).toMatchObject({ status: "error", error: { code: "interrupted", billed: "maybe" } });
  await systemClock.sleep(400);
  return outcome.operation;
}
