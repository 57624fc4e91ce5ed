// Chance: numbers that look like chance and are the same for the same seed, so that a failure can be played again.

export interface Chance {
  /** From 0 up to but not including 1. */
  fraction(): number;
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
  /** Numbers of its own for case `index`: the same whatever was drawn before it, so that one case can be played alone. */
  forCase(index: number): Chance;
}

/** Mulberry32: small, and good enough to spread kills over a run. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1));
  return {
    fraction,
    whole,
    pick: (values) => values[whole(0, values.length - 1)] ?? values[0],
    forCase: (index) => createChance((Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0),
  };
}
