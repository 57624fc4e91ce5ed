// Amounts for people: bytes, durations, prices.

import { formatUsd, type MicroUsd } from "../../core/money.ts";

/** `1258291` → `1.2 MB`; binary steps, as file managers count. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit]}`;
}

/** `4200` → `4 s`, `83000` → `1 min 23 s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `2`, "picture" → `2 pictures`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function priceEach(microUsd: MicroUsd): string {
  return `${formatUsd(microUsd)}/image`;
}
