// Which project an account's Code Assist belongs to: asks `:loadCodeAssist` and reads the answer. Does no I/O itself.
// Never starts the onboarding that would set a project up. Source: google-apis facts §1.6, cliproxyapi facts §2.1, §6, §7.

import type { ErrorCode } from "../../core/error-table.ts";
import { isGoogleAddress } from "../../core/google-address.ts";
import type { SendSmall, SmallAnswer } from "../../core/http-call.ts";
import { createRedactor, plainText } from "../../core/redaction.ts";
import type { Secret } from "../../core/secret.ts";
import { ToolError } from "../../core/tool-error.ts";
import { asArray, asObject, asText, parseObject } from "../../core/json-field.ts";

export interface CodeAssistRequest {
  readonly baseUrl: string;
  /** From the credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly send: SendSmall;
  /** Masked in what the provider says. */
  readonly secrets?: readonly Secret[];
  /** Default 30 000. */
  readonly timeoutMs?: number;
}

/**
 * The project id to put into the envelope when the user gives none.
 *
 * @throws ToolError `project-missing` when the account has none, `client-not-supported`, `account-blocked`,
 * `terms-violation`, `token-invalid`, `scope-insufficient`, `api-disabled`, `permission-denied`, `rate-limited`,
 * `server-error`, `connect-failed`, and what `send` throws.
 */
export async function loadCodeAssistProject({
  baseUrl,
  headers,
  send,
  secrets = [],
  timeoutMs = 30_000,
}: CodeAssistRequest): Promise<string> {
  const metadata = { ideType: "IDE_UNSPECIFIED", platform: "PLATFORM_UNSPECIFIED", pluginType: "GEMINI" };
  const answer = await send(
    {
      method: "POST",
      url: `${baseUrl}/v1internal:loadCodeAssist`,
      headers: { accept: "application/json", "content-type": "application/json", ...headers },
      body: new TextEncoder().encode(JSON.stringify({ metadata })),
    },
    { timeoutMs },
  );
  const content = parseObject(answer.body);
  const redact = createRedactor(secrets);
  const clean = (text: string | null): string | null => text && plainText(redact(text), 500);
  if (answer.status !== 200) throw refusal(answer, asObject(content?.["error"]), clean);
  if (!content) throw foreign(answer);
  const project = content["cloudaicompanionProject"];
  const id = asText(project) ?? asText(asObject(project)?.["id"]);
  if (id !== null) return id;
  throw withoutProject(content, clean);
}

type Clean = (text: string | null) => string | null;

/** Reasons that Google gives, in an error's ErrorInfo or for a tier that the account cannot have. */
const REASONS: Readonly<Record<string, ErrorCode>> = {
  UNSUPPORTED_CLIENT: "client-not-supported",
  VALIDATION_REQUIRED: "account-blocked",
  TOS_VIOLATION: "terms-violation",
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: "scope-insufficient",
  SERVICE_DISABLED: "api-disabled",
  CONSUMER_SUSPENDED: "account-blocked",
};

const STATUSES: Readonly<Record<number, ErrorCode>> = {
  400: "bad-request",
  401: "token-invalid",
  403: "permission-denied",
  429: "rate-limited",
};

function refusal(answer: SmallAnswer, error: Readonly<Record<string, unknown>> | null, clean: Clean): ToolError {
  if (!error)
    return answer.status >= 500 ? new ToolError("server-error", { httpStatus: answer.status }) : foreign(answer);
  const info = asArray(error["details"])
    .map(asObject)
    .find((detail) => asText(detail?.["reason"]) !== null);
  const reason = asText(info?.["reason"]) ?? "";
  const code =
    lookUp(REASONS, reason) ?? STATUSES[answer.status] ?? (answer.status >= 500 ? "server-error" : "bad-request");
  const providerMessage = clean(asText(error["message"]));
  const metadata = asObject(info?.["metadata"]);
  return new ToolError(code, {
    httpStatus: answer.status,
    ...(providerMessage === null ? {} : { providerMessage }),
    ...nextStepAt(
      metadata?.["activationUrl"],
      clean,
      (link) => `Switch the API on at ${link}, wait a minute and try again.`,
    ),
    ...nextStepAt(metadata?.["validation_url"], clean, verifyAt),
  });
}

function nextStepAt(link: unknown, clean: Clean, sentence: (link: string) => string): { readonly nextStep?: string } {
  const address = clean(asText(link));
  return address === null || !isGoogleAddress(address) ? {} : { nextStep: sentence(address) };
}

const verifyAt = (link: string): string =>
  `Sign in with the account at ${link} and verify it, then run the same command again.`;

/** The account is known but has no project: the tiers that it cannot have say why. */
function withoutProject(content: Readonly<Record<string, unknown>>, clean: Clean): ToolError {
  for (const tier of asArray(content["ineligibleTiers"]).map(asObject)) {
    const code = lookUp(REASONS, asText(tier?.["reasonCode"]) ?? "");
    const providerMessage = clean(asText(tier?.["validationErrorMessage"]) ?? asText(tier?.["reasonMessage"]));
    if (!code) continue;
    return new ToolError(code, {
      ...(providerMessage === null ? {} : { providerMessage }),
      // Fields of an ineligible tier: gemini-cli, code_assist/types.ts, seen 2026-11-24.
      ...nextStepAt(tier?.["validationUrl"], clean, verifyAt),
    });
  }
  return new ToolError("project-missing", {
    message: "Code Assist names no project for this account.",
    cause: "Only accounts with a Code Assist licence have a project of their own there.",
  });
}

function foreign(answer: SmallAnswer): ToolError {
  return new ToolError("connect-failed", {
    message: `What answered is not Code Assist (status ${answer.status}).`,
    cause: "Something between here and Google answered in its place, for example a company proxy or a login page.",
    nextStep: "Check HTTPS_PROXY and CODE_ASSIST_ENDPOINT, then run the same command again.",
    httpStatus: answer.status,
  });
}

function lookUp(table: Readonly<Record<string, ErrorCode>>, key: string): ErrorCode | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
