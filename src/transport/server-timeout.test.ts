import { assert, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { serverTimeoutSeconds, withServerTimeout } from "./server-timeout.ts";

const call = { method: "POST", url: "http://a.example", headers: {}, body: null } as const;

test.each([
  [300_000, 240],
  [600_000, 540],
  [100_000, 80],
  [2_000, 1],
])("a call of %i ms gives the server %i s", (totalMs, seconds) => {
  expect(serverTimeoutSeconds(totalMs)).toBe(seconds);
  expect(withServerTimeout(call, totalMs).headers).toEqual({ "x-server-timeout": String(seconds) });
});

test("the server's deadline is always below the call's own", () => {
  assert(
    property(integer({ min: 1, max: 10_000_000 }), (totalMs) => {
      const serverMs = (serverTimeoutSeconds(totalMs) ?? 0) * 1000;
      expect(serverMs).toBeLessThan(totalMs);
      expect(serverMs).toBeGreaterThanOrEqual(totalMs < 1_250 ? 0 : 1_000);
    }),
  );
});

test("a call too short for it, or with a header of its own, stays as it is", () => {
  expect(withServerTimeout(call, 900)).toBe(call);
  const own = { ...call, headers: { "x-server-timeout": "7" } };
  expect(withServerTimeout(own, 300_000)).toBe(own);
});
