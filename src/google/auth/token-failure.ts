// Why no token came, told from the exchange itself and never from the library's error, which carries whole requests.
// Nothing was sent to a paid API yet, so nothing here may be billed. Source: google-apis facts §4 and §9.1.

import type { ErrorCode } from "../../core/error-table.ts";
import { asArray, asObject, asText, parseObject } from "../../core/json-field.ts";
import { createRedactor, plainText } from "../../core/redaction.ts";
import type { Secret } from "../../core/secret.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Exchange } from "./fetch-adapter.ts";

export interface TokenFailureContext {
  /** Masked in what the server says. */
  readonly secrets: readonly Secret[];
  /** For people: `key file /home/me/key.json`. */
  readonly source: string;
  /** The command that signs the user in again; only where there is one. */
  readonly signIn: string | null;
}

/** What the last exchange says about the failure, or `null` when it was a good one: then the library refused on its own. */
export function tokenFailure({ error, answer, host }: Exchange, context: TokenFailureContext): ToolError | null {
  if (error) return unsent(error, host);
  if (!answer) return null;
  const { status } = answer;
  const content = parseObject(answer.body);
  if (status === 200) return holdsToken(content) ? null : notATokenServer(host, status);
  if (status === 429) return new ToolError("rate-limited", { httpStatus: status, message: `${host} wants a pause.` });
  if (status >= 500) {
    return new ToolError("server-error", {
      httpStatus: status,
      message: `${host} had an internal error and gave no token.`,
    });
  }
  const redact = createRedactor(context.secrets);
  const clean: Clean = (text) => plainText(redact(text), 500);
  const oauthError = asText(content?.["error"]);
  if (oauthError !== null) {
    return oauthFailure(oauthError, asText(content?.["error_description"]), status, clean, context);
  }
  const apiError = asObject(content?.["error"]);
  return apiError ? apiFailure(apiError, status, clean, context) : notATokenServer(host, status);
}

function holdsToken(content: Readonly<Record<string, unknown>> | null): boolean {
  return asText(content?.["access_token"]) !== null || asText(content?.["accessToken"]) !== null;
}

/** Something between here and Google answered in its place. */
export function notATokenServer(host: string, httpStatus: number): ToolError {
  return new ToolError("connect-failed", {
    httpStatus,
    message: `What answered for ${host} is not a token server (status ${httpStatus}).`,
    cause:
      "Something between here and the token server answered in its place, for example a company proxy or a login page.",
    nextStep:
      "Open any web page to see whether the network wants a login, check HTTPS_PROXY, then run the same command again.",
  });
}

/** The sender's codes for paid calls say "perhaps billed"; of a token call that is never true. */
function unsent(error: ToolError, host: string): ToolError {
  if (error.row.billed === "no" || error.code === "interrupted" || error.code === "terminated") return error;
  if (error.code === "internal") return error;
  return new ToolError("connect-failed", {
    message: `No complete answer came from ${host}, so no token was fetched: ${error.message}`,
    cause: "The token server did not answer as it should.",
  });
}

type Clean = (text: string) => string;

function oauthFailure(
  error: string,
  description: string | null,
  httpStatus: number,
  clean: Clean,
  { source, signIn }: TokenFailureContext,
): ToolError {
  const providerMessage = clean(description === null ? error : `${error}: ${description}`);
  const clock = "Check that the clock of this machine is right: signed requests are good for a few minutes only.";
  return new ToolError("token-invalid", {
    httpStatus,
    message: `Google refused the ${source}: ${providerMessage}`,
    cause: lookUp(causes, error) ?? "The token server refused the credential.",
    nextStep: signIn === null ? `${clock} If it is, make a new key.` : `Sign in again: ${signIn}. ${clock}`,
    providerMessage,
  });
}

const causes: Readonly<Record<string, string>> = {
  invalid_grant: "The credential was revoked, has expired, or was signed with a clock that is wrong.",
  invalid_client: "The OAuth client of the credential was deleted or its secret changed.",
  unauthorized_client: "The account may not use this kind of sign-in.",
  invalid_rapt: "The organisation wants its people to sign in again from time to time.",
};

const reasons: Readonly<Record<string, ErrorCode>> = {
  SERVICE_DISABLED: "api-disabled",
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: "scope-insufficient",
  IAM_PERMISSION_DENIED: "permission-denied",
  CONSUMER_SUSPENDED: "account-blocked",
};

/** Impersonation answers in the shape of Google's APIs. */
function apiFailure(
  error: Readonly<Record<string, unknown>>,
  httpStatus: number,
  clean: Clean,
  { source }: TokenFailureContext,
): ToolError {
  const info = asArray(error["details"])
    .map(asObject)
    .find((detail) => asText(detail?.["reason"]) !== null);
  // An account that one may not impersonate is hidden: 404 as well as 403.
  const byStatus = httpStatus === 403 || httpStatus === 404 ? "permission-denied" : "token-invalid";
  const code = lookUp(reasons, asText(info?.["reason"]) ?? "") ?? byStatus;
  const providerMessage = clean(asText(error["message"]) ?? "no reason given");
  const link = asText(asObject(info?.["metadata"])?.["activationUrl"]);
  const nextStep =
    code === "api-disabled" && link !== null
      ? `Switch the API on at ${clean(link)}, wait a minute and try again.`
      : "Impersonation needs the role Service Account Token Creator (roles/iam.serviceAccountTokenCreator) on the account.";
  return new ToolError(code, {
    httpStatus,
    message: `Google gave no token for the ${source}: ${providerMessage}`,
    providerMessage,
    ...(code === "permission-denied" || (code === "api-disabled" && link !== null) ? { nextStep } : {}),
  });
}

function lookUp<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
