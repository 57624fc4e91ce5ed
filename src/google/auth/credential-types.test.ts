// Every type of credentials file gets its token with Google's auth library, over our sender alone.

import { verify } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Credential, CredentialSettings } from "./credential.ts";
import { openCredential } from "./open-credential.ts";
import {
  authorizedUser,
  distributedCloud,
  externalAccount,
  externalUser,
  type FileFolder,
  impersonated,
  openFolder,
  serviceAccount,
  serviceAccountPublicKey,
} from "./testing/credentials-files.ts";
import { fakedClock } from "./testing/faked-clock.ts";
import { startTokenServer, type TokenServer } from "./testing/token-server.ts";

let folder: FileFolder;
let server: TokenServer;
const clock = fakedClock();
beforeEach(async () => {
  folder = openFolder();
  server = await startTokenServer();
});
afterEach(async () => {
  folder.remove();
  await server.close();
});

function open(
  content: unknown,
  settings: CredentialSettings = {},
  auth: "adc" | "service-account" = "adc",
): Promise<Credential> {
  const credentialsFile = folder.write("credentials.json", content);
  return openCredential(
    auth,
    { gcloudFolder: null, metadataHost: null, credentialsFile, ...settings },
    { send: server.send, clock },
  );
}

const form = (index: number) => Object.fromEntries(new URLSearchParams(server.requests[index]?.body));
const paths = () => server.requests.map(({ path }) => path);

describe("service_account", () => {
  test("sends a signed assertion for the scope cloud-platform", async () => {
    const credential = await open(serviceAccount, {}, "service-account");
    expect(await credential.headers()).toEqual({ authorization: "Bearer token-1" });
    expect(paths()).toEqual(["/oauth2.googleapis.com/token"]);
    expect(server.requests[0]?.headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded/);
    const [header = "", payload = "", signature = ""] = String(form(0)["assertion"]).split(".");
    expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toMatchObject({
      iss: serviceAccount.client_email,
      scope: "https://www.googleapis.com/auth/cloud-platform",
      aud: "https://oauth2.googleapis.com/token",
    });
    const signed = Buffer.from(`${header}.${payload}`);
    expect(verify("sha256", signed, serviceAccountPublicKey, Buffer.from(signature, "base64url"))).toBe(true);
  });

  test("honours the key file's own token address on this machine", async () => {
    const credential = await open({ ...serviceAccount, token_uri: `${server.url}/own/token` });
    await credential.headers();
    expect(paths()).toEqual(["/own/token"]);
  });

  test("has the key file's project and account", async () => {
    const credential = await open(serviceAccount);
    expect(credential.projectId).toBe("key-project");
    expect(credential.describe()).toEqual({ kind: "service_account", account: serviceAccount.client_email });
  });

  test("--auth service-account takes no other type", async () => {
    await expect(open(authorizedUser, {}, "service-account")).rejects.toMatchObject({
      code: "credential-unreadable",
      message: expect.stringContaining("service_account"),
      details: { nextStep: expect.stringContaining("--auth adc") },
    });
  });
});

describe("authorized_user", () => {
  test("sends the refresh token, and charges quota to the file's quota project", async () => {
    const credential = await open(authorizedUser);
    expect(await credential.headers()).toEqual({
      authorization: "Bearer token-1",
      "x-goog-user-project": "quota-project",
    });
    expect(paths()).toEqual(["/oauth2.googleapis.com/token"]);
    expect(form(0)).toEqual({
      client_id: "client-1",
      client_secret: "hush-client",
      refresh_token: "hush-refresh",
      grant_type: "refresh_token",
    });
  });

  test("an unusable HTTPS_PROXY does not disturb it: proxies are the sender's business", async () => {
    vi.stubEnv("HTTPS_PROXY", "proxy without a scheme");
    const credential = await open(authorizedUser);
    expect((await credential.headers())["authorization"]).toBe("Bearer token-1");
    vi.unstubAllEnvs();
  });

  test("the caller's quota project wins over the file's", async () => {
    const credential = await open(authorizedUser, { quotaProject: "mine" });
    expect((await credential.headers())["x-goog-user-project"]).toBe("mine");
  });

  test("takes gcloud's project, read from its files, before the quota project", async () => {
    expect((await open(authorizedUser)).projectId).toBe("quota-project");
    const gcloud = openFolder();
    gcloud.write("active_config", "work\n");
    mkdirSync(`${gcloud.path}/configurations`);
    writeFileSync(
      `${gcloud.path}/configurations/config_work`,
      "[compute]\nproject = no\n[core]\nproject = gcloud-project\n",
    );
    const credential = await open(authorizedUser, { gcloudFolder: gcloud.path });
    gcloud.remove();
    expect(credential.projectId).toBe("gcloud-project");
  });
});

describe("external_account", () => {
  test("exchanges the token of the named file at Google's token service", async () => {
    const subject = folder.write("subject", "hush-subject");
    const credential = await open(externalAccount(subject));
    expect(await credential.headers()).toEqual({ authorization: "Bearer token-1" });
    expect(paths()).toEqual(["/sts.googleapis.com/v1/token"]);
    expect(form(0)).toMatchObject({
      subject_token: "hush-subject",
      scope: "https://www.googleapis.com/auth/cloud-platform",
    });
    expect(credential.secrets().map((secret) => secret.reveal())).toContain("hush-subject");
  });

  test("takes its subject token from an address, too", async () => {
    server.answer(({ path }) => ({
      body: path === "/subject" ? { value: "hush-subject" } : { access_token: "exchanged", expires_in: 3600 },
    }));
    const source = { url: `${server.url}/subject`, format: { type: "json", subject_token_field_name: "value" } };
    const credential = await open({ ...externalAccount("x"), credential_source: source });
    expect(await credential.headers()).toEqual({ authorization: "Bearer exchanged" });
    expect(form(1)["subject_token"]).toBe("hush-subject");
  });

  test("goes on to impersonate a service account", async () => {
    server.answer(({ path }) =>
      path.startsWith("/sts")
        ? { body: { access_token: "first", expires_in: 3600 } }
        : { body: { accessToken: "second", expireTime: "2026-11-22T01:00:00Z" } },
    );
    const { service_account_impersonation_url } = impersonated;
    const credential = await open({
      ...externalAccount(folder.write("subject", "s")),
      service_account_impersonation_url,
    });
    expect(await credential.headers()).toEqual({ authorization: "Bearer second" });
    expect(server.requests[1]?.headers.authorization).toBe("Bearer first");
    expect(credential.describe().account).toBe("target@shop.iam.gserviceaccount.com");
  });

  test("a subject token that is not there is told with its path", async () => {
    const credential = await open(externalAccount("/nowhere/subject"));
    await expect(credential.headers()).rejects.toMatchObject({
      code: "credential-unreadable",
      message: expect.stringContaining("/nowhere/subject"),
    });
  });

  test("a damaged subject file is not quoted", async () => {
    const file = folder.write("subject.json", "hush-subject");
    const source = { file, format: { type: "json", subject_token_field_name: "value" } };
    const credential = await open({ ...externalAccount("x"), credential_source: source });
    const error: unknown = await credential.headers().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "credential-unreadable" });
    expect(String(error)).not.toContain("hush");
  });
});

describe("external_account_authorized_user", () => {
  test("remembers the refresh token that replaces its own", async () => {
    server.answer(() => ({ body: { access_token: "t", expires_in: 600, refresh_token: "hush-next" } }));
    const credential = await open(externalUser);
    expect(await credential.headers()).toEqual({ authorization: "Bearer t" });
    clock.advance(600_000);
    await credential.headers();
    expect(paths()).toEqual(["/sts.googleapis.com/v1/oauthtoken", "/sts.googleapis.com/v1/oauthtoken"]);
    expect([form(0)["refresh_token"], form(1)["refresh_token"]]).toEqual(["hush-refresh", "hush-next"]);
  });
});

function twoSteps(): void {
  server.answer(({ path }) =>
    path.includes("generateAccessToken")
      ? { body: { accessToken: "second", expireTime: "2026-11-22T01:00:00Z" } }
      : { body: { access_token: "first", expires_in: 3600 } },
  );
}

describe("impersonated_service_account", () => {
  test("signs in as its source, then asks for the other account's token", async () => {
    twoSteps();
    const credential = await open(impersonated);
    expect(await credential.headers()).toEqual({ authorization: "Bearer second" });
    expect(paths()).toEqual([
      "/oauth2.googleapis.com/token",
      "/iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/target@shop.iam.gserviceaccount.com:generateAccessToken",
    ]);
    expect(server.requests[1]?.headers.authorization).toBe("Bearer first");
    expect(JSON.parse(server.requests[1]?.body ?? "")).toMatchObject({
      scope: ["https://www.googleapis.com/auth/cloud-platform"],
    });
  });

  test("a service account may be the source, with its own token address", async () => {
    twoSteps();
    const source = { ...serviceAccount, token_uri: `${server.url}/own/token` };
    const credential = await open({ ...impersonated, source_credentials: source });
    await credential.headers();
    expect(paths()[0]).toBe("/own/token");
  });

  test("a missing role is permission-denied, naming the role", async () => {
    server.answer(({ path }) =>
      path.includes("generateAccessToken")
        ? { status: 403, body: { error: { code: 403, message: "Permission denied", status: "PERMISSION_DENIED" } } }
        : { body: { access_token: "first", expires_in: 3600 } },
    );
    await expect((await open(impersonated)).headers()).rejects.toMatchObject({
      code: "permission-denied",
      details: { nextStep: expect.stringContaining("serviceAccountTokenCreator") },
    });
  });
});

describe("gdch_service_account", () => {
  test("asks the customer's own token service for the API that is called", async () => {
    const credential = await open(distributedCloud, { apiOrigin: "https://vertex.example.internal" });
    expect(await credential.headers()).toEqual({ authorization: "Bearer token-1" });
    expect(paths()).toEqual(["/service-identity.example.internal/authenticate"]);
    expect(JSON.parse(server.requests[0]?.body ?? "")).toMatchObject({ audience: "https://vertex.example.internal" });
    expect(credential.projectId).toBe("cloud-project");
  });

  test("without that address it says which variable is missing", async () => {
    await expect((await open(distributedCloud)).headers()).rejects.toMatchObject({
      code: "credential-unreadable",
      details: { nextStep: expect.stringContaining("GOOGLE_VERTEX_BASE_URL") },
    });
  });
});
