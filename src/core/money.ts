// Money: one unit, the micro-dollar, and how people write and read it.
// Prices and sums live elsewhere; this file only knows amounts.

/** An amount in millionths of a US dollar; always an integer. */
export type MicroUsd = number;

const AMOUNT = /^\$?(\d{1,9})(?:\.(\d{1,6}))?$/;

/**
 * Reads an amount as a person types it: `0.5`, `.50` is refused, `$2` is taken.
 * Returns `undefined` for anything that is not a plain non-negative decimal with at most six places, so that
 * `1e3`, `-1`, `NaN` and `5 USD` can be reported instead of guessed.
 */
export function parseUsd(text: string): MicroUsd | undefined {
  const match = AMOUNT.exec(text.trim());
  if (!match) return undefined;
  const whole = Number(match[1]);
  const fraction = Number((match[2] ?? "").padEnd(6, "0"));
  return whole * 1_000_000 + fraction;
}

/** `134000` → `$0.134`; at least two places, at most six, no trailing zeros beyond cents. */
export function formatUsd(amount: MicroUsd): string {
  const sign = amount < 0 ? "-" : "";
  const absolute = Math.abs(Math.round(amount));
  const whole = Math.floor(absolute / 1_000_000);
  const places = String(absolute % 1_000_000)
    .padStart(6, "0")
    .replace(/0{1,4}$/, "");
  return `${sign}$${whole}.${places}`;
}

/** Dollars as a number, rounded to whole micro-dollars. */
export function microUsdOf(usd: number): MicroUsd {
  return Math.round(usd * 1_000_000);
}
