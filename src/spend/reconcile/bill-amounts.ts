// Amounts and days as billing exports write them. Amounts are summed exactly and rounded once, because an export may split
// a cent over hundreds of lines.

/** Millionths of a micro-dollar: what a sum is kept in until it is rounded. */
export type PicoUsd = bigint;

const PICO_DECIMALS = 12;
const AMOUNT = /^(-?)\$?(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;

/** `1,234.56`, `-0.5`, `1.34E-4`, `($0.10)` of accountants is refused; `undefined` for what is no amount. */
export function readPicoUsd(given: string): PicoUsd | undefined {
  const match = AMOUNT.exec(given.trim());
  const [, sign, whole = "", fraction = "", exponent = "0"] = match ?? [];
  if (!match || whole + fraction === "") return undefined;
  const digits = whole.replaceAll(",", "") + fraction;
  const shift = PICO_DECIMALS + Number(exponent) - fraction.length;
  if (Math.abs(shift) > 60) return undefined;
  const amount =
    shift >= 0 ? BigInt(digits) * 10n ** BigInt(shift) : roundedDivision(BigInt(digits), 10n ** BigInt(-shift));
  return sign === "-" ? -amount : amount;
}

/** Micro-dollars, half away from zero. */
export function roundToMicroUsd(amount: PicoUsd): number {
  const rounded = roundedDivision(amount < 0n ? -amount : amount, 1_000_000n);
  return Number(amount < 0n ? -rounded : rounded);
}

function roundedDivision(amount: bigint, divisor: bigint): bigint {
  return (amount + divisor / 2n) / divisor;
}

/** A day without a time is a day of the provider's; a moment is known to the second. */
export type BillDay = { readonly kind: "day" | "moment"; readonly day: string };

const DAY = /^(\d{4})[-/](\d{2})[-/](\d{2})$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(UTC|Z|[+-]\d{2}:?\d{2})?$/i;

/** `2026-11-24` as it is, `2026-11-24 23:30:00 UTC` as its UTC day; `undefined` for what is no date. */
export function readBillDay(given: string): BillDay | undefined {
  const text = given.trim();
  const day = DAY.exec(text);
  if (day) {
    const written = day.slice(1).join("-");
    return isDay(written) ? { kind: "day", day: written } : undefined;
  }
  const [, date, time, zone = "Z"] = MOMENT.exec(text) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const offset = zone.toUpperCase() === "UTC" ? "Z" : zone.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
  const ms = Date.parse(`${date}T${time.replace(/(\.\d{3})\d+$/, "$1")}${offset}`);
  return Number.isNaN(ms) || !isDay(date)
    ? undefined
    : { kind: "moment", day: new Date(ms).toISOString().slice(0, 10) };
}

function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
