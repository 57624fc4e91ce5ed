// Credentials files that cannot be used: each reason is told with the path, and no value of the file.

import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { isTrustedTokenUrl } from "./trusted-url.ts";
import { readCredentialsFile, secretsOf } from "./read-credentials-file.ts";
import {
  authorizedUser,
  distributedCloud,
  externalAccount,
  externalUser,
  impersonated,
  openFolder,
  serviceAccount,
} from "./testing/credentials-files.ts";

const edited = (content: Readonly<Record<string, unknown>>, edit: object) => ({ ...content, ...edit });

const folder = openFolder();
afterAll(() => folder.remove());

describe("what is read without a call", () => {
  test.each([
    [serviceAccount, "key-project", null, serviceAccount.client_email],
    [authorizedUser, null, "quota-project", null],
    [{ ...authorizedUser, account: "me@example.com" }, null, "quota-project", "me@example.com"],
    [impersonated, null, null, "target@shop.iam.gserviceaccount.com"],
    [externalAccount("/none"), null, null, null],
    [externalUser, null, null, null],
    [distributedCloud, "cloud-project", null, null],
  ])("$type", async (content, projectId, quotaProject, account) => {
    const file = await readCredentialsFile(folder.write("good.json", content));
    expect(file).toMatchObject({ type: content["type"], projectId, quotaProject, account });
  });

  test("a byte order mark does no harm", async () => {
    const path = folder.write("marked.json", `\ufeff${JSON.stringify(authorizedUser)}`);
    expect((await readCredentialsFile(path)).type).toBe("authorized_user");
  });

  test("the secrets of an impersonating credential are known too", async () => {
    const file = await readCredentialsFile(folder.write("chain.json", impersonated));
    expect(secretsOf(file).map((secret) => secret.reveal())).toEqual(["hush-refresh", "hush-client"]);
  });

  test("a private key is known with and without its line breaks", async () => {
    const file = await readCredentialsFile(folder.write("key.json", serviceAccount));
    const values = secretsOf(file).map((secret) => secret.reveal());
    expect(values).toHaveLength(2);
    expect(values[1]).toMatch(/^[A-Za-z0-9+/=]+$/);
  });
});

describe("what cannot be used", () => {
  test.each([
    ["not JSON", "-----BEGIN hush-refresh", "not JSON"],
    ["cut JSON", JSON.stringify(authorizedUser).slice(0, -5), "not JSON"],
    ["a list", [authorizedUser], "not JSON"],
    ["nothing", "", "not JSON"],
    ["no type", edited(authorizedUser, { type: undefined }), 'no "type"'],
    ["an unknown type", edited(authorizedUser, { type: "magic" }), "magic"],
    ["a type from the prototype", edited(authorizedUser, { type: "constructor" }), "constructor"],
    ["an OAuth client", { installed: { client_secret: "hush-client" } }, "OAuth client"],
    ["a missing field", edited(authorizedUser, { refresh_token: "" }), "refresh_token"],
    ["two missing fields", { type: "service_account" }, "client_email, private_key"],
    ["no source", edited(externalAccount("/x"), { credential_source: "hush-client" }), "credential_source"],
    ["an impersonation of nobody", edited(impersonated, { source_credentials: null }), "source_credentials"],
    ["an impersonation by a broken one", edited(impersonated, { source_credentials: { type: "x" } }), '"x"'],
    ["a private key that is none", edited(serviceAccount, { private_key: "hush-refresh" }), "RSA"],
    ["a private key of another kind", edited(serviceAccount, { private_key: distributedCloud.private_key }), "RSA"],
    ["somebody else's token_uri", edited(serviceAccount, { token_uri: "https://evil.example/token" }), "token_uri"],
    ["a token_uri that is no text", edited(serviceAccount, { token_uri: 7 }), "token_uri"],
    ["somebody else's token_url", edited(externalAccount("/x"), { token_url: "https://evil.example" }), "token_url"],
    ["another cloud", edited(serviceAccount, { universe_domain: "evil.example" }), "universe_domain"],
  ])("%s", async (_what, content, hint) => {
    const path = folder.write("bad.json", content);
    const error: unknown = await readCredentialsFile(path).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "credential-unreadable", exitCode: 3 });
    expect(error).toMatchObject({ message: expect.stringContaining(path) });
    expect(error).toMatchObject({ message: expect.stringContaining(hint) });
    expect(inspect(error, { depth: 20 })).not.toContain("hush-");
  });

  test("a missing file, a folder and an unreadable file are told apart", async () => {
    mkdirSync(join(folder.path, "folder"));
    await expect(readCredentialsFile(join(folder.path, "none.json"))).rejects.toThrow("does not exist");
    await expect(readCredentialsFile(join(folder.path, "folder"))).rejects.toThrow("is not a file");
  });

  test.skipIf(process.getuid?.() === 0)("a file without read permission says so", async () => {
    const path = folder.write("closed.json", authorizedUser);
    chmodSync(path, 0o000);
    await expect(readCredentialsFile(path)).rejects.toThrow("may not be read");
  });

  test("a file far too large is not read at all", async () => {
    await expect(readCredentialsFile(folder.write("large.json", " ".repeat(2_000_000)))).rejects.toThrow("too large");
  });
});

describe("token addresses", () => {
  test.each([
    "https://oauth2.googleapis.com/token",
    "https://sts.europe-west4.rep.googleapis.com/v1/token",
    "https://accounts.google.com/o/oauth2/token",
    "http://127.0.0.1:8999/token",
    "http://localhost/token",
  ])("%s may be trusted", (url) => expect(isTrustedTokenUrl(url)).toBe(true));

  test.each([
    "http://oauth2.googleapis.com/token",
    "https://oauth2.googleapis.com.evil.example/token",
    "https://evilgoogleapis.com/token",
    "https://oauth2.googleapis.com@evil.example/",
    "https://me:pw@oauth2.googleapis.com/token",
    "https://oauth2.googleapis.com:444/token",
    "http://10.0.0.1/token",
    "ftp://localhost/token",
    "oauth2.googleapis.com",
    "",
  ])("%s may not", (url) => expect(isTrustedTokenUrl(url)).toBe(false));
});
