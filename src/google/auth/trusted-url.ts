// Which hosts a credentials file may name for the exchange of secrets against tokens: Google's, and this machine's.
// A file that somebody else made must not be able to send a refresh token or a signed assertion elsewhere.

import { isLoopbackHost } from "../../core/loopback.ts";

export function isTrustedTokenUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return false;
  if (isLoopbackHost(url.hostname)) return url.protocol === "http:" || url.protocol === "https:";
  return url.protocol === "https:" && url.port === "" && /(?:^|\.)(?:googleapis|google)\.com$/.test(url.hostname);
}
