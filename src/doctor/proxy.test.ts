// CLIProxyAPI in each of the states that keep it from making pictures, as measured on v7.2.140 (cliproxyapi facts §1, §3).

import { createServer } from "node:http";
import { onTestFinished, expect, test } from "vitest";
import { closedPort, listen } from "../transport/testing/raw-server.ts";
import { examinerOf, failures, openEmulator, openFolder, secret } from "./testing/examine-with.ts";

const emulator = await openEmulator();
const folder = openFolder();
const examine = examinerOf(emulator, folder);

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Doctor on a proxy that answers so: to the list first, then to the question. */
async function examineProxy(list: Answer, question: Answer = { body: { totalTokens: 1 } }) {
  const server = createServer((request, response) => {
    const { status = 200, headers = {}, body } = request.method === "GET" ? list : question;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  const port = await listen(server);
  onTestFinished(() => void server.close());
  return await examine({ auth: "proxy", baseUrls: { cliproxyapi: `http://127.0.0.1:${port}` } });
}

const imageModel = { name: "models/gemini-3.1-flash-image", supportedOutputModalities: ["text", "image"] };
const withImages: Answer = { body: { models: [imageModel] } };

test("without a login", async () => {
  const report = await examineProxy({ body: { models: [] } });
  expect(failures(report)).toMatchObject([
    { name: "proxy login", code: "proxy-not-logged-in", nextStep: expect.stringContaining("--antigravity-login") },
  ]);
  expect(report.exitCode).toBe(3);
});

test("with a login that has no image model", async () => {
  const textModel = { name: "models/claude-sonnet", supportedOutputModalities: ["text"] };
  expect(failures(await examineProxy({ body: { models: [textModel] } }))).toMatchObject([
    { name: "image models", code: "proxy-without-image-model" },
  ]);
});

test("with the example keys still in its configuration", async () => {
  const body = { error: "unsafe_example_api_key", message: "Proxy API endpoints are disabled." };
  const report = await examineProxy({ status: 403, headers: { "x-cpa-safe-mode": "example-api-key" }, body });
  expect(failures(report)).toMatchObject([{ name: "proxy setup", code: "proxy-setup" }]);
});

test("cooling down after a quota: the seconds are told", async () => {
  const message = "All credentials for model gemini-3.1-flash-image are cooling down via provider antigravity";
  const body = { error: { code: "model_cooldown", message, reset_seconds: 98, reset_time: "1m37s" } };
  const report = await examineProxy(withImages, { status: 429, body });
  expect(failures(report)).toMatchObject([
    {
      name: "cooling down",
      code: "proxy-cooling-down",
      retryAfterSeconds: 98,
      message: expect.stringContaining("in 98 s"),
    },
  ]);
  expect(report.exitCode).toBe(6);
});

test("cooling down after a fault that it does not name: a minute", async () => {
  const message = "auth_unavailable: no auth available (providers=antigravity, model=gemini-3.1-flash-image)";
  const body = { error: { message, type: "server_error", code: "internal_server_error" } };
  expect(failures(await examineProxy(withImages, { status: 503, body }))).toMatchObject([
    { code: "proxy-cooling-down", retryAfterSeconds: 60, providerMessage: message },
  ]);
});

test("whose login has expired", async () => {
  const body = { error: { message: "invalid_grant: Token has been expired or revoked." } };
  expect(failures(await examineProxy(withImages, { status: 400, body }))).toMatchObject([
    { name: "proxy login", code: "proxy-not-logged-in" },
  ]);
});

test("that wants another key", async () => {
  const report = await examine({ auth: "proxy", credentials: { proxyKey: secret("invalid-proxy-key") } });
  expect(failures(report)).toMatchObject([{ name: "credential", code: "proxy-key-refused" }]);
});

test("that is not running", async () => {
  const baseUrls = { cliproxyapi: `http://127.0.0.1:${await closedPort()}` };
  const report = await examine({ auth: "proxy", baseUrls });
  expect(failures(report)).toMatchObject([{ name: "reachable", code: "proxy-not-running" }]);
  expect(report.exitCode).toBe(3);
});

test("in whose place another program listens", async () => {
  const report = await examineProxy({ headers: { "content-type": "text/html" }, body: "<html>My router</html>" });
  expect(failures(report)).toMatchObject([
    { name: "reachable", code: "proxy-not-running", message: expect.stringContaining("not CLIProxyAPI") },
  ]);
});

test("that names a model with terminal codes in it: they are taken out", async () => {
  const name = "models/gemini-\u001b[31mred-image";
  const report = await examineProxy({ body: { models: [{ ...imageModel, name }] } });
  expect(JSON.stringify(report)).not.toMatch(/\\u001b/);
});
