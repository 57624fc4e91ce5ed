// What keeps a connection from making a picture, each with the code that generate would give and the exit code of it.

import { describe, expect, test } from "vitest";
import { examinerOf, failures, openEmulator, openFolder, secret } from "./testing/examine-with.ts";

const emulator = await openEmulator();
const examine = examinerOf(emulator, openFolder());
const { credentials } = emulator;

describe("a Gemini key", () => {
  test.each([
    ["that is wrong", "AIza-invalid-key", "key-invalid", "credential"],
    ["that has expired", "AIza-expired-key", "key-expired", "credential"],
    ["that is restricted", "AIza-blocked-key", "key-restricted", "credential"],
    ["of another back end", credentials.vertexKey, "key-wrong-backend", "back end"],
    ["of a project without the API", "AIza-api-disabled-key", "api-disabled", "API enabled"],
    ["of a project without billing", "AIza-billing-disabled-key", "billing-disabled", "billing"],
  ])("%s", async (_what, key, code, name) => {
    const report = await examine({ credentials: { apiKey: secret(key) } });
    expect(report).toMatchObject({ status: "error", exitCode: 3, chosen: { usable: false } });
    expect(failures(report)).toMatchObject([{ name, code }]);
  });

  test("whose project lacks the API: the next step has the address where it is switched on", async () => {
    const [failure] = failures(await examine({ credentials: { apiKey: secret("AIza-api-disabled-key") } }));
    expect(failure?.nextStep).toMatch(/https:\/\/console\.developers\.google\.com\/apis\/api\//);
  });

  test("given as an express key of Vertex AI", async () => {
    const report = await examine({ auth: "vertex-key", credentials: { vertexKey: secret(credentials.apiKey) } });
    expect(failures(report)).toMatchObject([{ name: "back end", code: "key-wrong-backend" }]);
  });

  test("that the provider repeats is masked", async () => {
    emulator.plan([{ match: { rpc: "countTokens" }, action: { type: "echo-key", status: 400 } }]);
    const report = await examine({ credentials: { apiKey: secret("AIza-a-key-that-comes-back") } });
    const [failure] = failures(report);
    expect(failure?.providerMessage).toContain("[redacted]");
    expect(JSON.stringify(report)).not.toContain("AIza-a-key-that-comes-back");
  });
});

async function examineToken(token: string, projectId?: string) {
  return await examine({
    auth: "oauth",
    credentials: { accessToken: secret(token) },
    ...(projectId === undefined ? {} : { projectId }),
  });
}

describe("an access token", () => {
  test.each([
    ["without the scope", credentials.narrowToken, "scope-insufficient", "scope"],
    ["that has run out", credentials.expiredToken, "token-invalid", "credential"],
    ["of an account without the permission", "ya29.no-permission", "permission-denied", "permission"],
  ])("%s", async (_what, token, code, name) => {
    const report = await examineToken(token, "some-project");
    expect(failures(report)).toMatchObject([{ name, code }]);
    expect(report.exitCode).toBe(3);
  });

  test("without a project for Vertex AI", async () => {
    const report = await examineToken(credentials.accessToken);
    expect(failures(report)).toMatchObject([{ name: "project", code: "project-missing" }]);
  });

  test("on Code Assist, of an account that Google has blocked", async () => {
    const accessToken = secret("ya29.tos-violation");
    const report = await examine({ auth: "oauth", endpoint: "cloudcode-pa", credentials: { accessToken } });
    expect(failures(report)).toMatchObject([{ name: "account", code: "terms-violation" }]);
    expect(report.exitCode).toBe(5);
  });
});

test("no credential at all is told with the variable to set", async () => {
  const report = await examine({});
  expect(failures(report)).toMatchObject([
    { name: "credential", code: "credential-missing", nextStep: expect.stringContaining("GEMINI_API_KEY") },
  ]);
});

test("a missing credential and mistakes of the settings are told together, and nothing is asked", async () => {
  emulator.clearRequests();
  const report = await examine({ auth: "oauth", location: "europe_west4" });
  expect(failures(report)).toMatchObject([
    { code: "credential-missing" },
    { code: "value-not-allowed", nextStep: "Did you mean europe-west4?" },
  ]);
  expect(emulator.requests()).toEqual([]);
});

test("a credential that the endpoint does not take", async () => {
  const report = await examine({ endpoint: "cloudcode-pa", credentials: { apiKey: secret(credentials.apiKey) } });
  expect(failures(report)).toMatchObject([{ name: "back end", code: "auth-not-on-endpoint" }]);
});

test("a quota that comes back in a while is exit 6 with the time", async () => {
  emulator.plan([{ match: { rpc: "countTokens" }, action: { type: "error", name: "quota-per-minute" } }]);
  const report = await examine({ credentials: { apiKey: secret(credentials.apiKey) } });
  expect(failures(report)).toMatchObject([
    { name: "quota", code: "rate-limited", retryAfterSeconds: 12, message: expect.stringContaining("in 12 s") },
  ]);
  expect(report.exitCode).toBe(6);
});

describe("the model that is wanted", () => {
  const apiKey = secret(credentials.apiKey);

  test("is the one that is asked about", async () => {
    emulator.clearRequests();
    const report = await examine({ credentials: { apiKey } }, { model: "gemini-3.1-flash-image" });
    expect(report.status).toBe("ok");
    expect(emulator.requests().find(({ rpc }) => rpc === "countTokens")?.model).toBe("gemini-3.1-flash-image");
  });

  test("that does not exist fails, and the credential is asked about all the same", async () => {
    const report = await examine({ credentials: { apiKey } }, { model: "gemini-3-pro-imag" });
    expect(failures(report)).toMatchObject([
      { name: "model", code: "model-unknown", nextStep: "Did you mean gemini-3-pro-image?" },
    ]);
    expect(report.connections[0]?.checks).toContainEqual(expect.objectContaining({ name: "answer", status: "ok" }));
    expect(report.exitCode).toBe(2);
  });
});

test("the others' faults do not touch the exit code", async () => {
  const apiKey = secret(credentials.apiKey);
  const report = await examine({ credentials: { apiKey } }, { others: ["vertex-key", "oauth"] });
  expect(report).toMatchObject({ status: "ok", exitCode: 0 });
  expect(failures(report)).toHaveLength(2);
});
