// Credentials on the command line must be for the chosen way of signing in: a key that is silently not used, or sent to
// somebody it was not meant for, is worse than a refusal.

import type { AuthMethod } from "../../core/route.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { ResolvedSettings } from "../../settings/resolve.ts";

const usedBy: readonly {
  readonly setting: "apiKey" | "accessToken" | "credentialsFile";
  readonly auth: readonly AuthMethod[];
}[] = [
  // The key of a proxy counts only when the proxy was chosen by name: by default it would get a Google key by mistake.
  { setting: "apiKey", auth: ["api-key", "vertex-key", "proxy"] },
  { setting: "accessToken", auth: ["oauth"] },
  { setting: "credentialsFile", auth: ["service-account", "adc"] },
];

/** A problem for each credential option that the chosen `--auth` does not use. */
export function checkCredentialFlags({ values, origins }: ResolvedSettings): Problem[] {
  const chosen = values.auth;
  return usedBy.flatMap(({ setting, auth }) => {
    const origin = origins[setting];
    if (origin.kind !== "flag") return [];
    const byDefault = origins.auth.kind === "default";
    if (auth.some((method) => method === chosen && !(method === "proxy" && byDefault))) return [];
    const [suggestion = ""] = auth;
    return [
      {
        code: "value-not-allowed",
        field: origin.name,
        message: `${origin.name} does not go with --auth ${chosen}${byDefault ? ", the default" : ""}.`,
        allowed: auth.map((method) => `--auth ${method}`),
        suggestion: `--auth ${suggestion}`,
      } satisfies Problem,
    ];
  });
}

/** What to say about the secrets that this run uses; `null` settings are said always. */
export function relevantWarnings({ values, warnings }: ResolvedSettings): string[] {
  const used = values.auth === "api-key" ? "apiKey" : null;
  return warnings
    .filter(({ setting, message }) => setting === null || setting === used || message.includes("command line"))
    .map(({ message }) => message);
}
