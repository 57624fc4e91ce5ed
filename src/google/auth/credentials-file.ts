// Credentials files as Google's tools write them: which types there are, which fields each needs, what may be read from
// them without a call. Pure; the file itself is opened in read-credentials-file.ts.
// Source: google-auth-library 10.9.1 (`GoogleAuth.fromJSON` and the clients' own checks), 2026-11-22.

import { asObject, asText, parseObject } from "../../core/json-field.ts";
import { plainText } from "../../core/redaction.ts";
import { ToolError } from "../../core/tool-error.ts";
import { isTrustedTokenUrl } from "./trusted-url.ts";

const credentialsFileTypes = [
  "authorized_user",
  "service_account",
  "external_account",
  "external_account_authorized_user",
  "impersonated_service_account",
  "gdch_service_account",
] as const;
export type CredentialsFileType = (typeof credentialsFileTypes)[number];

export interface CredentialsFile {
  /** As given; for messages. */
  readonly path: string;
  readonly type: CredentialsFileType;
  readonly content: Readonly<Record<string, unknown>>;
  /** The project that the file names; only key files do. */
  readonly projectId: string | null;
  readonly quotaProject: string | null;
  /** E-mail address of the account. */
  readonly account: string | null;
  /** For an impersonated account, the credential that impersonates. */
  readonly source: CredentialsFile | null;
}

const requiredFields: Readonly<Record<CredentialsFileType, readonly string[]>> = {
  authorized_user: ["client_id", "client_secret", "refresh_token"],
  service_account: ["client_email", "private_key"],
  external_account: ["audience", "subject_token_type"],
  external_account_authorized_user: ["client_id", "client_secret", "refresh_token"],
  impersonated_service_account: ["service_account_impersonation_url"],
  gdch_service_account: ["project", "private_key_id", "private_key", "name", "token_uri"],
};

/** Fields whose address receives a secret. */
const tokenUrlFields = ["token_uri", "token_url", "token_info_url", "service_account_impersonation_url"];

/**
 * Reads the text of a credentials file.
 *
 * @throws ToolError `credential-unreadable`, naming the path and what was expected, never a value.
 */
export function parseCredentialsFile(text: string, path: string): CredentialsFile {
  const content = parseObject(text.replace(/^\ufeff/, ""));
  if (!content) throw unusable(path, "is not JSON.", "It should be the JSON file that Google made.");
  return checkContent(content, path);
}

/** The error for a file that is there but cannot be used. */
export function unusable(path: string, what: string, expected: string): ToolError {
  return new ToolError("credential-unreadable", {
    message: `The credentials file ${plainText(path, 500)} ${what}`,
    nextStep: expected,
  });
}

function checkContent(content: Readonly<Record<string, unknown>>, path: string): CredentialsFile {
  const type = credentialsFileTypes.find((known) => known === content["type"]);
  if (!type) throw unknownType(content, path);
  const lacking = requiredFields[type].filter((field) => asText(content[field]) === null);
  if (type === "external_account" && !asObject(content["credential_source"])) lacking.push("credential_source");
  if (type === "impersonated_service_account" && !asObject(content["source_credentials"]))
    lacking.push("source_credentials");
  if (lacking.length > 0) {
    throw unusable(path, `is of type ${type} but lacks ${lacking.join(", ")}.`, "Download or make the file again.");
  }
  checkAddresses(content, type, path);
  const sourceContent = type === "impersonated_service_account" ? asObject(content["source_credentials"]) : null;
  return {
    path,
    type,
    content,
    projectId: asText(content["project_id"]) ?? (type === "gdch_service_account" ? asText(content["project"]) : null),
    quotaProject: asText(content["quota_project_id"]),
    account: accountOf(content),
    source: sourceContent && checkContent(sourceContent, path),
  };
}

function checkAddresses(content: Readonly<Record<string, unknown>>, type: CredentialsFileType, path: string): void {
  const universe = asText(content["universe_domain"]);
  if (universe !== null && universe !== "googleapis.com") {
    throw unusable(
      path,
      `belongs to another cloud than Google's public one (universe_domain ${plainText(universe, 100)}).`,
      "Use a credential of Google's public cloud.",
    );
  }
  for (const field of tokenUrlFields) {
    const url = content[field];
    // Google Distributed Cloud stands in the customer's own network, and gets a signed statement, no secret.
    if (type === "gdch_service_account" && typeof url === "string" && url.startsWith("https://")) continue;
    if (url === undefined || (typeof url === "string" && isTrustedTokenUrl(url))) continue;
    throw unusable(
      path,
      `names an address of somebody else's as ${field}, so nothing was sent to it.`,
      "Download the file again from Google; do not use files from other sources.",
    );
  }
}

function unknownType(content: Readonly<Record<string, unknown>>, path: string): ToolError {
  const expected = `Expected "type" to be one of ${credentialsFileTypes.join(", ")}.`;
  if (asObject(content["installed"]) ?? asObject(content["web"])) {
    return unusable(
      path,
      "is an OAuth client, not a credential.",
      "Sign in first: gcloud auth application-default login.",
    );
  }
  if (content["type"] === undefined) return unusable(path, 'has no "type".', expected);
  return unusable(path, `has the unknown type ${plainText(JSON.stringify(content["type"]), 60)}.`, expected);
}

function accountOf(content: Readonly<Record<string, unknown>>): string | null {
  const impersonated = /\/serviceAccounts\/([^/:]+):/.exec(
    asText(content["service_account_impersonation_url"]) ?? "",
  )?.[1];
  return asText(content["client_email"]) ?? impersonated ?? asText(content["account"]);
}
