import { describe, expect, test } from "vitest";
import { createTurns } from "./turns.ts";

const never = new AbortController().signal;

/** A body that ends when it is told to. */
function held() {
  const { promise, resolve } = deferred();
  return { body: () => promise, release: resolve };
}

function deferred() {
  let resolve: (() => void) | undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve?.() };
}

describe("turns", () => {
  test("are taken by so many at once, the others in their order", async () => {
    const turns = createTurns(2);
    const [first, second] = [held(), held()];
    const order: number[] = [];
    const running = [turns.take(first.body, never), turns.take(second.body, never)];
    const waiting = [3, 4].map((number) => turns.take(() => Promise.resolve(order.push(number)), never));
    await Promise.resolve();
    expect(order).toEqual([]);
    first.release();
    await Promise.all(waiting);
    expect(order).toEqual([3, 4]);
    second.release();
    await Promise.all(running);
  });

  test("that are given up while waiting are never taken, and hold up nobody", async () => {
    const turns = createTurns(1);
    const first = held();
    const stop = new AbortController();
    const running = turns.take(first.body, never);
    let taken = false;
    const given = turns.take(() => {
      taken = true;
      return Promise.resolve();
    }, stop.signal);
    const last = turns.take(() => Promise.resolve("last"), never);
    stop.abort();
    await expect(given).rejects.toMatchObject({ code: "interrupted", details: { billed: "no" } });
    first.release();
    expect(await last).toBe("last");
    expect(taken).toBe(false);
    await running;
    await expect(turns.take(() => Promise.resolve(), stop.signal)).rejects.toMatchObject({ code: "interrupted" });
  });

  test("end with a failure as well", async () => {
    const turns = createTurns(1);
    await expect(turns.take(() => Promise.reject(new Error("no")), never)).rejects.toThrow("no");
    expect(await turns.take(() => Promise.resolve("next"), never)).toBe("next");
  });
});
