// --auth proxy: a key of CLIProxyAPI's own config.yaml, or none when the proxy is open.
// Source: cliproxyapi facts §1, measured on v7.2.140.

import { checkedSecret } from "./check-secret.ts";
import type { Credential, CredentialSettings } from "./credential.ts";

export function openProxyKey({ proxyKey, projectId }: CredentialSettings): Credential {
  const given = proxyKey !== undefined && proxyKey.reveal().trim() !== "" ? proxyKey : null;
  const key = given && checkedSecret(given, "key");
  return {
    auth: "proxy",
    source: given?.source ?? "no key",
    // It takes the key in five places; as Bearer it cannot be mistaken for a Google key.
    headers: () => Promise.resolve(key === null ? {} : { authorization: `Bearer ${key}` }),
    projectId: projectId ?? null,
    secrets: () => (given ? [given] : []),
    describe: () => ({ kind: given ? "key of CLIProxyAPI" : "open proxy" }),
  };
}
