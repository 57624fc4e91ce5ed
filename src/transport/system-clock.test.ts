import { afterEach, expect, test, vi } from "vitest";
import { systemClock } from "./system-clock.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("a sleep ends after its time and not before", async () => {
  vi.useFakeTimers();
  let awake = false;
  const sleep = systemClock.sleep(1_000).then(() => (awake = true));
  await vi.advanceTimersByTimeAsync(999);
  expect(awake).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await sleep;
  expect(awake).toBe(true);
});

test("a sleep longer than one timer can wait does not end early", async () => {
  vi.useFakeTimers();
  let awake = false;
  const sleep = systemClock.sleep(3_000_000_000).then(() => (awake = true));
  await vi.advanceTimersByTimeAsync(2_999_999_999);
  expect(awake).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await sleep;
});

test("an aborted sleep rejects with the signal's reason and holds no timer", async () => {
  vi.useFakeTimers();
  const controller = new AbortController();
  const reason = new Error("enough");
  const sleep = systemClock.sleep(1_000, controller.signal);
  controller.abort(reason);
  await expect(sleep).rejects.toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
  await expect(systemClock.sleep(1_000, controller.signal)).rejects.toBe(reason);
});

test.each([0, -5, Number.NaN])("a sleep of %d ms ends at once", async (ms) => {
  await expect(systemClock.sleep(ms)).resolves.toBeUndefined();
});

test("the monotonic clock does not follow the wall clock", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 0 });
  const before = systemClock.monotonic();
  vi.setSystemTime(-1_000_000);
  expect(systemClock.now()).toBe(-1_000_000);
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
});
