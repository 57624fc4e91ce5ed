import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { closedPort } from "../../transport/testing/raw-server.ts";
import { runProgram } from "../program.ts";
import { createFakeContext } from "../testing/fake-context.ts";

let emulator: Emulator;
let closed: string;
let home: string;

beforeAll(async () => {
  emulator = await startEmulator();
  closed = `http://127.0.0.1:${await closedPort()}`;
});
afterAll(() => emulator.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "image-gen-cli-doctor-"));
  return () => rmSync(home, { recursive: true, force: true });
});

/** `doctor` where every endpoint is the emulator, and nothing of this machine's own is seen. */
async function doctor(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { url } = emulator;
  const context = createFakeContext({
    workingDirectory: home,
    environment: {
      IMAGE_GEN_HOME: home,
      CLOUDSDK_CONFIG: join(home, "no-gcloud"),
      METADATA_SERVER_DETECTION: "none",
      CLIPROXYAPI_URL: closed,
      GOOGLE_GEMINI_BASE_URL: `${url}/generativelanguage.googleapis.com`,
      GOOGLE_VERTEX_BASE_URL: `${url}/aiplatform.googleapis.com`,
      CODE_ASSIST_ENDPOINT: `${url}/cloudcode-pa.googleapis.com`,
      ...environment,
    },
  });
  const exitCode = await runProgram(words, context);
  return { exitCode, ...context.written };
}

/** The blocks of the human form by their first line. */
function blockOf(stdout: string, start: string): string {
  return stdout.split("\n\n").find((block) => block.startsWith(start)) ?? "";
}

test("a missing proxy is exit 3, with what to do, its terms, and the connection that would work", async () => {
  const { exitCode, stdout } = await doctor(["doctor"], { GEMINI_API_KEY: emulator.credentials.apiKey });
  expect(exitCode).toBe(3);
  const proxy = blockOf(stdout, "--auth proxy, CLIProxyAPI (cliproxyapi), the chosen connection");
  expect(proxy).toMatch(/✗ reachable: CLIProxyAPI does not answer .*\n {6}What to do: Start CLIProxyAPI/);
  expect(proxy).toMatch(/! terms: .*suspended accounts/);
  expect(blockOf(stdout, "--auth api-key, Gemini API")).toMatch(/✓ answer/);
  expect(stdout).toMatch(/✗ --auth proxy, cliproxyapi cannot make a picture as it is\.\n {2}Can: --auth api-key\./);
});

test("a chosen connection that works is exit 0, whatever the others say", async () => {
  const environment = { GEMINI_API_KEY: emulator.credentials.apiKey, VERTEX_API_KEY: "AQ.invalid-express-key" };
  const { exitCode, stdout } = await doctor(["doctor", "--auth", "api-key"], environment);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/✓ --auth api-key, generativelanguage can make a picture/);
  expect(blockOf(stdout, "--auth vertex-key")).toContain("✗");
});

test("every credential of the environment is examined, a key file as what it is", async () => {
  const keyFile = join(home, "key.json");
  writeFileSync(keyFile, JSON.stringify(emulator.credentials.serviceAccountKey), { mode: 0o600 });
  const { stdout } = await doctor(["doctor", "--json"], {
    GOOGLE_API_KEY: emulator.credentials.apiKey,
    VERTEX_API_KEY: emulator.credentials.vertexKey,
    GOOGLE_OAUTH_ACCESS_TOKEN: emulator.credentials.accessToken,
    GOOGLE_APPLICATION_CREDENTIALS: keyFile,
    GOOGLE_CLOUD_PROJECT: "my-project",
    CLIPROXYAPI_URL: emulator.url,
  });
  const { connections } = JSON.parse(stdout) as { connections: { auth: string; usable: boolean }[] };
  expect(connections.map(({ auth, usable }) => [auth, usable])).toEqual(
    ["proxy", "api-key", "vertex-key", "oauth", "adc", "service-account"].map((auth) => [auth, true]),
  );
});

test("--json is the report, with the exit code of the first failure and no secret in it", async () => {
  const { exitCode, stdout } = await doctor(["check", "--auth", "api-key", "--json"], {
    GEMINI_API_KEY: "AIza-expired-key-of-somebody",
  });
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    status: "error",
    exitCode: 3,
    chosen: { auth: "api-key", endpoint: "generativelanguage", usable: false },
    connections: [
      { auth: "api-key", chosen: true },
      { auth: "proxy", chosen: false },
    ],
    surroundings: expect.any(Array),
  });
  expect(stdout).not.toContain("AIza-expired-key-of-somebody");
});

test("--rehearse examines the emulator's connections and nothing of this machine", async () => {
  const { exitCode, stdout } = await doctor(["doctor", "--rehearse"]);
  expect(exitCode).toBe(0);
  expect(stdout.match(/^--auth /gm)).toHaveLength(6);
  expect(stdout).not.toContain("This machine");
  expect(stdout).not.toContain("✗");
});

test("a key file that others can read is told with the command that closes it", async () => {
  const keyFile = join(home, "key.json");
  writeFileSync(keyFile, JSON.stringify(emulator.credentials.serviceAccountKey));
  chmodSync(keyFile, 0o644);
  const words = ["doctor", "--auth", "service-account", "--credentials", keyFile];
  const { exitCode, stdout } = await doctor(words);
  expect(exitCode).toBe(0);
  expect(blockOf(stdout, "This machine")).toContain(`What to do: chmod 600 ${keyFile}`);
});

test("a settings file with a key in it must be closed to readers", async () => {
  const configFile = join(home, "config.json");
  writeFileSync(configFile, JSON.stringify({ apiKey: emulator.credentials.apiKey }));
  chmodSync(configFile, 0o644);
  const { stdout } = await doctor(["doctor", "--auth", "api-key"]);
  expect(blockOf(stdout, "This machine")).toMatch(/! settings file: .* holds a key and can be read by others/);
});

test("--model is the model that is asked about", async () => {
  const environment = { GEMINI_API_KEY: emulator.credentials.apiKey };
  const { exitCode, stdout } = await doctor(["doctor", "--auth", "api-key", "--model", "no-such-model"], environment);
  expect(exitCode).toBe(2);
  expect(stdout).toContain("✗ model: No model is called no-such-model.");
});

test("Ctrl-C is 130, SIGTERM 143", async () => {
  const exitCodes = ["SIGINT", "SIGTERM"].map(async (signal) => {
    const context = createFakeContext({ workingDirectory: home, environment: { IMAGE_GEN_HOME: home } });
    context.interrupt(signal === "SIGINT" ? "SIGINT" : "SIGTERM");
    return await runProgram(["doctor", "--rehearse"], context);
  });
  expect(await Promise.all(exitCodes)).toEqual([130, 143]);
});

test.each(["x/../y", "europe_west4", "", "a b"])(
  "the location %j is a mistake with its row, not a fault of ours",
  async (location) => {
    const words = ["doctor", "--rehearse", "--auth", "adc", `--location=${location}`];
    const { exitCode } = await doctor(words);
    expect(exitCode).toBe(2);
  },
);
