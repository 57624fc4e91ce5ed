// The door of this room: from a way of signing in and what was found, to a credential. One line per method.

import type { AuthMethod } from "../../core/route.ts";
import { openAccessToken } from "./access-token.ts";
import { openApiKey } from "./api-key.ts";
import type { Credential, CredentialPorts, CredentialSettings } from "./credential.ts";
import { openProxyKey } from "./proxy-key.ts";
import { openVertexKey } from "./vertex-key.ts";

type Open = (settings: CredentialSettings, ports: CredentialPorts) => Credential | Promise<Credential>;

const methods: Readonly<Record<AuthMethod, Open>> = {
  proxy: openProxyKey,
  "api-key": openApiKey,
  "vertex-key": openVertexKey,
  oauth: openAccessToken,
  // The two that read files are loaded when they are asked for.
  adc: async (settings, ports) => (await import("./application-default.ts")).openApplicationDefault(settings, ports),
  "service-account": async (settings, ports) =>
    (await import("./service-account.ts")).openServiceAccount(settings, ports),
};

/**
 * Opens the credential for one way of signing in. Reads files; fetches no token yet; calls nothing but, for `adc`
 * without any file, the metadata server.
 *
 * @throws ToolError `credential-missing`, `credential-unreadable`, `key-invalid`, `token-invalid`, `config-invalid`.
 */
export async function openCredential(
  method: AuthMethod,
  settings: CredentialSettings,
  ports: CredentialPorts,
): Promise<Credential> {
  return await methods[method](settings, ports);
}
