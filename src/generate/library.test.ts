import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CostBasis, Outcome, SuccessOutcome } from "../core/outcome.ts";
import type { ProgressEvent } from "../core/progress.ts";
import type { AuthMethod, EndpointName } from "../core/route.ts";
import { useEmulator } from "./testing/emulated.ts";

const { emulator, folder, files, open } = useEmulator();

function success(outcome: Outcome): SuccessOutcome {
  if (outcome.status === "error") throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
  return outcome;
}

interface Connection {
  readonly auth: AuthMethod;
  readonly endpoint: EndpointName;
  readonly projectId?: string;
  readonly basis: CostBasis;
}

const connections: readonly Connection[] = [
  { auth: "proxy", endpoint: "cliproxyapi", basis: "unmetered" },
  { auth: "api-key", endpoint: "generativelanguage", basis: "usage" },
  { auth: "vertex-key", endpoint: "aiplatform", basis: "usage" },
  { auth: "oauth", endpoint: "aiplatform", projectId: "a-project", basis: "usage" },
  { auth: "oauth", endpoint: "generativelanguage", basis: "usage" },
  { auth: "oauth", endpoint: "cloudcode-pa", basis: "unmetered" },
];

test.each(connections)("$auth on $endpoint: a picture, its record, and one billed call", async (connection) => {
  const { auth, endpoint, basis } = connection;
  const outcome = success(await open(connection).generate({ prompt: "a fox", output: "fox/" }));
  expect(outcome).toMatchObject({
    version: 1,
    status: "ok",
    rehearsal: false,
    route: { auth, endpoint },
    attempts: 1,
    cost: { basis },
  });
  const [image] = outcome.images;
  const bytes = readFileSync(image?.path ?? "");
  expect(image).toMatchObject({
    width: 1024,
    height: 1024,
    matchesRequest: true,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
  expect(
    emulator()
      .requests()
      .filter(({ billed }) => billed),
  ).toHaveLength(1);
  const picture = basename(image?.path ?? "");
  const kind = { "image/jpeg": "jpg", "image/png": "png" }[image?.mimeType ?? ""];
  expect(picture).toMatch(new RegExp(`^image_\\d{8}_\\d{6}_0\\.${kind}$`));
  expect(readdirSync(join(folder(), "fox"))).toHaveLength(2);
  expect(readdirSync(join(folder(), "fox"))).toContain(picture.replace(/\.\w+$/, ".json"));
});

test("the record is the outcome of its picture, with the day and the command", async () => {
  const command = { version: "1.2.3", options: { size: "1K" } };
  const outcome = success(await open({ command }).generate({ prompt: "a fox", output: "fox.jpg" }));
  const record = JSON.parse(readFileSync(join(folder(), "fox.json"), "utf8"));
  const { durationMs, ...told } = outcome;
  expect(record).toMatchObject({ ...told, command });
  expect(durationMs).toBeGreaterThanOrEqual(0);
  expect(record.createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test("in a rehearsal everything says so, and nothing is billed", async () => {
  const outcome = success(await open({ rehearsal: emulator() }).generate({ prompt: "a fox", output: "fox.png" }));
  expect(outcome).toMatchObject({ rehearsal: true, cost: { basis: "unmetered", actualMicroUsd: 0 } });
  expect(JSON.parse(readFileSync(join(folder(), "fox.json"), "utf8")).rehearsal).toBe(true);
});

test("several pictures have their numbers, one call each, and the cost of all", async () => {
  const outcome = success(await open().generate({ prompt: "a fox", output: "fox.jpg", count: 5, size: "2K" }));
  expect(outcome.images.map(({ path }) => path)).toEqual(
    [0, 1, 2, 3, 4].map((number) => join(folder(), `fox_${number}.jpg`)),
  );
  expect(outcome.attempts).toBe(5);
  expect(emulator().bill()).toMatchObject({ images: 5 });
  expect(outcome.usage?.imageTokens).toBe(5 * 1120);
  expect(outcome.cost.estimatedMicroUsd).toBe(5 * 134_000);
  const records = files().filter((name) => name.endsWith(".json"));
  const costs = records.map((name) => JSON.parse(readFileSync(join(folder(), name), "utf8")).cost.actualMicroUsd);
  expect(costs.reduce((sum, cost) => sum + cost, 0)).toBe(outcome.cost.actualMicroUsd);
});

test("a file name's format is what the file holds, and the change is told", async () => {
  const outcome = success(await open().generate({ prompt: "a fox", output: "fox.png" }));
  expect(readFileSync(join(folder(), "fox.png")).toString("latin1", 1, 4)).toBe("PNG");
  expect(outcome.images[0]?.mimeType).toBe("image/png");
  expect(outcome.warnings).toEqual([expect.stringMatching(/came as JPEG.*real PNG/)]);
  expect(files()).toEqual(["fox.json", "fox.png"]);
});

describe("progress", () => {
  test("is told from the plan to the published picture", async () => {
    const events: ProgressEvent[] = [];
    await open().generate({ prompt: "a fox", output: "fox.jpg" }, { onProgress: (event) => events.push(event) });
    const types = events.map(({ type }) => type).filter((type) => type !== "receiving");
    expect(types).toEqual(["planned", "sending", "answering", "published"]);
  });
});

describe("refused before anything is sent", () => {
  test("mistakes of the request, all at once, as an outcome", async () => {
    const outcome = await open().generate({ prompt: "", size: "8K", aspectRatio: "7:5", output: "fox.gif" });
    expect(outcome).toMatchObject({ status: "error", error: { code: "invalid-request", billed: "no", exitCode: 2 } });
    expect(emulator().requests()).toEqual([]);
    expect(files()).toEqual([]);
  });

  test("an output that is there", async () => {
    writeFileSync(join(folder(), "fox.jpg"), "mine");
    const outcome = await open().generate({ prompt: "a fox", output: "fox.jpg" });
    expect(outcome).toMatchObject({ status: "error", error: { code: "target-exists" } });
    expect(readFileSync(join(folder(), "fox.jpg"), "utf8")).toBe("mine");
    expect(emulator().requests()).toEqual([]);
  });

  test("a credential that is not there", async () => {
    const outcome = await open({ credentials: {} }).generate({ prompt: "a fox" });
    expect(outcome).toMatchObject({ status: "error", error: { code: "credential-missing", exitCode: 3 } });
    expect(files()).toEqual([]);
  });
});

test("a plan asks nobody and leaves nothing", async () => {
  const plan = await open({ auth: "proxy" }).plan({ prompt: "a fox", count: 2 });
  expect(plan).toMatchObject({ request: { count: 2 }, cost: { estimatedMicroUsd: 268_000, metered: false } });
  expect([emulator().requests(), files()]).toEqual([[], []]);
});
