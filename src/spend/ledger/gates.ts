// Gates: "not before" of a provider, shared by all processes, so that one RetryInfo is honoured by everybody who uses the
// same credential and model. Advice and not money: gates are not in the mirror.

import type { Database } from "./database.ts";

export interface GateKey {
  readonly endpoint: string;
  /** A hash; never the credential. */
  readonly credential: string;
  readonly model: string;
}

/** Nobody goes through before `untilMs`; an earlier end than the one that stands changes nothing. */
export function holdGate(
  database: Database,
  { endpoint, credential, model }: GateKey,
  untilMs: number,
  nowMs: number,
): void {
  database.immediate(() => {
    database.run("DELETE FROM gates WHERE until_ms <= ? OR set_at_ms > ?", nowMs, nowMs);
    database.run(
      `INSERT INTO gates (endpoint, credential, model, set_at_ms, until_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET until_ms = max(until_ms, excluded.until_ms)`,
      endpoint,
      credential,
      model,
      Math.floor(nowMs),
      Math.ceil(untilMs),
    );
  });
}

/**
 * When the gate opens, milliseconds since 1970; `null`: it is open. A gate that was set in the future is void: the clock
 * went back, and a wait of seconds must not become one of a day.
 */
export function gateUntil(database: Database, { endpoint, credential, model }: GateKey, nowMs: number): number | null {
  const row = database.get<{ until_ms: number }>(
    `SELECT until_ms FROM gates
     WHERE endpoint = ? AND credential = ? AND model = ? AND until_ms > ? AND set_at_ms <= ?`,
    endpoint,
    credential,
    model,
    nowMs,
    nowMs,
  );
  return row?.until_ms ?? null;
}
