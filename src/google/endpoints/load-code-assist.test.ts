// The project of an account's Code Assist: both shapes of it, and every reason for having none.

import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { HttpCall, SmallAnswer } from "../../core/http-call.ts";
import { Secret } from "../../core/secret.ts";
import { loadCodeAssistProject } from "./load-code-assist.ts";

function ask(answer: Partial<SmallAnswer>, calls: HttpCall[] = []): Promise<string> {
  return loadCodeAssistProject({
    baseUrl: "http://127.0.0.1:9",
    headers: { authorization: "Bearer token-one" },
    secrets: [new Secret("token-one", "test")],
    send: (call) => {
      calls.push(call);
      return Promise.resolve({ status: 200, headers: {}, body: "", ...answer });
    },
  });
}

const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) });
const refused = (status: number, reason?: string, metadata?: object) =>
  json(
    { error: { code: status, message: "Said by token-one", details: reason ? [{}, { reason, metadata }] : [] } },
    status,
  );

test("posts the metadata that Google's own client sends", async () => {
  const calls: HttpCall[] = [];
  await ask(json({ cloudaicompanionProject: "shop-1" }), calls);
  expect(calls).toMatchObject([{ method: "POST", url: "http://127.0.0.1:9/v1internal:loadCodeAssist" }]);
  expect(JSON.parse(new TextDecoder().decode(calls[0]?.body ?? undefined))).toEqual({
    metadata: { ideType: "IDE_UNSPECIFIED", platform: "PLATFORM_UNSPECIFIED", pluginType: "GEMINI" },
  });
});

test.each([["shop-1"], [{ id: "shop-1", name: "x" }]])("reads the project from %j", async (project) => {
  expect(await ask(json({ cloudaicompanionProject: project }))).toBe("shop-1");
});

test.each([
  ["an account without a project", json({ currentTier: {} }), "project-missing"],
  ["an empty project", json({ cloudaicompanionProject: "" }), "project-missing"],
  [
    "a client no longer served",
    json({ ineligibleTiers: [{ reasonCode: "UNSUPPORTED_CLIENT" }] }),
    "client-not-supported",
  ],
  ["an account to be verified", json({ ineligibleTiers: [{ reasonCode: "VALIDATION_REQUIRED" }] }), "account-blocked"],
  [
    "a tier with an unknown reason",
    json({ ineligibleTiers: [{ reasonCode: "constructor" }, null] }),
    "project-missing",
  ],
  ["an expired token", refused(401), "token-invalid"],
  ["a narrow token", refused(403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), "scope-insufficient"],
  ["a violation of the terms", refused(403, "TOS_VIOLATION"), "terms-violation"],
  ["a plain 403", refused(403), "permission-denied"],
  ["too many calls", refused(429), "rate-limited"],
  ["Google's own fault", refused(503), "server-error"],
  ["a fault without JSON", { status: 502, body: "<html>" }, "server-error"],
  ["a login page", { status: 200, body: "<html>" }, "connect-failed"],
  ["a redirect", { status: 302, body: "" }, "connect-failed"],
] as const)("%s is %s", async (_what, answer, code) => {
  await expect(ask(answer)).rejects.toMatchObject({ code });
});

test("the link that switches the API on is the next step", async () => {
  const answer = refused(403, "SERVICE_DISABLED", { activationUrl: "https://console.cloud.google.com/enable" });
  await expect(ask(answer)).rejects.toMatchObject({
    code: "api-disabled",
    details: { nextStep: expect.stringContaining("https://console.cloud.google.com/enable") },
  });
});

const reasonCode = "VALIDATION_REQUIRED";
const validationUrl = "https://accounts.google.com/v?x=1";

test.each([
  ["in an error", refused(403, reasonCode, { validation_url: validationUrl })],
  ["of a tier", json({ ineligibleTiers: [{ reasonCode, reasonMessage: "Verify it.", validationUrl }] })],
])("the link that verifies an account, %s, is the next step", async (_where, answer) => {
  await expect(ask(answer)).rejects.toMatchObject({
    code: "account-blocked",
    details: {
      nextStep: `Sign in with the account at ${validationUrl} and verify it, then run the same command again.`,
    },
  });
});

test.each([
  refused(403, "SERVICE_DISABLED", { activationUrl: "https://google.com.example/enable" }),
  refused(403, reasonCode, { validation_url: "http://accounts.google.com/v" }),
  json({ ineligibleTiers: [{ reasonCode, validationUrl: "https://accounts.google.com:444/v" }] }),
])("an address that is not Google's is no next step", async (answer) => {
  const error = await ask(answer).catch((caught: unknown) => caught);
  expect(error).not.toHaveProperty("details.nextStep");
});

test("a token that the provider echoes does not ride on the error", async () => {
  const error = await ask(refused(401)).catch((caught: unknown) => caught);
  expect(inspect(error, { depth: 20 })).not.toContain("token-one");
});
