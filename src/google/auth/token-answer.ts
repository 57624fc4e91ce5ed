// Reads a token out of a token server's answer: OAuth's shape, and that of impersonated service accounts.

import type { Clock } from "../../core/clock.ts";
import type { SmallAnswer } from "../../core/http-call.ts";
import { asText, parseObject } from "../../core/json-field.ts";
import { Secret } from "../../core/secret.ts";
import type { FetchedToken } from "./token-keeper.ts";

/** Google's tokens live one hour, by special permission twelve. A longer life is a mistake of the server's. */
const LONGEST_LIFETIME_MS = 12 * 3_600_000;

/** `null` when there is no token in it that could go into a header. */
export function readTokenAnswer({ status, body }: SmallAnswer, source: string, clock: Clock): FetchedToken | null {
  const content = status === 200 ? parseObject(body) : null;
  const text = asText(content?.["access_token"]) ?? asText(content?.["accessToken"]);
  if (!content || text === null || !/^[\u0021-\u007e]+$/.test(text)) return null;
  return { token: new Secret(text, `token of the ${source}`), lifetimeMs: lifetimeOf(content, clock) };
}

function lifetimeOf(content: Readonly<Record<string, unknown>>, clock: Clock): number | null {
  const expireTime = asText(content["expireTime"]);
  const seconds = Number(content["expires_in"] ?? Number.NaN);
  const lifetimeMs = expireTime === null ? seconds * 1000 : Date.parse(expireTime) - clock.now();
  if (!Number.isFinite(lifetimeMs)) return null;
  return Math.min(Math.max(lifetimeMs, 0), LONGEST_LIFETIME_MS);
}
