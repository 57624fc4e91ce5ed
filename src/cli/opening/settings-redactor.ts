// The redactor that knows every secret of this command line's settings.

import { createRedactor, type Redact } from "../../core/redaction.ts";
import { isSecret, type Secret } from "../../core/secret.ts";
import type { ResolvedSettings } from "../../settings/resolve.ts";
import { settingNames } from "../../settings/table.ts";

export function redactorOf(settings: ResolvedSettings | null): Redact {
  const secrets = settings
    ? settingNames.map((name) => settings.values[name]).filter((value): value is Secret => isSecret(value))
    : [];
  return createRedactor(secrets);
}
