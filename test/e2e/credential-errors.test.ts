// Credentials that do not open the door, on every endpoint: which row of the error table, what to do, and that nobody is
// asked a second time. None of them may ever be shown.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { documentOf, everythingWritten, leadingTo, newFolder, openEmulator, runCommand } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator();
});

beforeEach(() => {
  emulator.clearRequests();
});

async function runWith(variable: string, value: string, words: readonly string[]) {
  return await runCommand(["a red fox", "--json", ...words], {
    environment: { ...leadingTo(emulator), [variable]: value },
  });
}

interface Row {
  readonly name: string;
  readonly variable: string;
  readonly credential: string;
  readonly words: readonly string[];
  readonly code: string;
  readonly exitCode: number;
  readonly nextStep: RegExp;
}

const onGemini = { variable: "GEMINI_API_KEY", words: ["--auth", "api-key"] };
const onVertexByKey = { variable: "VERTEX_API_KEY", words: ["--auth", "vertex-key"] };
const onVertex = { variable: "GOOGLE_OAUTH_ACCESS_TOKEN", words: ["--auth", "oauth", "--project-id", "p-1"] };
const onGeminiByToken = {
  variable: "GOOGLE_OAUTH_ACCESS_TOKEN",
  words: ["--auth", "oauth", "--endpoint", "generativelanguage"],
};
const onCodeAssist = {
  variable: "GOOGLE_OAUTH_ACCESS_TOKEN",
  words: ["--auth", "oauth", "--endpoint", "cloudcode-pa"],
};
const inProject = { ...onCodeAssist, words: [...onCodeAssist.words, "--project-id", "p-1"] };

const rows: readonly Omit<Row, "name">[] = [
  { ...onGemini, credential: "AQ.invalid-key-canary", code: "key-invalid", exitCode: 3, nextStep: /complete/ },
  { ...onGemini, credential: "AIza-blocked-canary", code: "key-restricted", exitCode: 3, nextStep: /restrictions/ },
  {
    ...onGemini,
    credential: "AIza-billing-disabled-canary",
    code: "billing-disabled",
    exitCode: 3,
    nextStep: /billing account/,
  },
  {
    ...onGemini,
    credential: "AIza-wrong-backend-canary",
    code: "key-wrong-backend",
    exitCode: 3,
    nextStep: /--auth vertex-key/,
  },
  { ...onVertexByKey, credential: "AQ.invalid-key-canary", code: "key-invalid", exitCode: 3, nextStep: /vertex-key/ },
  {
    ...onVertexByKey,
    credential: "AIza-emulator-standard-key",
    code: "key-wrong-backend",
    exitCode: 3,
    nextStep: /--auth api-key/,
  },
  {
    ...onVertex,
    credential: "ya29.expired-canary",
    code: "token-invalid",
    exitCode: 3,
    nextStep: /gcloud auth print-access-token/,
  },
  {
    ...onVertex,
    credential: "ya29.no-permission-canary",
    code: "permission-denied",
    exitCode: 3,
    nextStep: /aiplatform\.endpoints\.predict.*roles\/aiplatform\.user/,
  },
  {
    ...onVertex,
    credential: "ya29.api-disabled-canary",
    code: "api-disabled",
    exitCode: 3,
    nextStep: /https:\/\/console\.developers\.google\.com\/apis\/api\/aiplatform\.googleapis\.com/,
  },
  {
    ...onVertex,
    credential: "ya29.generative-language-canary",
    code: "scope-insufficient",
    exitCode: 3,
    nextStep: /auth\/cloud-platform/,
  },
  { ...onVertex, credential: "ya29.suspended-canary", code: "account-blocked", exitCode: 3, nextStep: /Sign in/ },
  {
    ...onGeminiByToken,
    credential: "ya29.narrow-canary",
    code: "scope-insufficient",
    exitCode: 3,
    nextStep: /auth\/cloud-platform/,
  },
  {
    ...onCodeAssist,
    credential: "ya29.tos-violation-canary",
    code: "terms-violation",
    exitCode: 5,
    nextStep: /Do not retry.*--auth api-key/,
  },
  { ...inProject, credential: "ya29.tos-violation-canary", code: "terms-violation", exitCode: 5, nextStep: /retry/ },
  {
    ...inProject,
    credential: "ya29.validation-required-canary",
    code: "account-blocked",
    exitCode: 3,
    nextStep: /https:\/\/accounts\.google\.com\//,
  },
  {
    ...onCodeAssist,
    credential: "ya29.new-user-canary",
    code: "project-missing",
    exitCode: 3,
    nextStep: /--project-id/,
  },
];

const named: readonly Row[] = rows.map((row) => ({ ...row, name: `${row.words.join(" ")} with ${row.credential}` }));

describe("refused by Google", () => {
  test.each(named)("$name: $code", async ({ variable, credential, words, code, exitCode, nextStep }) => {
    const run = await runWith(variable, credential, words);
    expect(run.exitCode).toBe(exitCode);
    expect(documentOf(run)).toMatchObject({
      status: "error",
      error: { code, exitCode, billed: "no", retryable: false, nextStep: expect.stringMatching(nextStep) },
    });
    expect([emulator.bill(), run.files]).toMatchObject([{ requests: 1, billed: 0 }, []]);
    expect(everythingWritten(run)).not.toContain(credential);
  });
});

describe("refused here, before anything is sent", () => {
  const broken: readonly (readonly [string, Row])[] = [
    [
      "a key where a token belongs",
      {
        ...onVertex,
        name: "",
        credential: "AIza-key-canary",
        code: "token-invalid",
        exitCode: 3,
        nextStep: /GOOGLE_OAUTH_ACCESS_TOKEN/,
      },
    ],
    [
      "a token without a project",
      {
        ...onVertex,
        words: ["--auth", "oauth"],
        name: "",
        credential: "ya29.canary",
        code: "project-missing",
        exitCode: 3,
        nextStep: /GOOGLE_CLOUD_PROJECT/,
      },
    ],
    [
      "a key on Code Assist",
      {
        ...onGemini,
        words: ["--auth", "api-key", "--endpoint", "cloudcode-pa"],
        name: "",
        credential: "AIza-key-canary",
        code: "auth-not-on-endpoint",
        exitCode: 3,
        nextStep: /--endpoint/,
      },
    ],
    [
      "a key with a line break in it",
      {
        ...onGemini,
        name: "",
        credential: "AIza-key\ncanary",
        code: "key-invalid",
        exitCode: 3,
        nextStep: /GEMINI_API_KEY/,
      },
    ],
  ];
  test.each(broken)("%s", async (_name, { variable, credential, words, code, exitCode, nextStep }) => {
    const run = await runWith(variable, credential, words);
    expect(documentOf(run)).toMatchObject({ error: { code, exitCode, nextStep: expect.stringMatching(nextStep) } });
    expect([run.exitCode, emulator.requests()]).toEqual([exitCode, []]);
    expect(everythingWritten(run)).not.toContain("canary");
  });

  test.each([
    ["api-key", /GEMINI_API_KEY/],
    ["vertex-key", /VERTEX_API_KEY/],
    ["oauth", /GOOGLE_OAUTH_ACCESS_TOKEN.*gcloud auth print-access-token/],
    ["adc", /gcloud auth application-default login/],
    ["service-account", /--credentials/],
  ])("--auth %s without a credential: exit 3 and where to get one", async (auth, nextStep) => {
    const run = await runCommand(["a fox", "--auth", auth, "--project-id", "p-1", "--json"], {
      environment: { ...leadingTo(emulator), METADATA_SERVER_DETECTION: "none" },
    });
    expect(run.exitCode).toBe(3);
    expect(documentOf(run)).toMatchObject({
      error: { code: "credential-missing", nextStep: expect.stringMatching(nextStep) },
    });
    expect(emulator.requests()).toEqual([]);
  });

  test.each<[string, string | null, RegExp]>([
    ["is not there", null, /does not exist/],
    ["is no JSON", "{", /is not JSON/],
    ["is of an unknown type", '{"type":"magic"}', /unknown type/],
    ["lacks its key", '{"type":"service_account","client_email":"a@b"}', /lacks private_key/],
    [
      "sends its secret to somebody else",
      JSON.stringify({
        type: "authorized_user",
        client_id: "c",
        client_secret: "s-canary",
        refresh_token: "r-canary",
        token_uri: "https://attacker.example/token",
      }),
      /somebody else's/,
    ],
  ])("a credentials file that %s", async (_what, text, said) => {
    const folder = newFolder();
    if (text !== null) writeFileSync(join(folder, "key.json"), text, { mode: 0o600 });
    const run = await runCommand(
      ["a fox", "--auth", "adc", "--project-id", "p-1", "--credentials", "key.json", "--json"],
      {
        folder,
        environment: leadingTo(emulator),
      },
    );
    expect(run.exitCode).toBe(3);
    expect(documentOf(run)).toMatchObject({
      error: { code: "credential-unreadable", message: expect.stringMatching(said) },
    });
    expect([emulator.requests(), run.stdout + run.stderr]).toEqual([[], expect.not.stringContaining("canary")]);
  });
});

describe("refused by the token server", () => {
  test.each(["revoked", "expired"])("a login that is %s: exit 3, nothing drawn, no secret shown", async (word) => {
    const folder = newFolder();
    const login = {
      ...emulator.credentials.authorizedUser,
      refresh_token: `1//${word}-canary`,
      token_uri: `${emulator.url}/token`,
    };
    writeFileSync(join(folder, "adc.json"), JSON.stringify(login), { mode: 0o600 });
    const run = await runCommand(
      ["a fox", "--auth", "adc", "--project-id", "p-1", "--credentials", "adc.json", "--json"],
      {
        folder,
        environment: leadingTo(emulator),
      },
    );
    expect(run.exitCode).toBe(3);
    expect(documentOf(run)).toMatchObject({ error: { code: "token-invalid", billed: "no" } });
    expect(emulator.requests().every(({ rpc }) => rpc === "token")).toBe(true);
    expect(run.stdout + run.stderr).not.toContain("canary");
  });
});
