// google-auth-library, unchanged, against the emulator's token endpoints and metadata server.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GoogleAuth, type GoogleAuthOptions } from "google-auth-library";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.ts";

const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";
let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  emulator = await startEmulator();
  folder = mkdtempSync(join(tmpdir(), "image-gen-auth-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await emulator.close();
});

/** Sends requests for Google's hosts to the emulator's path of that name. */
const toEmulator: typeof fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const isOurs = url.origin === emulator.url;
  return fetch(isOurs ? url : `${emulator.url}/${url.host}${url.pathname}${url.search}`, init);
};

async function tokenOf(credentials: object, scopes: string): Promise<string> {
  const clientOptions: NonNullable<GoogleAuthOptions["clientOptions"]> = {
    transporterOptions: { fetchImplementation: toEmulator },
  };
  const auth = new GoogleAuth({ credentials, scopes, clientOptions });
  return (await auth.getAccessToken()) ?? "";
}

test("a service account's key file becomes a token that opens Vertex AI", async () => {
  const token = await tokenOf(emulator.credentials.serviceAccountKey, cloudPlatform);
  const url = `${emulator.url}/aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/gemini-3-pro-image:generateContent`;
  const body = JSON.stringify({ contents: [{ role: "user", parts: [{ text: "A cat" }] }] });
  const answer = await fetch(url, { method: "POST", headers: { authorization: `Bearer ${token}` }, body });
  expect(answer.status).toBe(200);
});

test("a narrow scope gives a token that opens nothing", async () => {
  expect(await tokenOf(emulator.credentials.serviceAccountKey, "https://www.googleapis.com/auth/drive")).toContain(
    "narrow",
  );
});

test("a user's default credentials become a token", async () => {
  expect(await tokenOf(emulator.credentials.authorizedUser, cloudPlatform)).toMatch(/^ya29\./);
});

test("a revoked user is told so", async () => {
  const revoked = { ...emulator.credentials.authorizedUser, refresh_token: "1//revoked" };
  await expect(tokenOf(revoked, cloudPlatform)).rejects.toThrow(/invalid_grant/);
});

test("a federated identity is exchanged and impersonates its service account", async () => {
  const subjectTokenFile = join(folder, "subject-token");
  writeFileSync(subjectTokenFile, "subject");
  expect(await tokenOf(emulator.credentials.externalAccount(subjectTokenFile), cloudPlatform)).toMatch(
    /^ya29\.emulator-cloud/,
  );
  expect(emulator.requests().map((entry) => entry.service)).toEqual(expect.arrayContaining(["sts", "iamcredentials"]));
});

test("on a machine of Google's the metadata server gives project and token", async () => {
  vi.stubEnv("GCE_METADATA_HOST", new URL(emulator.url).host);
  vi.stubEnv("METADATA_SERVER_DETECTION", "assume-present");
  vi.stubEnv("CLOUDSDK_CONFIG", folder);
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", undefined);
  vi.stubEnv("GOOGLE_CLOUD_PROJECT", undefined);
  const auth = new GoogleAuth({ scopes: cloudPlatform });
  expect(await auth.getAccessToken()).toMatch(/^ya29\.emulator-cloud/);
  expect(await auth.getProjectId()).toBe("emulator-project");
  vi.unstubAllEnvs();
});
