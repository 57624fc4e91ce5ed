import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Clock } from "../core/clock.ts";
import { authMethods } from "../core/route.ts";
import { Secret } from "../core/secret.ts";
import { type Emulator, startEmulator } from "../emulator/index.ts";
import type { ImageGenOptions } from "../generate/options.ts";
import { systemClock } from "../transport/system-clock.ts";
import { checkFiles } from "./check-files.ts";
import { type DoctorReport, examine } from "./index.ts";

let emulator: Emulator;
const folder = mkdtempSync(join(tmpdir(), "image-gen-doctor-"));

beforeAll(async () => {
  emulator = await startEmulator();
});

afterEach(() => {
  emulator.clearFaults();
});

afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Doctor's report on one connection to the emulator. */
async function examineOne(
  options: Partial<ImageGenOptions>,
  others: (typeof authMethods)[number][] = [],
): Promise<DoctorReport> {
  const places = { workingDirectory: folder, stateDirectory: folder };
  const baseUrls = {
    cliproxyapi: `${emulator.url}/cliproxyapi`,
    generativelanguage: `${emulator.url}/generativelanguage.googleapis.com`,
    aiplatform: `${emulator.url}/aiplatform.googleapis.com`,
  };
  return await examine({ options: { auth: "api-key", baseUrls, ...places, ...options }, others, files: null });
}

const withKey = (key: string): Partial<ImageGenOptions> => ({ credentials: { apiKey: new Secret(key, "TEST_KEY") } });

function failures({ connections }: DoctorReport) {
  return connections.flatMap(({ checks }) => checks.filter(({ status }) => status === "failed"));
}

test("in a rehearsal every connection can make a picture, and nothing was billed", async () => {
  const { status, exitCode, connections } = await examineOne({ rehearsal: emulator }, [...authMethods]);
  expect([status, exitCode]).toEqual(["ok", 0]);
  expect(connections.map(({ auth, usable }) => [auth, usable])).toEqual(
    ["api-key", "proxy", "vertex-key", "oauth", "adc", "service-account"].map((auth) => [auth, true]),
  );
  expect(emulator.requests().filter(({ billed }) => billed)).toEqual([]);
});

test("a working key is named by kind and source, with the models it reaches", async () => {
  const { connections } = await examineOne(withKey(emulator.credentials.authKey));
  expect(connections[0]).toMatchObject({ usable: true, credential: { source: "TEST_KEY" } });
  expect(connections[0]?.imageModels).toContain("gemini-3-pro-image");
  expect(JSON.stringify(connections)).not.toContain(emulator.credentials.authKey);
});

describe("a connection that cannot make a picture fails with the code that generate would give", () => {
  test.each([
    ["AIza-invalid-key", "key-invalid"],
    ["AIza-expired-key", "key-expired"],
    ["AIza-api-disabled-key", "api-disabled"],
  ])("%s: %s", async (key, code) => {
    const report = await examineOne(withKey(key));
    expect(report).toMatchObject({ status: "error", exitCode: 3 });
    expect(failures(report)).toMatchObject([{ code }]);
  });

  test("a token without the scope", async () => {
    const accessToken = new Secret(emulator.credentials.narrowToken, "TEST_TOKEN");
    const report = await examineOne({ auth: "oauth", projectId: "some-project", credentials: { accessToken } });
    expect(failures(report)).toMatchObject([{ code: "scope-insufficient" }]);
  });

  test("no project for Vertex AI", async () => {
    const accessToken = new Secret(emulator.credentials.accessToken, "TEST_TOKEN");
    expect(failures(await examineOne({ auth: "oauth", credentials: { accessToken } }))).toMatchObject([
      { code: "project-missing" },
    ]);
  });

  test("no credential at all", async () => {
    expect(failures(await examineOne({}))).toMatchObject([{ name: "credential", code: "credential-missing" }]);
  });

  test("a proxy that is cooling down, with the time", async () => {
    emulator.plan([{ match: { rpc: "countTokens" }, action: { type: "error", name: "proxy-model-cooldown" } }]);
    const proxyKey = new Secret(emulator.credentials.proxyKey, "TEST_PROXY_KEY");
    const report = await examineOne({ auth: "proxy", credentials: { proxyKey } });
    expect(failures(report)).toMatchObject([{ code: "proxy-cooling-down" }]);
    expect(report.exitCode).toBe(6);
  });

  test("a proxy that wants another key", async () => {
    const proxyKey = new Secret("invalid-proxy-key", "TEST_PROXY_KEY");
    const report = await examineOne({ auth: "proxy", credentials: { proxyKey } });
    expect(failures(report)).toMatchObject([{ code: "proxy-key-refused" }]);
  });

  test("a page of somebody else", async () => {
    emulator.plan([{ match: { rpc: "countTokens" }, action: { type: "html" } }]);
    expect(failures(await examineOne(withKey(emulator.credentials.apiKey)))).toMatchObject([
      { code: "foreign-answer" },
    ]);
  });
});

test("the terms are said plainly where the provider objects", async () => {
  const { connections } = await examineOne({ auth: "proxy", rehearsal: emulator });
  expect(connections[0]?.termsWarning).toMatch(/violation of its terms/);
});

test("a clock that is ten minutes ahead is told", async () => {
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + 10 * 60_000 };
  const { connections } = await examineOne({ ...withKey(emulator.credentials.apiKey), clock });
  expect(connections[0]?.checks).toContainEqual(
    expect.objectContaining({ name: "clock", status: "warning", message: expect.stringContaining("10 minutes ahead") }),
  );
});

describe("files", () => {
  test("a key file that others can read is told with the command that closes it", () => {
    const credentialsFile = join(folder, "key file.json");
    writeFileSync(credentialsFile, "{}", { mode: 0o644 });
    chmodSync(credentialsFile, 0o644);
    const stateDirectory = join(folder, "state");
    mkdirSync(stateDirectory, { mode: 0o700 });
    const checks = checkFiles({ configFile: join(folder, "none.json"), stateDirectory, credentialsFile });
    expect(checks).toMatchObject([
      { name: "state folder", status: "ok" },
      { name: "credentials file", status: "warning", nextStep: `chmod 600 ${JSON.stringify(credentialsFile)}` },
    ]);
  });
});
