// Prices of the user's own models file: US dollars become micro-dollars, and the prices said before and told after stay in step.

import type { Problem } from "../../core/tool-error.ts";
import { type Model, type PriceList, sizes } from "./model.ts";
import { type Fields, isFields, wrong } from "./overlay-fields.ts";

const RATE_FIELDS = ["textIn", "imageIn", "textOut", "imageOut"] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Both kinds of price stay in step, so that what is said before and what is told after agree: a new picture rate sets the
 * price of every size that is not named, and a price per picture alone leaves no rates to count tokens by.
 */
export function readPriceList(like: Model, entry: Fields, path: string, problems: Problem[]): PriceList {
  const { perImageUsd, perMillionTokensUsd } = entry;
  if (perImageUsd === undefined && perMillionTokensUsd === undefined) return like.prices;
  const asOf = readDay(entry["asOf"], `${path}.asOf`, problems);
  const rates = readPrices(perMillionTokensUsd, `${path}.perMillionTokensUsd`, RATE_FIELDS, problems);
  const perImage = readPrices(perImageUsd, `${path}.perImageUsd`, sizes, problems);
  const standard = like.prices.rates.standard;
  const imageOut = rates?.["imageOut"];
  const { perSearchQuery } = like.prices;
  return {
    asOf,
    source: "your models file",
    ...(perSearchQuery === undefined ? {} : { perSearchQuery }),
    rates: standard && rates ? { standard: { ...standard, ...rates } } : {},
    perImage: {
      ...like.prices.perImage,
      ...(imageOut === undefined ? {} : pricesByTokens(like.imageTokens, imageOut)),
      ...perImage,
    },
  };
}

/** Micro-dollars of a picture by size, rounded up: a price that is said before is not passed for a fraction. */
function pricesByTokens(imageTokens: Model["imageTokens"], imageOut: number): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(imageTokens).map(([size, tokens]) => [size, Math.ceil((tokens * imageOut) / 1_000_000)]),
  );
}

/** Dollars by name into micro-dollars by name. */
function readPrices(
  value: unknown,
  path: string,
  allowed: readonly string[],
  problems: Problem[],
): Readonly<Record<string, number>> | undefined {
  if (value === undefined) return undefined;
  if (!isFields(value)) {
    problems.push(wrong(path, `${path} must be an object of prices in US dollars.`));
    return undefined;
  }
  const prices: [string, number][] = [];
  for (const [name, usd] of Object.entries(value)) {
    if (!allowed.includes(name))
      problems.push({ ...wrong(`${path}.${name}`, `${path}.${name} is not known.`), allowed });
    else if (typeof usd !== "number" || !(usd >= 0 && usd <= 10_000)) {
      problems.push(wrong(`${path}.${name}`, `${path}.${name} must be a price in US dollars such as 0.134.`));
    } else prices.push([name, Math.round(usd * 1_000_000)]);
  }
  return Object.fromEntries(prices);
}

function readDay(value: unknown, path: string, problems: Problem[]): string {
  if (typeof value === "string" && isDay(value)) return value;
  problems.push(wrong(path, `${path} must be the day of the price, such as 2026-11-01.`));
  return "";
}

/** `2026-02-30` looks like a day and is none. */
function isDay(text: string): boolean {
  const atMs = DAY.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
}
