import { createSign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type JsonObject, textAt } from "../json.ts";
import { type Answered, ask, useEmulator } from "../testing/asking.ts";

const emulator = useEmulator();
const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";
const form = { "content-type": "application/x-www-form-urlencoded" };

function token(fields: Record<string, string>): Promise<Answered> {
  return ask(`${emulator().url}/oauth2.googleapis.com/token`, new URLSearchParams(fields).toString(), form);
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function assertion(changes: JsonObject = {}, privateKey?: string): string {
  const key = emulator().credentials.serviceAccountKey;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: key["client_email"],
    scope: cloudPlatform,
    aud: "https://oauth2.googleapis.com/token",
    iat: now,
    exp: now + 3600,
    ...changes,
  };
  const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
  const signature = createSign("RSA-SHA256")
    .update(signed)
    .sign(privateKey ?? key["private_key"] ?? "", "base64url");
  return `${signed}.${signature}`;
}

const jwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

describe("a service account", () => {
  test("gets a token for an hour", async () => {
    const answer = await token({ grant_type: jwtGrant, assertion: assertion() });
    expect(answer.json).toMatchObject({ expires_in: 3599, token_type: "Bearer" });
    expect(textAt(answer.json, "access_token")).toMatch(/^ya29\./);
  });

  test("gets a narrow token for a narrow scope", async () => {
    const answer = await token({
      grant_type: jwtGrant,
      assertion: assertion({ scope: "https://www.googleapis.com/auth/drive" }),
    });
    expect(answer.json["access_token"]).toContain("narrow");
  });

  test.each<[string, JsonObject]>([
    ["that lasts too long", { exp: Math.floor(Date.now() / 1000) + 9999 }],
    ["that has run out", { iat: 1000, exp: 2000 }],
    ["for another audience", { aud: "https://example.com/" }],
    ["without a scope", { scope: "" }],
  ])("is refused with an assertion %s", async (_name, changes) => {
    const answer = await token({ grant_type: jwtGrant, assertion: assertion(changes) });
    expect([answer.status, answer.json["error"]]).toEqual([400, "invalid_grant"]);
  });

  test("is refused with somebody else's signature", async () => {
    const jwt = assertion();
    const forged = `${jwt.slice(0, jwt.lastIndexOf("."))}.${Buffer.alloc(256).toString("base64url")}`;
    const answer = await token({ grant_type: jwtGrant, assertion: forged });
    expect(answer.json["error_description"]).toBe("Invalid JWT Signature.");
  });
});

describe("a user", () => {
  const user = { grant_type: "refresh_token", client_id: "c", client_secret: "s" };

  test("gets a token for a refresh token", async () => {
    expect((await token({ ...user, refresh_token: "1//any" })).json).toMatchObject({ token_type: "Bearer" });
  });

  test("does not for a revoked one", async () => {
    expect((await token({ ...user, refresh_token: "1//revoked" })).json).toEqual({
      error: "invalid_grant",
      error_description: "Token has been expired or revoked.",
    });
  });
});

test("an unknown grant is refused in OAuth's shape", async () => {
  expect((await token({ grant_type: "password" })).json["error"]).toBe("unsupported_grant_type");
});

test("a token of ours runs out when its time has come", async () => {
  const { startEmulator } = await import("../index.ts");
  let nowMs = 1_790_000_000_000;
  const other = await startEmulator({ clock: { nowMs: () => nowMs, wait: () => Promise.resolve() } });
  const issued = await ask(
    `${other.url}/token`,
    new URLSearchParams({ grant_type: "refresh_token", client_id: "c", refresh_token: "1//any" }).toString(),
    form,
  );
  const headers = { authorization: `Bearer ${textAt(issued.json, "access_token") ?? ""}` };
  const models = `${other.url}/generativelanguage.googleapis.com/v1beta/models`;
  expect((await ask(models, undefined, headers)).status).toBe(200);
  nowMs += 3_600_000;
  expect((await ask(models, undefined, headers)).status).toBe(401);
  await other.close();
});

const at = (path: string): string => `${emulator().url}/computeMetadata/v1/${path}`;

describe("the metadata server", () => {
  const flavour = { "Metadata-Flavor": "Google" };

  test("answers with its flavour, and only to those who send it", async () => {
    const good = await ask(at("project/project-id"), undefined, flavour);
    expect([good.text, good.headers.get("metadata-flavor")]).toEqual(["emulator-project", "Google"]);
    expect((await ask(at("project/project-id"))).status).toBe(403);
  });

  test("gives the default account's token, narrow when asked for other scopes", async () => {
    const account = "instance/service-accounts/default/token";
    expect((await ask(at(account), undefined, flavour)).json["access_token"]).toContain("cloud");
    const narrow = await ask(at(`${account}?scopes=https://www.googleapis.com/auth/drive`), undefined, flavour);
    expect(narrow.json["access_token"]).toContain("narrow");
  });
});
