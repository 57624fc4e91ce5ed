// The token endpoints: oauth2.googleapis.com/token (service accounts, users), sts (federation), iamcredentials (impersonation).
// Leaves what a token opens to credential-checks.ts. Sources: facts on Google's APIs, section 9.1.

import { createVerify } from "node:crypto";
import { type Call, parseBody } from "../call.ts";
import { refuse } from "../google-error.ts";
import { issueAccessToken, scopeFromUrls, scopeOfToken, tokenHasExpired } from "../issued-credentials.ts";
import { isJsonObject, type Json, type JsonObject, listAt, textAt } from "../json.ts";
import { denseJsonReply, jsonReply, type Reply, unknownUrlReply } from "../reply.ts";
import type { ServiceContext } from "./service-context.ts";

/** Seconds that an access token lasts, as Google says it. */
const lifetimeSeconds = 3599;

/** Answers a call to one of the token endpoints. */
export function answerTokens(call: Call, context: ServiceContext): Reply {
  if (call.target.rpc === null) return unknownUrlReply(call.route.path);
  if (call.service === "iamcredentials") return impersonate(call, context);
  const form = readForm(call);
  return call.service === "sts" ? exchange(form, context) : grant(form, context);
}

/** Form fields, or the members of a JSON object: both are taken. */
function readForm(call: Call): URLSearchParams {
  const document = parseBody(call.body);
  if (call.body.length > 0 && isJsonObject(document)) {
    return new URLSearchParams(
      Object.entries(document).map(([name, value]): [string, string] => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
  }
  return new URLSearchParams(call.body.toString("utf8"));
}

function refusal(status: number, error: string, description: string): Reply {
  return denseJsonReply(status, { error, error_description: description });
}

function grant(form: URLSearchParams, context: ServiceContext): Reply {
  const grantType = form.get("grant_type") ?? "";
  if (grantType === "refresh_token") return refresh(form, context);
  if (grantType === "urn:ietf:params:oauth:grant-type:jwt-bearer")
    return assertion(form.get("assertion") ?? "", context);
  return refusal(400, "unsupported_grant_type", `Invalid grant_type: ${grantType}`);
}

function tokenReply(scopes: readonly string[], context: ServiceContext, more: JsonObject = {}): Reply {
  const token = issueAccessToken(
    scopeFromUrls(scopes),
    context.clock.nowMs() + lifetimeSeconds * 1000,
    context.nextSerial(),
  );
  return denseJsonReply(200, { access_token: token, expires_in: lifetimeSeconds, token_type: "Bearer", ...more });
}

function refresh(form: URLSearchParams, context: ServiceContext): Reply {
  const refreshToken = form.get("refresh_token") ?? "";
  if ((form.get("client_id") ?? "") === "") return refusal(401, "invalid_client", "The OAuth client was not found.");
  if (refreshToken === "" || /expired|revoked|invalid/i.test(refreshToken)) {
    return refusal(400, "invalid_grant", "Token has been expired or revoked.");
  }
  const scope = form.get("scope") ?? "https://www.googleapis.com/auth/cloud-platform";
  return tokenReply(scope.split(" "), context, { scope });
}

function assertion(jwt: string, context: ServiceContext): Reply {
  const parts = jwt.split(".");
  const header = decode(parts[0]);
  const claims = decode(parts[1]);
  if (parts.length !== 3 || header === null || claims === null)
    return refusal(400, "invalid_grant", "Bad Request: the assertion is no JWT.");
  if (header["alg"] !== "RS256") return refusal(400, "invalid_grant", "Invalid JWT: the algorithm must be RS256.");
  const problem = wrongClaim(claims, context.clock.nowMs() / 1000) ?? wrongSignature(parts, claims, context);
  if (problem !== null) return refusal(400, "invalid_grant", problem);
  return tokenReply((textAt(claims, "scope") ?? "").split(" "), context);
}

function decode(part: string | undefined): JsonObject | null {
  const document = parseBody(Buffer.from(part ?? "", "base64url"));
  return isJsonObject(document) && Object.keys(document).length > 0 ? document : null;
}

function wrongClaim(claims: JsonObject, nowSeconds: number): string | null {
  const { iat, exp } = claims as { iat?: Json; exp?: Json };
  if (
    typeof iat !== "number" ||
    typeof exp !== "number" ||
    exp - iat > 3600 ||
    exp < nowSeconds ||
    iat > nowSeconds + 300
  ) {
    return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.";
  }
  if (textAt(claims, "aud")?.endsWith("/token") !== true) return "Invalid JWT: Failed audience check.";
  if ((textAt(claims, "iss") ?? "") === "") return "Invalid JWT: iss is missing.";
  return (textAt(claims, "scope") ?? "") === "" ? "Invalid OAuth scope or ID token audience provided." : null;
}

/** Only the emulator's own service account can be checked; others are believed, since nobody here knows their keys. */
function wrongSignature(parts: readonly string[], claims: JsonObject, context: ServiceContext): string | null {
  if (textAt(claims, "iss") !== context.signer.email) return null;
  const publicKey = context.signer.publicKeyPem();
  const isGood =
    publicKey !== null &&
    createVerify("RSA-SHA256")
      .update(`${parts[0] ?? ""}.${parts[1] ?? ""}`)
      .verify(publicKey, parts[2] ?? "", "base64url");
  return isGood ? null : "Invalid JWT Signature.";
}

function exchange(form: URLSearchParams, context: ServiceContext): Reply {
  if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:token-exchange") {
    return refusal(400, "unsupported_grant_type", "The grant type must be token-exchange.");
  }
  const subject = form.get("subject_token") ?? "";
  if (subject === "" || /expired|invalid/i.test(subject))
    return refusal(400, "invalid_grant", "The subject token is not valid.");
  if ((form.get("audience") ?? "") === "") return refusal(400, "invalid_request", "The audience is missing.");
  return tokenReply((form.get("scope") ?? "").split(" "), context, {
    issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
  });
}

function impersonate(call: Call, context: ServiceContext): Reply {
  const token = call.credentials.find((credential) => credential.place === "authorization")?.value;
  if (token === undefined || tokenHasExpired(token, context.clock.nowMs())) {
    refuse({ code: 401, message: "Request is missing required authentication credential." });
  }
  if (scopeOfToken(token) !== "cloud")
    refuse({ code: 403, message: "Request had insufficient authentication scopes." });
  if (/no-permission/i.test(token)) {
    refuse({
      code: 403,
      message: "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
    });
  }
  const document = parseBody(call.body);
  const scopes = isJsonObject(document)
    ? listAt(document, "scope").filter((scope): scope is string => typeof scope === "string")
    : [];
  const endMs = context.clock.nowMs() + 3600 * 1000;
  return jsonReply(200, {
    accessToken: issueAccessToken(scopeFromUrls(scopes), endMs, context.nextSerial()),
    expireTime: new Date(endMs).toISOString().replace(/\.\d+Z$/, "Z"),
  });
}
