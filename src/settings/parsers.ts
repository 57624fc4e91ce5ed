// Parsers: text from a flag, an environment variable or the settings file becomes a value, or says what is wrong with it.
// What a model or an endpoint allows is the plan's business; here only what is true for every model.

import { delimiter, isAbsolute } from "node:path";
import { type MicroUsd, parseUsd } from "../core/money.ts";
import { nearest } from "../core/nearest.ts";

/** What is wrong with a value; the resolver adds which field it was and what was given. */
interface ParseProblem {
  readonly message: string;
  readonly allowed?: readonly string[];
  readonly suggestion?: string;
}

type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ParseProblem };

export type Parser<T> = (text: string) => Parsed<T>;

function accept<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

function refuse(message: string, more: Omit<ParseProblem, "message"> = {}): Parsed<never> {
  return { ok: false, problem: { message, ...more } };
}

/** Any text but nothing; surrounding white space is dropped. */
export const text: Parser<string> = (given) => {
  const trimmed = given.trim();
  return trimmed === "" ? refuse("is empty.") : accept(trimmed);
};

/** Text kept to the letter, for keys and system instructions. */
export const exactText: Parser<string> = (given) => (given.trim() === "" ? refuse("is empty.") : accept(given));

/** One of a fixed list; upper and lower case are the same. */
export function choice<const T extends string>(allowed: readonly T[]): Parser<T> {
  return (given) => {
    const wanted = given.trim().toLowerCase();
    const found = allowed.find((value) => value.toLowerCase() === wanted);
    if (found !== undefined) return accept(found);
    const [suggestion] = nearest(wanted, allowed, 1);
    return refuse("is not one of the allowed values.", { allowed, ...(suggestion ? { suggestion } : {}) });
  };
}

/** Several of a fixed list with commas between them; at least one. */
export function choices<const T extends string>(allowed: readonly T[]): Parser<readonly T[]> {
  const one = choice(allowed);
  return (given) => {
    const values: T[] = [];
    for (const word of given.split(",")) {
      const parsed = one(word);
      if (!parsed.ok)
        return refuse(
          `names ${JSON.stringify(word.trim())}, which is not allowed.`,
          parsed.problem.allowed ? { allowed } : {},
        );
      values.push(parsed.value);
    }
    return accept(values);
  };
}

/** Whole numbers with commas between them; at least one. */
export const wholeNumbers: Parser<readonly number[]> = (given) => {
  const words = given.split(",").map((word) => word.trim());
  const wrong = words.find((word) => !/^\d{1,9}$/.test(word));
  return wrong === undefined
    ? accept(words.map(Number))
    : refuse(`must be whole numbers with commas between them, and ${JSON.stringify(wrong)} is none.`);
};

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Where the bounds are the model's, only the kind is named; the plan names the bounds. */
function rangeOf(kind: string, { least, most }: Bounds): string {
  return Number.isFinite(least) && Math.abs(most) < 1e9 ? `${kind} from ${least} to ${most}` : kind;
}

const DECIMAL = /^[+-]?\d{1,15}(?:\.\d{1,9})?$/;

function bounded(value: number, { least, most }: Bounds): Parsed<number> {
  if (value < least || value > most) {
    return refuse(`must be from ${least} to ${most}.`, { suggestion: String(Math.min(most, Math.max(least, value))) });
  }
  return accept(value);
}

/** A whole number in plain decimal digits: `1e3`, `0x10` and `3.0` are refused, not guessed. */
export function wholeNumber(bounds: Bounds): Parser<number> {
  return (given) => {
    const trimmed = given.trim();
    if (!/^[+-]?\d{1,15}$/.test(trimmed)) {
      return refuse("must be a whole number.", { allowed: [rangeOf("whole numbers", bounds)] });
    }
    return bounded(Number(trimmed), bounds);
  };
}

/** A plain decimal number. */
export function decimal(bounds: Bounds): Parser<number> {
  return (given) => {
    const trimmed = given.trim();
    if (!DECIMAL.test(trimmed)) {
      return refuse("must be a number such as 0.7.", { allowed: [rangeOf("numbers", bounds)] });
    }
    return bounded(Number(trimmed), bounds);
  };
}

/** Seconds as a person types them, in milliseconds. */
export function secondsAsMs(bounds: Bounds): Parser<number> {
  const seconds = decimal(bounds);
  return (given) => {
    const parsed = seconds(given.trim().replace(/\s*s(?:ec(?:onds?)?)?$/i, ""));
    return parsed.ok ? accept(Math.round(parsed.value * 1000)) : parsed;
  };
}

/** US dollars, `0.5` or `$0.50`; the value is in dollars. */
export const dollars: Parser<number> = (given) => {
  const microUsd = parseUsd(given);
  return microUsd === undefined
    ? refuse("must be an amount in US dollars such as 0.50.")
    : accept(microUsd / 1_000_000);
};

const BUDGET_AMOUNTS = ["dollars from 0 to 999999999.999999, in plain digits with at most six decimals"];

/**
 * A budget, in micro-dollars and exact. Without a dollar sign: in a shell `$50` is the value of a variable, and what is
 * left of it may be another amount.
 */
export const budgetAmount: Parser<MicroUsd> = (given) => {
  const microUsd = given.includes("$") ? undefined : parseUsd(given);
  if (microUsd !== undefined) return accept(microUsd);
  // Only what drops a sign or a unit: a budget is never guessed upwards.
  const plain = given.trim().replace(/^\$\s*|\s*(?:\$|usd|dollars?)$/gi, "");
  return refuse("is not an amount for a budget.", {
    allowed: BUDGET_AMOUNTS,
    ...(plain !== given.trim() && parseUsd(plain) !== undefined ? { suggestion: plain } : {}),
  });
};

/** Absolute folders with the system's path separator between them. */
export const absoluteFolders: Parser<readonly string[]> = (given) => {
  const folders = given
    .split(delimiter)
    .map((folder) => folder.trim())
    .filter((folder) => folder !== "");
  if (folders.length === 0) return refuse("is empty.");
  const relative = folders.find((folder) => !isAbsolute(folder));
  return relative === undefined ? accept(folders) : refuse(`must be absolute, and ${JSON.stringify(relative)} is not.`);
};

/** Host names with commas between them, in lower case. */
export const hostNames: Parser<readonly string[]> = (given) => {
  const hosts = given
    .split(",")
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== "");
  if (hosts.length === 0) return refuse("is empty.");
  const wrong = hosts.find((host) => !/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z]$/.test(host));
  return wrong === undefined ? accept(hosts) : refuse(`must be names of hosts, and ${JSON.stringify(wrong)} is none.`);
};

export const onOff: Parser<boolean> = (given) => {
  const wanted = given.trim().toLowerCase();
  if (["true", "on", "yes", "1"].includes(wanted)) return accept(true);
  if (["false", "off", "no", "0"].includes(wanted)) return accept(false);
  return refuse("must be true or false.", { allowed: ["true", "false"] });
};

/** An absolute http or https URL. Which of the two is allowed where is the endpoint's rule. */
export const webAddress: Parser<string> = (given) => {
  const trimmed = given.trim();
  if (!URL.canParse(trimmed)) {
    const guess = `https://${trimmed}`;
    return refuse("is not a URL.", /^[\w.-]+(?::\d+)?(?:\/\S*)?$/.test(trimmed) ? { suggestion: guess } : {});
  }
  const { protocol } = new URL(trimmed);
  if (protocol !== "http:" && protocol !== "https:") return refuse("must begin with http:// or https://.");
  return accept(trimmed);
};

/** An HTTP proxy; `host:port` without a scheme means http, as curl reads it. */
export const proxyAddress: Parser<string> = (given) => {
  const trimmed = given.trim();
  return webAddress(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
};
