// When a provider says to come back, in all the ways it says so, read strictly: a number that cannot be meant is not taken.

import { fieldOf, listOf, textOf } from "../json-values.ts";

// A weekly quota is the longest wait that was seen (599 961 s, CLIProxyAPI issue 2107). Beyond a month it is garbage.
const LONGEST_MS = 31 * 86_400_000;

/** Where a wait can stand. */
export interface RetryEvidence {
  /** The object in the body's field `error`. */
  readonly error: unknown;
  /** Its `details`. */
  readonly details: readonly unknown[];
  readonly message: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Milliseconds until another attempt makes sense, rounded up; `undefined` when nothing believable is said. In this order:
 * CLIProxyAPI's `reset_seconds`, Google's `RetryInfo`, `quotaResetDelay`, the sentence "retry in 44.09s", `Retry-After`
 * (a date is counted from the server's own `Date`, so that a wrong clock does no harm).
 * Sources: google-apis facts §4, cliproxyapi facts §3, 2026-11-22.
 */
export function readRetryAfter({ error, details, message, headers }: RetryEvidence): number | undefined {
  return (
    fromSeconds(fieldOf(error, "reset_seconds")) ??
    firstOf(details, (detail) =>
      String(fieldOf(detail, "@type")).endsWith("google.rpc.RetryInfo")
        ? fromProtobufDuration(fieldOf(detail, "retryDelay"))
        : undefined,
    ) ??
    firstOf(details, (detail) => fromGoDuration(fieldOf(fieldOf(detail, "metadata"), "quotaResetDelay"))) ??
    fromSentence(message.slice(0, 4_096)) ??
    fromHeaders(headers)
  );
}

function firstOf(details: readonly unknown[], read: (detail: unknown) => number | undefined): number | undefined {
  for (const detail of listOf(details)) {
    const found = read(detail);
    if (found !== undefined) return found;
  }
  return undefined;
}

function believable(ms: number): number | undefined {
  return ms >= 0 && ms <= LONGEST_MS ? Math.ceil(ms) : undefined;
}

function fromSeconds(value: unknown): number | undefined {
  return typeof value === "number" ? believable(value * 1_000) : undefined;
}

/** `44s`, `0.5s`, `44.097740004s`: the JSON form of google.protobuf.Duration, never negative here. */
function fromProtobufDuration(value: unknown): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(textOf(value) ?? "");
  return match ? believable(Number(match[1]) * 1_000) : undefined;
}

/** `166h39m21s`, `57.2ms`: durations as Go programs write them, also CLIProxyAPI and cloudcode-pa. */
function fromGoDuration(value: unknown): number | undefined {
  const match = /^(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,9}(?:\.\d{1,12})?)s)?(?:(\d{1,9}(?:\.\d{1,12})?)ms)?$/.exec(
    textOf(value) ?? "-",
  );
  if (!match) return undefined;
  const [hours = 0, minutes = 0, seconds = 0, ms = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return believable(((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms);
}

/** "Please retry in 44.09s." of generativelanguage; "12s remaining" of CLIProxyAPI's short rest. */
function fromSentence(message: string): number | undefined {
  const match = /\bretry in ([0-9.hms]+?)\.?(?:\s|$)/i.exec(message) ?? /\b([0-9.hms]+) remaining\b/i.exec(message);
  return match ? fromGoDuration(match[1]) : undefined;
}

function fromHeaders(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers["retry-after"]?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) return believable(Number(value) * 1_000);
  const until = httpDate(value);
  const now = httpDate(headers["date"]?.trim() ?? "");
  // A date in the past says nothing.
  return believable(until - now);
}

/** Only the form that HTTP prescribes: `Tue, 24 Nov 2026 08:15:00 GMT`; `NaN` for everything else. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : Number.NaN;
}
