import { describe, expect, test } from "vitest";
import { readRetryAfter } from "./retry-after.ts";

const nothing = { error: {}, details: [], message: "", headers: {} };
const retryInfo = (retryDelay: unknown) => ({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay });

describe("when to come back", () => {
  test.each([
    ["44s", 44_000],
    ["0.5s", 500],
    ["44.097740004s", 44_098],
    ["0s", 0],
    ["9999s", 9_999_000],
  ])("RetryInfo %s is %d ms, rounded up", (delay, ms) => {
    expect(readRetryAfter({ ...nothing, details: [{}, retryInfo(delay)] })).toBe(ms);
  });

  test.each(["-5s", "abc", "NaNs", "Infinitys", "1e9s", "1000000000s", "5", "5 s", "s", ".5s", "", 44, null, {}])(
    "RetryInfo %j is not believed",
    (delay) => {
      expect(readRetryAfter({ ...nothing, details: [retryInfo(delay)] })).toBeUndefined();
    },
  );

  test.each([
    ["Quota exceeded.\nPlease retry in 44.09s.", 44_090],
    ["Please retry in 57.2ms.", 58],
    ["Please retry in 1h2m3s", 3_723_000],
    ["auth in short cooldown, 12s remaining", 12_000],
  ])("the sentence %j is read", (message, ms) => {
    expect(readRetryAfter({ ...nothing, message })).toBe(ms);
  });

  test.each(["Please retry in a moment.", "retry in -4s", "retry in 44", "nothing remaining", "retry in ."])(
    "the sentence %j says no time",
    (message) => {
      expect(readRetryAfter({ ...nothing, message })).toBeUndefined();
    },
  );

  test.each([
    [98, 98_000],
    [0.25, 250],
    [599_961, 599_961_000],
    [-1, undefined],
    [1e9, undefined],
    ["98", undefined],
    [Number.NaN, undefined],
  ])("reset_seconds %j of CLIProxyAPI is %s ms", (seconds, ms) => {
    expect(readRetryAfter({ ...nothing, error: { reset_seconds: seconds } })).toBe(ms);
  });

  test("quotaResetDelay is a Go duration", () => {
    const details = [{ reason: "QUOTA_EXHAUSTED", metadata: { quotaResetDelay: "166h39m21s" } }];
    expect(readRetryAfter({ ...nothing, details })).toBe(599_961_000);
  });

  test.each([
    [{ "retry-after": "98" }, 98_000],
    [{ "retry-after": "-3" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "Tue, 24 Nov 2026 08:15:30 GMT", date: "Tue, 24 Nov 2026 08:15:00 GMT" }, 30_000],
    [{ "retry-after": "Tue, 24 Nov 2026 08:14:00 GMT", date: "Tue, 24 Nov 2026 08:15:00 GMT" }, undefined],
    [{ "retry-after": "Tue, 24 Nov 2026 08:15:30 GMT" }, undefined],
    [{ "retry-after": "2030", date: "Tue, 24 Nov 2026 08:15:00 GMT" }, 2_030_000],
  ])("the headers %j say %s ms", (headers, ms) => {
    expect(readRetryAfter({ ...nothing, headers })).toBe(ms);
  });

  test("the most exact source wins", () => {
    const message = "Please retry in 3s.";
    const headers = { "retry-after": "4" };
    const details = [retryInfo("2s")];
    expect(readRetryAfter({ error: { reset_seconds: 1 }, details, message, headers })).toBe(1_000);
    expect(readRetryAfter({ error: {}, details, message, headers })).toBe(2_000);
    expect(readRetryAfter({ error: {}, details: [], message, headers })).toBe(3_000);
    expect(readRetryAfter({ error: {}, details: [], message: "", headers })).toBe(4_000);
  });
});
