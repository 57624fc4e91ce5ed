// Requests that are too large to hold their pictures, from the command line: shown before, brought to Google by its own name,
// stopped and killed halfway. The limit is set low in the settings file, so that the pictures need not be large.

import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { type GoogleByName, openGoogleByName } from "./google-by-name.ts";
import {
  documentOf,
  type Finished,
  leadingTo,
  newFolder,
  openEmulator,
  type RunOptions,
  runCommand,
  until,
} from "./run-command.ts";

let emulator: Emulator;
let google: GoogleByName;
let folder: string;

beforeAll(async () => {
  emulator = await openEmulator({ keepBodies: true });
  google = await openGoogleByName(emulator);
});

beforeEach(async () => {
  emulator.clearFaults();
  emulator.clearRequests();
  google.clear();
  folder = newFolder();
  mkdirSync(join(folder, ".home"));
  writeFileSync(join(folder, ".home", "config.json"), JSON.stringify({ inlineLimit: 0.02 }));
  for (const name of ["one.png", "two.png"]) {
    const raw = { width: 90, height: 90, channels: 3 as const };
    writeFileSync(
      join(folder, name),
      await sharp(randomBytes(90 * 90 * 3), { raw })
        .png()
        .toBuffer(),
    );
  }
});

const words = ["a fox", "--image", "one.png", "two.png", "--auth", "api-key", "-o", "fox.jpg"];

async function run(more: readonly string[], { environment, during }: RunOptions = {}): Promise<Finished> {
  return await runCommand([...words, ...more], {
    folder,
    environment: { GEMINI_API_KEY: emulator.credentials.apiKey, ...(environment ?? leadingTo(emulator)) },
    ...(during ? { during } : {}),
  });
}

const rpcs = (): (string | null)[] => emulator.requests().map(({ rpc }) => rpc);

test("pictures are uploaded, drawn and deleted, and a person sees it", async () => {
  const finished = await run([]);
  expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
  expect(finished.stderr).toMatch(/uploading reference pictures, \d/);
  expect(finished.files).toContain("fox.jpg");
  expect(rpcs()).toEqual([
    // Each is announced and brought.
    "uploadFile",
    "uploadFile",
    "uploadFile",
    "uploadFile",
    "generateContent",
    "deleteFile",
    "deleteFile",
  ]);
  expect(emulator.bill()).toMatchObject({ billed: 1 });
});

test("over TLS, all of it goes to Google's own host and nowhere else", async () => {
  const finished = await run(["--json"], { environment: google.environment });
  expect([finished.exitCode, documentOf(finished)]).toMatchObject([0, { request: { uploads: { pictures: 2 } } }]);
  expect(new Set(google.tunnels)).toEqual(new Set(["generativelanguage.googleapis.com:443"]));
  expect(rpcs().filter((rpc) => rpc === "uploadFile")).toHaveLength(4);
});

test("a dry run says that they would be, and sends nothing", async () => {
  const shown = await run(["--dry-run"]);
  expect(shown.stdout).toMatch(/upload +2 pictures, .* uploaded first \(free\) and deleted afterwards/);
  expect(shown.stdout).toMatch(/"fileUri": "\(uploaded first: \(90 x 90 pixels/);
  const { plan } = documentOf(await run(["--dry-run", "--json"])) as { plan: { request: object } };
  expect(plan.request).toMatchObject({ uploads: { pictures: 2 } });
  expect(emulator.requests()).toEqual([]);
});

test("where there is no place for uploads, the numbers are told and nothing is sent", async () => {
  const key = emulator.credentials.vertexKey;
  const finished = await run(["--auth", "vertex-key", "--json"], {
    environment: { ...leadingTo(emulator), VERTEX_API_KEY: key },
  });
  expect([finished.exitCode, documentOf(finished)]).toMatchObject([
    2,
    { error: { code: "input-too-large", message: expect.stringMatching(/at most 20\.0 kB.*gs:\/\//) } },
  ]);
  expect(emulator.requests()).toEqual([]);
});

const stalled = async (signal: NodeJS.Signals): Promise<Finished> => {
  emulator.plan([{ match: { rpc: "uploadFile" }, skip: 3, action: { type: "stall", where: "before-headers" } }]);
  return await run(["--foreground"], {
    during: async (send) => {
      await until(() => emulator.faults().met === 1);
      send(signal);
    },
  });
};

describe("while the second picture is on its way", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends it at once: nothing billed, the first one deleted", async (signal, exitCode) => {
    const finished = await stalled(signal);
    expect([finished.exitCode, finished.files.filter((name) => name.endsWith(".jpg"))]).toEqual([exitCode, []]);
    expect(finished.stderr).not.toMatch(/Billed/);
    expect(rpcs()).not.toContain("generateContent");
    expect(rpcs()).toContain("deleteFile");
  });

  test("kill -9 leaves nothing billed; the hold is released and what was uploaded deleted by the next", async () => {
    expect((await stalled("SIGKILL")).exitCode).toBe("SIGKILL");
    const recovered = await runCommand(["recover", "--json"], { folder, environment: leadingTo(emulator) });
    expect(documentOf(recovered)).toMatchObject({ released: [expect.anything()], unknown: [], published: [] });
    expect(emulator.bill()).toMatchObject({ billed: 0 });
    emulator.clearFaults();
    emulator.clearRequests();
    expect((await run([])).exitCode).toBe(0);
    expect(emulator.bill()).toMatchObject({ billed: 1 });
    // Its own two, and those that were left.
    expect(rpcs().filter((rpc) => rpc === "deleteFile")).toHaveLength(4);
    expect(readdirSync(join(folder, ".home", "state", "uploads"))).toEqual([]);
  });
});
