import { expect, test } from "vitest";
import type { ErrorCode } from "../../core/error-table.ts";
import { ToolError } from "../../core/tool-error.ts";
import { runPictures } from "./run-pictures.ts";

interface Drawn {
  readonly index: number;
  readonly error?: ToolError;
}

const failing = (code: ErrorCode) => ({ error: new ToolError(code) });

test("every picture is drawn once, and the results are in order", async () => {
  const results = await runPictures<Drawn>(9, async (index) => ({ index }));
  expect(results).toEqual(Array.from({ length: 9 }, (_, index) => ({ index })));
});

test("never more than four at the same time", async () => {
  let running = 0;
  let most = 0;
  await runPictures(20, async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((settle) => setImmediate(settle));
    running -= 1;
    return {};
  });
  expect(most).toBe(4);
});

test.each(["key-invalid", "quota-zero", "timeout", "rate-limited"] as const)(
  "after %s no further one is started",
  async (code) => {
    let started = 0;
    await runPictures(40, async () => {
      started += 1;
      return failing(code);
    });
    expect(started).toBe(4);
  },
);

test.each(["refused-safety", "no-image"] as const)("after %s the others are still drawn", async (code) => {
  const results = await runPictures(6, async () => failing(code));
  expect(results).toHaveLength(6);
});

test("after the stop no further one is started, and those on their way are waited for", async () => {
  const stop = new AbortController();
  const results = await runPictures<Drawn>(
    40,
    async (index) => {
      stop.abort();
      await new Promise((settle) => setImmediate(settle));
      return { index };
    },
    stop.signal,
  );
  expect(results.map(({ index }) => index)).toEqual([0]);
});
