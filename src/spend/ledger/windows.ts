// Windows: which calendar day a call belongs to and when the next one begins, in the local time of the user.
// A clock or a time zone that goes back never opens an earlier window again; meta.ts keeps the highest ones seen.

import type { BudgetWindow } from "../../core/cap.ts";

/** `2026-11-24` for a moment, in local time. */
export function dayOf(ms: number): string {
  const date = new Date(ms);
  const year = String(date.getFullYear()).padStart(4, "0");
  const month = String(date.getMonth() + 1).padStart(2, "0");
  return `${year}-${month}-${String(date.getDate()).padStart(2, "0")}`;
}

/** `2026-11` of a day. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The later of two days. Days of this form sort as text. */
export function laterDay(one: string, other: string): string {
  return one > other ? one : other;
}

/** First moment after the window that holds `day`; `null` for windows that never renew. Right across daylight saving time. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
export function renewsAtMs(window: BudgetWindow, day: string): number | null {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  switch (window) {
    case "day":
      return new Date(year, month - 1, date + 1).getTime();
    case "month":
      return new Date(year, month, 1).getTime();
    case "run":
    case "all":
      return null;
  }
}
