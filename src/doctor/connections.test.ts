// Every way of signing in, examined against the emulator while all is well.

import { expect, test } from "vitest";
import { authMethods } from "../core/route.ts";
import { examinerOf, openEmulator, openFolder, secret, statuses, writeKeyFile } from "./testing/examine-with.ts";

const emulator = await openEmulator();
const folder = openFolder();
const examine = examinerOf(emulator, folder);
const { credentials } = emulator;

test("in a rehearsal every connection can make a picture, and nothing that costs was called", async () => {
  const report = await examine({ rehearsal: emulator }, { others: authMethods });
  expect(report).toMatchObject({
    status: "ok",
    exitCode: 0,
    chosen: { auth: "api-key", endpoint: "generativelanguage", usable: true },
  });
  expect(report.connections.map(({ auth, chosen, usable }) => [auth, chosen, usable])).toEqual([
    ["api-key", true, true],
    ...authMethods.filter((auth) => auth !== "api-key").map((auth) => [auth, false, true]),
  ]);
  expect(emulator.requests().filter(({ billed }) => billed)).toEqual([]);
  expect(new Set(emulator.requests().map(({ rpc }) => rpc))).toEqual(new Set(["listModels", "countTokens"]));
});

test("a Gemini key is named by kind and source, with its back end and the models it reaches", async () => {
  const report = await examine({ credentials: { apiKey: secret(credentials.authKey) } });
  expect(report.connections[0]).toMatchObject({
    usable: true,
    credential: { source: "TEST_VARIABLE", kind: "authorization key (AQ.…)" },
    imageModels: expect.arrayContaining(["gemini-3-pro-image"]),
  });
  expect(statuses(report)).toEqual(["credential: ok", "back end: ok", "image models: ok", "answer: ok"]);
  expect(JSON.stringify(report)).not.toContain(credentials.authKey);
});

test("an express key has no list of models, which is no fault", async () => {
  const report = await examine({ auth: "vertex-key", credentials: { vertexKey: secret(credentials.vertexKey) } });
  expect(statuses(report)).toEqual(["credential: ok", "back end: ok", "answer: ok", "image models: unknown"]);
  expect(report).toMatchObject({ status: "ok", connections: [{ imageModels: null }] });
});

test.each(["service-account", "adc"] as const)(
  "--auth %s with a key file gets a token and finds the file's project",
  async (auth) => {
    const eu = { aiplatform: `${emulator.url}/aiplatform.eu.rep.googleapis.com` };
    const credentialsFile = writeKeyFile(folder, credentials.serviceAccountKey);
    const report = await examine({ auth, location: "eu", baseUrls: eu, credentials: { credentialsFile } });
    expect(report.connections[0]).toMatchObject({
      usable: true,
      credential: { kind: "service_account", account: expect.stringContaining("@"), source: expect.any(String) },
      projectId: credentials.projectId,
      location: "eu",
    });
    expect(statuses(report)).toEqual([
      "credential: ok",
      "back end: ok",
      "token: ok",
      "project: ok",
      "image models: ok",
      "answer: ok",
    ]);
  },
);

test("--auth adc takes the metadata server's token and project", async () => {
  const report = await examine({ auth: "adc", credentials: { metadataHost: new URL(emulator.url).host } });
  expect(report.connections[0]).toMatchObject({ usable: true, credential: { kind: "metadata server" } });
  expect(report.connections[0]?.projectId).toBe(credentials.projectId);
});

test("Code Assist tells the account's project itself, and its terms are said plainly", async () => {
  const accessToken = secret(credentials.accessToken);
  const report = await examine({ auth: "oauth", endpoint: "cloudcode-pa", credentials: { accessToken } });
  expect(report.connections[0]).toMatchObject({
    usable: true,
    projectId: expect.stringMatching(/./),
    termsWarning: expect.stringMatching(/suspended accounts/),
  });
});

test("an open proxy needs no key; its only image model is taken and its terms are said plainly", async () => {
  const report = await examine({ auth: "proxy", baseUrls: { cliproxyapi: emulator.url } });
  const [proxy] = report.connections;
  expect(proxy).toMatchObject({ usable: true, termsWarning: expect.stringMatching(/violation of its terms/) });
  expect(proxy?.imageModels).toEqual(["gemini-3.1-flash-image"]);
  expect(proxy?.checks).toContainEqual(
    expect.objectContaining({ name: "model", status: "warning", message: expect.stringContaining("does not have") }),
  );
});

test("the endpoint of the chosen connection is not that of the others", async () => {
  const both = { apiKey: secret(credentials.apiKey), accessToken: secret(credentials.accessToken) };
  const options = { auth: "oauth", endpoint: "cloudcode-pa", credentials: both } as const;
  const report = await examine(options, { others: ["api-key", "oauth"] });
  expect(report.connections.map(({ auth, endpoint }) => [auth, endpoint])).toEqual([
    ["oauth", "cloudcode-pa"],
    ["api-key", "generativelanguage"],
  ]);
});
