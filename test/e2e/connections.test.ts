// Every row of the connection table, from the command line to the picture on the disk and the emulator's bill.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { documentOf, leadingTo, newFolder, openEmulator, runCommand } from "./run-command.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await openEmulator();
});

beforeEach(() => {
  emulator.clearRequests();
});

interface Row {
  readonly name: string;
  readonly words: readonly string[];
  /** From the emulator and the run's folder. */
  readonly environment: (folder: string) => Record<string, string>;
  readonly endpoint: string;
  /** What the paid request's path must hold. */
  readonly path: RegExp;
  /** Where the emulator found the credential; `null`: none came. */
  readonly credential: string | null;
  readonly model?: string;
}

const file = (folder: string, name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
  return path;
};

const gcloudLogin = (folder: string) => ({
  GOOGLE_APPLICATION_CREDENTIALS: file(folder, "adc.json", {
    ...emulator.credentials.authorizedUser,
    token_uri: `${emulator.url}/token`,
  }),
});
const accessToken = () => ({ GOOGLE_OAUTH_ACCESS_TOKEN: emulator.credentials.accessToken });

const rows: readonly Row[] = [
  {
    name: "proxy with a key",
    words: [],
    environment: () => ({ CLIPROXYAPI_KEY: emulator.credentials.proxyKey }),
    endpoint: "cliproxyapi",
    path: /v1beta\/models\/gemini-3\.1-flash-image:streamGenerateContent\?alt=sse/,
    credential: "authorization",
    model: "gemini-3.1-flash-image",
  },
  {
    name: "open proxy",
    words: [],
    environment: () => ({ CLIPROXYAPI_URL: emulator.url }),
    endpoint: "cliproxyapi",
    path: /:streamGenerateContent\?alt=sse/,
    credential: null,
    model: "gemini-3.1-flash-image",
  },
  {
    name: "api-key, standard (AIza)",
    words: ["--auth", "api-key"],
    environment: () => ({ GOOGLE_API_KEY: emulator.credentials.apiKey }),
    endpoint: "generativelanguage",
    path: /v1beta\/models\/gemini-3-pro-image:generateContent$/,
    credential: "x-goog-api-key",
  },
  {
    name: "api-key, authorization (AQ.)",
    words: ["--auth", "api-key"],
    environment: () => ({ GEMINI_API_KEY: emulator.credentials.authKey }),
    endpoint: "generativelanguage",
    path: /v1beta\/models\/gemini-3-pro-image:generateContent$/,
    credential: "x-goog-api-key",
  },
  {
    name: "vertex-key, express path",
    words: ["--auth", "vertex-key"],
    environment: () => ({ VERTEX_API_KEY: emulator.credentials.vertexKey }),
    endpoint: "aiplatform",
    path: /v1\/publishers\/google\/models\/gemini-3-pro-image:generateContent$/,
    credential: "x-goog-api-key",
  },
  {
    name: "oauth on aiplatform",
    words: ["--auth", "oauth", "--project-id", "my-project"],
    environment: accessToken,
    endpoint: "aiplatform",
    path: /projects\/my-project\/locations\/global\/publishers\/google\/models\/gemini-3-pro-image:generateContent$/,
    credential: "authorization",
  },
  {
    name: "oauth on generativelanguage",
    words: ["--auth", "oauth", "--endpoint", "generativelanguage"],
    environment: accessToken,
    endpoint: "generativelanguage",
    path: /v1beta\/models\/gemini-3-pro-image:generateContent$/,
    credential: "authorization",
  },
  {
    name: "oauth on cloudcode-pa with a project",
    words: ["--auth", "oauth", "--endpoint", "cloudcode-pa", "--project-id", "my-project"],
    environment: accessToken,
    endpoint: "cloudcode-pa",
    path: /v1internal:generateContent$/,
    credential: "authorization",
  },
  {
    name: "oauth on cloudcode-pa, project by loadCodeAssist",
    words: ["--auth", "oauth", "--endpoint", "cloudcode-pa"],
    environment: accessToken,
    endpoint: "cloudcode-pa",
    path: /v1internal:generateContent$/,
    credential: "authorization",
  },
  {
    name: "adc from gcloud's login (authorized_user)",
    words: ["--auth", "adc", "--project-id", "my-project"],
    environment: gcloudLogin,
    endpoint: "aiplatform",
    path: /projects\/my-project\/locations\/global\//,
    credential: "authorization",
  },
  {
    name: "adc from a federated identity",
    words: ["--auth", "adc", "--project-id", "my-project"],
    environment: (folder) => ({
      GOOGLE_APPLICATION_CREDENTIALS: file(
        folder,
        "adc.json",
        emulator.credentials.externalAccount(file(folder, "subject-token", "a-token")),
      ),
    }),
    endpoint: "aiplatform",
    path: /projects\/my-project\/locations\/global\//,
    credential: "authorization",
  },
  {
    name: "adc from the metadata server",
    words: ["--auth", "adc"],
    environment: () => ({ GCE_METADATA_HOST: new URL(emulator.url).host }),
    endpoint: "aiplatform",
    path: /projects\/[\w-]+\/locations\/global\//,
    credential: "authorization",
  },
  {
    name: "service account, project from the key file",
    words: ["--auth", "service-account"],
    environment: (folder) => ({
      GOOGLE_APPLICATION_CREDENTIALS: file(folder, "key.json", emulator.credentials.serviceAccountKey),
    }),
    endpoint: "aiplatform",
    path: /projects\/emulator-project\/locations\/global\//,
    credential: "authorization",
  },
];

describe("each connection makes a picture", () => {
  test.each(rows)("$name", async ({ words, environment, endpoint, path, credential, model = "gemini-3-pro-image" }) => {
    const folder = newFolder();
    const run = await runCommand(["a red fox", ...words, "--json"], {
      folder,
      environment: { ...leadingTo(emulator), ...environment(folder) },
    });
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    const outcome = documentOf(run);
    expect(outcome).toMatchObject({ status: "ok", rehearsal: false, route: { endpoint, model }, attempts: 1 });

    const [picture = ""] = run.files.filter((name) => /\.(jpg|png|webp)$/.test(name));
    const { width, height } = await sharp(readFileSync(join(folder, picture))).metadata();
    expect([width, height]).toEqual([1024, 1024]);
    expect(outcome["images"]).toMatchObject([{ path: join(folder, picture), width, height, matchesRequest: true }]);
    const record: unknown = JSON.parse(readFileSync(join(folder, picture.replace(/\.\w+$/, ".json")), "utf8"));
    expect(record).toMatchObject({ status: "ok", operation: outcome["operation"], command: {} });

    const paid = emulator.requests().filter(({ imageCount }) => imageCount > 0);
    expect(paid).toMatchObject([
      { path: expect.stringMatching(path), bodyComplete: true, answerComplete: true, billed: true, faults: [] },
    ]);
    expect(paid[0]?.credential?.kind ?? null).toBe(credential);
    // Both sides have counted by themselves, from price tables of their own.
    const { microUsd, unmeteredMicroUsd } = emulator.bill();
    expect(outcome["cost"]).toMatchObject({
      basis: paid[0]?.metered ? "usage" : "unmetered",
      actualMicroUsd: microUsd,
      listPriceMicroUsd: microUsd + unmeteredMicroUsd,
    });
  });
});

test("--project-id is used before the project of the key file", async () => {
  const folder = newFolder();
  const key = file(folder, "key.json", emulator.credentials.serviceAccountKey);
  const words = [
    "a fox",
    "--auth",
    "service-account",
    "--credentials",
    key,
    "--project-id",
    "other-project",
    "--quiet",
  ];
  const run = await runCommand(words, { folder, environment: leadingTo(emulator) });
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  expect(emulator.requests().at(-1)?.path).toContain("/projects/other-project/");
});

describe("the project that quota is charged to goes along", () => {
  test.each([
    ["the one of gcloud's login", ["--auth", "adc", "--project-id", "p-1"], gcloudLogin, "emulator-project"],
    [
      "GOOGLE_CLOUD_QUOTA_PROJECT before it",
      ["--auth", "adc", "--project-id", "p-1"],
      (folder: string) => ({ ...gcloudLogin(folder), GOOGLE_CLOUD_QUOTA_PROJECT: "q-1" }),
      "q-1",
    ],
    [
      "--project-id on the Gemini API, where a token needs one",
      ["--auth", "oauth", "--endpoint", "generativelanguage", "--project-id", "p-1"],
      accessToken,
      "p-1",
    ],
    [
      "none for a token on Vertex AI, whose path has it",
      ["--auth", "oauth", "--project-id", "p-1"],
      accessToken,
      undefined,
    ],
  ])("%s", async (_name, words, environment, project) => {
    const listening = await openEmulator({ keepBodies: true });
    const folder = newFolder();
    const run = await runCommand(["a fox", "--quiet", ...words], {
      folder,
      environment: { ...environment(folder), ...leadingTo(listening) },
    });
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(listening.requests().find(({ billed }) => billed)?.headers?.["x-goog-user-project"]).toBe(project);
  });
});

describe("locations of Vertex AI", () => {
  const words = ["a fox", "--auth", "oauth", "--project-id", "p-1", "--json"];

  test.each([
    ["global", "aiplatform.googleapis.com"],
    ["europe-west4", "europe-west4-aiplatform.googleapis.com"],
    ["us", "aiplatform.us.rep.googleapis.com"],
    ["eu", "aiplatform.eu.rep.googleapis.com"],
  ])("%s would go to %s in a rehearsal", async (location, host) => {
    const run = await runCommand([...words, "--location", location, "--rehearse", "--dry-run"]);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    const { httpRequest } = documentOf(run);
    expect(httpRequest).toMatchObject({
      url: expect.stringMatching(new RegExp(`/${host.replaceAll(".", "\\.")}/v1/projects/p-1/locations/${location}/`)),
    });
  });

  test.each(["global", "us", "eu"])("%s draws in a rehearsal", async (location) => {
    const run = await runCommand([...words, "--location", location, "--rehearse"]);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(documentOf(run)).toMatchObject({ status: "ok", rehearsal: true, images: [{ matchesRequest: true }] });
  });

  test.each(["global", "us", "eu"])(
    "%s keeps its place in the path behind GOOGLE_VERTEX_BASE_URL",
    async (location) => {
      const run = await runCommand([...words, "--location", location], {
        environment: {
          GOOGLE_VERTEX_BASE_URL: emulator.url,
          GOOGLE_OAUTH_ACCESS_TOKEN: emulator.credentials.accessToken,
        },
      });
      expect(run, run.stderr).toMatchObject({ exitCode: 0 });
      expect(emulator.requests()).toMatchObject([
        { path: expect.stringContaining(`/v1/projects/p-1/locations/${location}/publishers/google/`), billed: true },
      ]);
    },
  );
});

test("a proxy that is not there is named, with the credentials that were seen and the command for each", async () => {
  const run = await runCommand(["a fox"], {
    environment: {
      CLIPROXYAPI_URL: "http://127.0.0.1:9",
      GEMINI_API_KEY: "AIza-seen-key",
      VERTEX_API_KEY: "AQ.seen-key",
    },
  });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/127\.0\.0\.1:9/);
  expect(run.stderr).toMatch(/GEMINI_API_KEY: image-gen --auth api-key/);
  expect(run.stderr).toMatch(/VERTEX_API_KEY: image-gen --auth vertex-key/);
  expect(run.stderr).not.toContain("seen-key");
});
