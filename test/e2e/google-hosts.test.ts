// The real host names, over TLS and an HTTP proxy, without any base URL: what is asked for is what Google would be asked for.

import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { type GoogleByName, openGoogleByName } from "./google-by-name.ts";
import { documentOf, everythingWritten, newFolder, openEmulator, type RunOptions, runCommand } from "./run-command.ts";

let emulator: Emulator;
let google: GoogleByName;

beforeAll(async () => {
  emulator = await openEmulator();
  google = await openGoogleByName(emulator);
});

beforeEach(() => {
  emulator.clearRequests();
  google.clear();
});

async function run(words: readonly string[], { environment, folder }: RunOptions = {}) {
  return await runCommand(["a red fox", "--json", ...words], {
    environment: { ...google.environment, ...environment },
    ...(folder === undefined ? {} : { folder }),
  });
}

const withKey = () => ({ GEMINI_API_KEY: emulator.credentials.apiKey });
const token = () => ({ GOOGLE_OAUTH_ACCESS_TOKEN: emulator.credentials.accessToken });

interface Row {
  readonly name: string;
  readonly words: readonly string[];
  readonly environment: () => Record<string, string>;
  readonly host: string;
}

const rows: readonly Row[] = [
  {
    name: "api-key",
    words: ["--auth", "api-key"],
    environment: withKey,
    host: "generativelanguage.googleapis.com",
  },
  {
    name: "vertex-key",
    words: ["--auth", "vertex-key"],
    environment: () => ({ VERTEX_API_KEY: emulator.credentials.vertexKey }),
    host: "aiplatform.googleapis.com",
  },
  {
    name: "oauth on generativelanguage",
    words: ["--auth", "oauth", "--endpoint", "generativelanguage"],
    environment: token,
    host: "generativelanguage.googleapis.com",
  },
  {
    name: "oauth on aiplatform, global",
    words: ["--auth", "oauth", "--project-id", "p-1"],
    environment: token,
    host: "aiplatform.googleapis.com",
  },
  {
    name: "oauth on aiplatform, us",
    words: ["--auth", "oauth", "--project-id", "p-1", "--location", "us"],
    environment: token,
    host: "aiplatform.us.rep.googleapis.com",
  },
  {
    name: "oauth on aiplatform, eu from GOOGLE_CLOUD_LOCATION",
    words: ["--auth", "oauth", "--project-id", "p-1"],
    environment: () => ({ ...token(), GOOGLE_CLOUD_LOCATION: "eu" }),
    host: "aiplatform.eu.rep.googleapis.com",
  },
  {
    name: "oauth on cloudcode-pa",
    words: ["--auth", "oauth", "--endpoint", "cloudcode-pa", "--project-id", "p-1"],
    environment: token,
    host: "cloudcode-pa.googleapis.com",
  },
];

describe("the paid call goes to the host of the connection, once, and nowhere else", () => {
  test.each(rows)("$name: $host", async ({ words, environment, host }) => {
    const finished = await run(words, { environment: environment() });
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    expect(documentOf(finished)).toMatchObject({ images: [{ width: 1024, height: 1024, matchesRequest: true }] });
    expect(google.tunnels, finished.stderr).toEqual([`${host}:443`]);
    expect(emulator.requests()).toMatchObject([{ host, bodyComplete: true, answerComplete: true, billed: true }]);
  });
});

test("a region goes to the region's own host, and its refusal of a global model says where the model is", async () => {
  const words = ["--auth", "oauth", "--project-id", "p-1", "--location", "europe-west4"];
  const finished = await run(words, { environment: token() });
  expect(google.tunnels).toEqual(["europe-west4-aiplatform.googleapis.com:443"]);
  expect(finished.exitCode).toBe(5);
  expect(documentOf(finished)).toMatchObject({
    error: { code: "model-not-found", billed: "no", nextStep: expect.stringContaining("--location global") },
  });
});

describe("tokens come from Google's own token host", () => {
  test("for gcloud's login (authorized_user), found in gcloud's folder, with its project charged for quota", async () => {
    const gcloudFolder = newFolder();
    writeFileSync(
      join(gcloudFolder, "application_default_credentials.json"),
      JSON.stringify(emulator.credentials.authorizedUser),
      { mode: 0o600 },
    );
    const finished = await run(["--auth", "adc", "--project-id", "p-1"], {
      environment: { CLOUDSDK_CONFIG: gcloudFolder },
    });
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    expect(google.tunnels).toEqual(["oauth2.googleapis.com:443", "aiplatform.googleapis.com:443"]);
    expect(emulator.requests().filter(({ billed }) => billed)).toMatchObject([
      { path: expect.stringContaining("/projects/p-1/"), credential: { kind: "authorization" } },
    ]);
    expect(everythingWritten(finished)).not.toMatch(/emulator-refresh-token|emulator-client-secret|ya29\./);
  });

  test("for a service account's key", async () => {
    const folder = newFolder();
    const key = { ...emulator.credentials.serviceAccountKey, token_uri: "https://oauth2.googleapis.com/token" };
    writeFileSync(join(folder, "key.json"), JSON.stringify(key), { mode: 0o600 });
    const finished = await run(["--auth", "service-account", "--credentials", "key.json"], { folder });
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    expect(google.tunnels).toEqual(["oauth2.googleapis.com:443", "aiplatform.googleapis.com:443"]);
    expect(finished.stdout + finished.stderr).not.toMatch(/PRIVATE KEY|ya29\./);
  });

  test("a login that was withdrawn is told, with the command that signs in again, and nothing is drawn", async () => {
    const folder = newFolder();
    const login = { ...emulator.credentials.authorizedUser, refresh_token: "1//revoked-token" };
    writeFileSync(join(folder, "adc.json"), JSON.stringify(login), { mode: 0o600 });
    const finished = await run(["--auth", "adc", "--credentials", "adc.json", "--project-id", "p-1"], { folder });
    expect(finished.exitCode).toBe(3);
    expect(documentOf(finished)).toMatchObject({
      error: {
        code: "token-invalid",
        billed: "no",
        nextStep: expect.stringContaining("gcloud auth application-default login"),
      },
    });
    expect(google.tunnels).toEqual(["oauth2.googleapis.com:443"]);
  });
});

describe("an HTTP proxy in between", () => {
  test("a certificate of an unknown authority: exit 3, and not a byte of the request leaves", async () => {
    const environment = { HTTPS_PROXY: `http://${google.proxyAddress}`, ...withKey() };
    const finished = await runCommand(["a fox", "--auth", "api-key", "--json"], { environment });
    expect(finished.exitCode).toBe(3);
    expect(documentOf(finished)).toMatchObject({
      error: { code: "tls-failure", billed: "no", nextStep: expect.stringContaining("NODE_EXTRA_CA_CERTS") },
    });
    expect(emulator.requests()).toEqual([]);
  });

  test("the password in its address is used and never shown", async () => {
    const environment = { HTTPS_PROXY: `http://user:pass-canary@${google.proxyAddress}`, ...withKey() };
    for (const more of [[], ["--verbose"], ["--show-defaults"]]) {
      const finished = await run(["--auth", "api-key", ...more], { environment });
      expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
      expect(everythingWritten(finished)).not.toContain("pass-canary");
    }
  });

  test("this machine itself is never reached through it", async () => {
    const environment = {
      HTTP_PROXY: `http://${google.proxyAddress}`,
      GOOGLE_GEMINI_BASE_URL: `${emulator.url}/generativelanguage.googleapis.com`,
      ...withKey(),
    };
    const finished = await run(["--auth", "api-key"], { environment });
    expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
    expect([google.tunnels, emulator.requests().length]).toEqual([[], 1]);
  });

  test("a refusal of its own (407) is told from Google's: exit 3, nothing was sent", async () => {
    const refusing = createServer().on("connect", (_asked, socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n');
    });
    await new Promise<void>((settle) => {
      refusing.listen(0, "127.0.0.1", settle);
    });
    const address = `127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const environment = { HTTPS_PROXY: `http://user:pass-canary@${address}`, ...withKey() };
    const finished = await run(["--auth", "api-key"], { environment });
    refusing.close();
    expect(finished.exitCode).toBe(3);
    expect(documentOf(finished)).toMatchObject({
      error: { code: "http-proxy-refused", billed: "no", message: expect.stringContaining(address) },
      attempts: 1,
    });
    expect(everythingWritten(finished)).not.toContain("pass-canary");
  });
});
