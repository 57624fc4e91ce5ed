// Keeps a fetched token until shortly before it ends, and lets calls made at the same time share one fetch.

import type { Clock } from "../../core/clock.ts";
import type { Secret } from "../../core/secret.ts";

export interface FetchedToken {
  readonly token: Secret;
  /** How long it is good from now; `null` when the server did not say. */
  readonly lifetimeMs: number | null;
}

/** Google's libraries renew five minutes before the end: google-apis facts §9.1. */
const RENEW_BEFORE_MS = 300_000;
/** A token of unknown life is fetched again after this. */
const UNKNOWN_LIFETIME_MS = 60_000;

/** Failures are not kept: the next call tries again. */
export function keepToken(fetchToken: () => Promise<FetchedToken>, clock: Clock): () => Promise<Secret> {
  let kept: { readonly token: Secret; readonly isFresh: () => boolean } | null = null;
  let running: Promise<Secret> | null = null;

  async function renew(): Promise<Secret> {
    const askedAtMs = clock.now();
    const askedAtMonotonicMs = clock.monotonic();
    const { token, lifetimeMs } = await fetchToken();
    const lifetime = lifetimeMs ?? UNKNOWN_LIFETIME_MS;
    // A token that lives less than ten minutes is used for half its life, so that it is not fetched for every call.
    const keepMs = Math.max(lifetime - RENEW_BEFORE_MS, lifetime / 2);
    // Both clocks: the wall's may be set back, the monotonic one stands still while a laptop sleeps.
    const isFresh = (): boolean => clock.now() < askedAtMs + keepMs && clock.monotonic() < askedAtMonotonicMs + keepMs;
    kept = { token, isFresh };
    return token;
  }

  return async () => {
    if (kept?.isFresh()) return kept.token;
    running ??= renew().finally(() => {
      running = null;
    });
    return await running;
  };
}
