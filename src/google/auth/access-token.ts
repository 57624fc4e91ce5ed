// --auth oauth: an access token that the user fetched. It is used as it is and never renewed.

import { bearerHeaders } from "./bearer-headers.ts";
import { checkedSecret } from "./check-secret.ts";
import type { Credential, CredentialSettings } from "./credential.ts";
import { missingCredential } from "./missing-credential.ts";

export function openAccessToken({ accessToken, projectId, quotaProject }: CredentialSettings): Credential {
  if (!accessToken || accessToken.reveal().trim() === "") throw missingCredential("oauth");
  const token = checkedSecret(accessToken, "token");
  return {
    auth: "oauth",
    source: accessToken.source,
    headers: () => Promise.resolve(bearerHeaders(token, quotaProject ?? null)),
    projectId: projectId ?? null,
    secrets: () => [accessToken],
    describe: () => ({ kind: "access token" }),
  };
}
