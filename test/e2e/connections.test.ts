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
  readonly model?: string;
}

const file = (folder: string, name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
  return path;
};

const rows: readonly Row[] = [
  {
    name: "proxy with a key",
    words: [],
    environment: () => ({ CLIPROXYAPI_KEY: emulator.credentials.proxyKey }),
    endpoint: "cliproxyapi",
    path: /v1beta\/models\/gemini-3\.1-flash-image:streamGenerateContent\?alt=sse/,
    model: "gemini-3.1-flash-image",
  },
  {
    name: "open proxy",
    words: [],
    environment: () => ({ CLIPROXYAPI_URL: emulator.url }),
    endpoint: "cliproxyapi",
    path: /:streamGenerateContent\?alt=sse/,
    model: "gemini-3.1-flash-image",
  },
  {
    name: "api-key, standard (AIza)",
    words: ["--auth", "api-key"],
    environment: () => ({ GOOGLE_API_KEY: emulator.credentials.apiKey }),
    endpoint: "generativelanguage",
    path: /v1beta\/models\/gemini-3-pro-image:generateContent$/,
  },
  {
    name: "api-key, authorization (AQ.)",
    words: ["--auth", "api-key"],
    environment: () => ({ GEMINI_API_KEY: emulator.credentials.authKey }),
    endpoint: "generativelanguage",
    path: /v1beta\/models\/gemini-3-pro-image:generateContent$/,
  },
  {
    name: "vertex-key, express path",
    words: ["--auth", "vertex-key"],
    environment: () => ({ VERTEX_API_KEY: emulator.credentials.vertexKey }),
    endpoint: "aiplatform",
    path: /v1\/publishers\/google\/models\/gemini-3-pro-image:generateContent$/,
  },
  {
    name: "oauth on aiplatform",
    words: ["--auth", "oauth", "--project-id", "my-project"],
    environment: () => ({ GOOGLE_OAUTH_ACCESS_TOKEN: emulator.credentials.accessToken }),
    endpoint: "aiplatform",
    path: /projects\/my-project\/locations\/global\/publishers\/google\/models\/gemini-3-pro-image:generateContent$/,
  },
  {
    name: "oauth on generativelanguage",
    words: ["--auth", "oauth", "--endpoint", "generativelanguage"],
    environment: () => ({ GOOGLE_OAUTH_ACCESS_TOKEN: emulator.credentials.accessToken }),
    endpoint: "generativelanguage",
    path: /v1beta\/models\/gemini-3-pro-image:generateContent$/,
  },
  {
    name: "oauth on cloudcode-pa with a project",
    words: ["--auth", "oauth", "--endpoint", "cloudcode-pa", "--project-id", "my-project"],
    environment: () => ({ GOOGLE_OAUTH_ACCESS_TOKEN: emulator.credentials.accessToken }),
    endpoint: "cloudcode-pa",
    path: /v1internal:generateContent$/,
  },
  {
    name: "oauth on cloudcode-pa, project by loadCodeAssist",
    words: ["--auth", "oauth", "--endpoint", "cloudcode-pa"],
    environment: () => ({ GOOGLE_OAUTH_ACCESS_TOKEN: emulator.credentials.accessToken }),
    endpoint: "cloudcode-pa",
    path: /v1internal:generateContent$/,
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
  },
  {
    name: "adc from the metadata server",
    words: ["--auth", "adc"],
    environment: () => ({ GCE_METADATA_HOST: new URL(emulator.url).host }),
    endpoint: "aiplatform",
    path: /projects\/[\w-]+\/locations\/global\//,
  },
  {
    name: "service account, project from the key file",
    words: ["--auth", "service-account"],
    environment: (folder) => ({
      GOOGLE_APPLICATION_CREDENTIALS: file(folder, "key.json", emulator.credentials.serviceAccountKey),
    }),
    endpoint: "aiplatform",
    path: /projects\/emulator-project\/locations\/global\//,
  },
];

describe("each connection makes a picture", () => {
  test.each(rows)("$name", async ({ words, environment, endpoint, path, model = "gemini-3-pro-image" }) => {
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
    expect(paid).toMatchObject([{ path: expect.stringMatching(path) }]);
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

describe("locations of Vertex AI", () => {
  test.each([
    ["global", "aiplatform.googleapis.com"],
    ["europe-west4", "europe-west4-aiplatform.googleapis.com"],
    ["us", "aiplatform.us.rep.googleapis.com"],
    ["eu", "aiplatform.eu.rep.googleapis.com"],
  ])("%s goes to %s", async (location, host) => {
    const words = [
      "a fox",
      "--auth",
      "oauth",
      "--project-id",
      "p-1",
      "--location",
      location,
      "--rehearse",
      "--dry-run",
      "--json",
    ];
    const run = await runCommand(words);
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    const { httpRequest } = documentOf(run);
    expect(httpRequest).toMatchObject({
      url: expect.stringMatching(new RegExp(`/${host.replaceAll(".", "\\.")}/v1/projects/p-1/locations/${location}/`)),
    });
  });
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
