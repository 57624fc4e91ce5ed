import { describe, expect, test } from "vitest";
import { createProgress, type ProgressNote } from "./progress.ts";

const nothing = () => {};

function watched() {
  const notes: ProgressNote[] = [];
  let nowMs = 0;
  let tick = nothing;
  let intervalMs = 0;
  const progress = createProgress({
    clock: { now: () => nowMs, monotonic: () => nowMs, sleep: () => Promise.resolve() },
    every: (ms, then) => {
      intervalMs = ms;
      tick = then;
      return () => {
        tick = nothing;
      };
    },
    send: (note) => void notes.push(note),
  });
  const pass = (ms: number) => {
    for (let left = ms; left >= intervalMs; left -= intervalMs) {
      nowMs += intervalMs;
      tick();
    }
  };
  return { notes, progress, pass };
}

describe("progress", () => {
  test("is told at least every 15 s while nothing happens, with what happened last", () => {
    const { notes, progress, pass } = watched();
    progress.tell("sent");
    pass(60_000);
    expect(notes.length).toBeGreaterThanOrEqual(5);
    for (const [index, { progress: seconds }] of notes.entries()) {
      const before = notes[index - 1]?.progress ?? 0;
      expect(seconds - before).toBeLessThanOrEqual(15);
    }
    expect(notes.every(({ message }) => message === "sent")).toBe(true);
  });

  test("only rises, also for events of the same moment", () => {
    const { notes, progress } = watched();
    for (let index = 0; index < 50; index += 1) progress.tell(`event ${index}`);
    const values = notes.map((note) => note.progress);
    expect(values).toEqual([...new Set(values)].toSorted((a, b) => a - b));
  });

  test("is silent after the end", () => {
    const { notes, progress, pass } = watched();
    progress.tell("sent");
    progress.end();
    progress.tell("late");
    pass(60_000);
    expect(notes).toHaveLength(1);
  });
});
