// What every way of signing in must hold to, whatever it is.

import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AuthMethod, authMethods } from "../../core/route.ts";
import { Secret } from "../../core/secret.ts";
import type { CredentialSettings } from "./credential.ts";
import { openCredential } from "./open-credential.ts";
import { authorizedUser, openFolder, serviceAccount } from "./testing/credentials-files.ts";
import { fakedClock } from "./testing/faked-clock.ts";
import { startTokenServer, type TokenServer } from "./testing/token-server.ts";

const folder = openFolder();
let server: TokenServer;
beforeAll(async () => {
  server = await startTokenServer();
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(async () => {
  folder.remove();
  await server.close();
});

const ports = () => ({ send: server.send, clock: fakedClock() });
/** Nothing of the machine that runs the test. */
const nowhere = { gcloudFolder: null, metadataHost: null } as const;

const HUSH = "hush-hush-value";
const given: Readonly<Record<AuthMethod, CredentialSettings>> = {
  proxy: { proxyKey: new Secret(` ${HUSH}\n`, "CLIPROXYAPI_KEY") },
  "api-key": { apiKey: new Secret(` ${HUSH}\n`, "GEMINI_API_KEY") },
  "vertex-key": { vertexKey: new Secret(` ${HUSH}\n`, "VERTEX_API_KEY") },
  oauth: { accessToken: new Secret(` ${HUSH}\n`, "--access-token") },
  adc: { ...nowhere, credentialsFile: folder.write("user.json", { ...authorizedUser, refresh_token: HUSH }) },
  "service-account": { credentialsFile: folder.write("key.json", serviceAccount) },
};

describe.each([...authMethods])("%s", (auth) => {
  test("knows its own name and where it came from", async () => {
    const credential = await openCredential(auth, given[auth], ports());
    expect(credential.auth).toBe(auth);
    expect(credential.source).toMatch(/^(?:[A-Z_]+|--access-token|(?:credentials|key) file .*\.json)$/);
  });

  test("gives headers with lower-case names that may go on the wire", async () => {
    const credential = await openCredential(auth, given[auth], ports());
    const headers = await credential.headers();
    expect(Object.keys(headers).length).toBeGreaterThan(0);
    for (const [name, value] of Object.entries(headers)) {
      expect(name).toBe(name.toLowerCase());
      expect(value).toMatch(/^[\u0020-\u007e]+$/);
      expect(value.trim()).toBe(value);
    }
  });

  test("never sends both a key and a token", async () => {
    const names = Object.keys(await (await openCredential(auth, given[auth], ports())).headers());
    expect(names.filter((name) => name === "authorization" || name === "x-goog-api-key")).toHaveLength(1);
  });

  test("tells every secret of its headers to the redactor", async () => {
    const credential = await openCredential(auth, given[auth], ports());
    const headers = await credential.headers();
    const secret = (headers["authorization"]?.replace("Bearer ", "") ?? headers["x-goog-api-key"]) || "none";
    expect(credential.secrets().map((known) => known.reveal().trim())).toContain(secret);
  });

  test("shows no secret when it is printed", async () => {
    const credential = await openCredential(auth, given[auth], ports());
    await credential.headers();
    const shown = `${inspect(credential, { depth: 20, showHidden: true })} ${JSON.stringify(credential)}
      ${JSON.stringify(credential.describe())} ${inspect(credential.secrets())} ${credential.source}`;
    for (const secret of credential.secrets()) expect(shown).not.toContain(secret.reveal().trim());
  });

  test("the caller's project wins", async () => {
    const credential = await openCredential(auth, { ...given[auth], projectId: "mine" }, ports());
    expect(credential.projectId).toBe("mine");
  });

  test("fetches nothing before headers are wanted", async () => {
    await openCredential(auth, given[auth], ports());
    expect(server.requests).toEqual([]);
  });
});

describe.each(authMethods.filter((auth) => auth !== "proxy"))("%s without a credential", (auth) => {
  test("is credential-missing and says what to do", async () => {
    await expect(openCredential(auth, nowhere, ports())).rejects.toMatchObject({
      code: "credential-missing",
      exitCode: 3,
      details: { nextStep: expect.stringMatching(/export [A-Z_]+=|gcloud auth/) },
    });
  });
});

test("a proxy without a key is open: no header at all", async () => {
  const credential = await openCredential("proxy", { proxyKey: new Secret("  ", "CLIPROXYAPI_KEY") }, ports());
  expect(await credential.headers()).toEqual({});
  expect(credential.describe()).toEqual({ kind: "open proxy" });
});
