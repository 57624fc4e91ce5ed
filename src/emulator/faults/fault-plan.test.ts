import { describe, expect, test } from "vitest";
import { ask, messageOf, pictureRequest, useEmulator } from "../testing/asking.ts";
import { createFaultPlan } from "./fault-plan.ts";
import { readPlannedFaults } from "./fault-reading.ts";

const call = {
  service: "generativelanguage",
  rpc: "generateContent",
  model: "m",
  path: "/v1beta/models/m:generateContent",
};

describe("a plan", () => {
  test("is met as often as asked for, in its order, and accounted for", () => {
    const plan = createFaultPlan();
    plan.add([{ times: 2, action: { type: "status", status: 503 } }, { action: { type: "drop" } }]);
    expect(Array.from({ length: 4 }, () => plan.take(call).map((action) => action.type))).toEqual([
      ["status"],
      ["status"],
      ["drop"],
      [],
    ]);
    expect(plan.report()).toMatchObject({ met: 3, remaining: 0 });
  });

  test("lets the first calls pass when asked to", () => {
    const plan = createFaultPlan();
    plan.add([{ skip: 1, action: { type: "drop" } }]);
    expect(plan.take(call)).toEqual([]);
    expect(plan.take(call)).toHaveLength(1);
  });

  test("is for calls that make pictures unless it names another", () => {
    const plan = createFaultPlan();
    plan.add([{ action: { type: "drop" } }, { match: { rpc: "listModels" }, action: { type: "garbage" } }]);
    expect(plan.take({ ...call, rpc: "getModel" })).toEqual([]);
    expect(plan.take({ ...call, rpc: "listModels" })).toEqual([{ type: "garbage" }]);
    expect(plan.report()).toMatchObject({ met: 1, remaining: 1 });
  });

  test.each([
    [{ service: "aiplatform" }, false],
    [{ model: "m" }, true],
    [{ model: "other" }, false],
    [{ path: "models/m" }, true],
    [{ rpc: "*" }, true],
  ])("with the match %j takes the call: %s", (match, isTaken) => {
    const plan = createFaultPlan();
    plan.add([{ match, action: { type: "drop" } }]);
    expect(plan.take(call).length > 0).toBe(isTaken);
  });
});

describe("reading instructions", () => {
  test("names every mistake", () => {
    const { problems } = readPlannedFaults([
      { action: { type: "explode" } },
      { action: { type: "status" }, times: -1, when: "now" },
      { action: { type: "html", page: "other" }, match: { host: "x" } },
      { action: { type: "error", name: "unknown" } },
      { action: [] },
      "text",
      { action: { type: "usage", usage: "omit" } },
    ]);
    for (const words of [
      "[0].action.type: must be one of",
      '[1]: unknown field "when"',
      "[1].times: must be a whole number",
      'needs "status"',
      '[2].match: unknown field "host"',
      "[2].action.page: must be one of",
      "[3].action.name: must be one of",
      "[4].action: is empty",
      "[5]: must be an object",
      '[6].action.usage: must be "missing" or an object',
    ]) {
      expect(problems.join("\n")).toContain(words);
    }
  });
});

describe("over HTTP", () => {
  const emulator = useEmulator();
  const url = (): string =>
    `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/gemini-3-pro-image:generateContent`;
  const key = { "x-goog-api-key": "AIza-any" };

  test("a plan is posted, met and reported", async () => {
    const plan = [{ times: 2, action: { type: "status", status: 503, retryDelay: "1s" } }];
    expect((await ask(`${emulator().url}/emulator/faults`, plan)).json).toMatchObject({ remaining: 2 });
    const answer = await ask(url(), pictureRequest("A cat"), key);
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('"retryDelay": "1s"');
    expect((await ask(`${emulator().url}/emulator/faults`)).json).toMatchObject({ met: 1, remaining: 1 });
    expect(emulator().requests()).toHaveLength(1);
    expect(emulator().requests()[0]).toMatchObject({ faults: ["status"], billed: false });
  });

  test("a plan with a mistake is not taken", async () => {
    const answer = await ask(`${emulator().url}/emulator/faults`, [{ action: { type: "explode" } }]);
    expect(answer.status).toBe(400);
    expect(emulator().faults()).toMatchObject({ remaining: 0 });
    expect(() => emulator().plan([{ action: { type: "status", status: Number.NaN } }])).toThrow(TypeError);
  });

  test("one request can carry its own fault in a header", async () => {
    const header = { ...key, "x-emulator-fault": '{"type":"error","name":"quota-per-day"}' };
    expect((await ask(url(), pictureRequest("A cat"), header)).status).toBe(429);
    expect((await ask(url(), pictureRequest("A cat"), key)).status).toBe(200);
    const wrong = await ask(url(), pictureRequest("A cat"), { ...key, "x-emulator-fault": "{" });
    expect(wrong.text).toContain("x-emulator-fault was not understood");
  });

  test("a word in the prompt asks for a fault, an unknown word for nothing", async () => {
    expect((await ask(url(), pictureRequest("A cat [[emulator:503]]"), key)).status).toBe(503);
    expect((await ask(url(), pictureRequest("A cat [[emulator:toString]]"), key)).status).toBe(200);
  });

  test("log, bill and credentials can be read, other pages do not exist", async () => {
    await ask(url(), pictureRequest("A cat"), key);
    expect((await ask(`${emulator().url}/emulator/requests`)).json["requests"]).toHaveLength(1);
    expect((await ask(`${emulator().url}/emulator/bill`)).json).toMatchObject({ billed: 1, images: 1 });
    expect((await ask(`${emulator().url}/emulator/credentials`)).json["vertexKey"]).toBe(
      emulator().credentials.vertexKey,
    );
    expect((await ask(`${emulator().url}/emulator/credentials/service-account`)).json["token_uri"]).toBe(
      `${emulator().url}/token`,
    );
    expect((await ask(`${emulator().url}/emulator/other`)).status).toBe(404);
    expect(emulator().requests()).toHaveLength(1);
  });

  test("every named error has a status and an error in it, or is an empty or late one", async () => {
    const { namedErrors } = await import("./named-errors.ts");
    const odd = Object.entries(namedErrors).filter(([, make]) => {
      const reply = make({ model: "m" });
      return reply.status === 200 || !Buffer.concat(reply.pieces).toString().includes('"error"');
    });
    expect(odd.map(([name]) => name)).toEqual(["proxy-late-error", "proxy-empty"]);
  });

  test("RetryInfo can hold any raw text", async () => {
    emulator().plan([{ action: { type: "error", name: "quota-per-minute", retryDelay: "-5s" } }]);
    const answer = await ask(url(), pictureRequest("A cat"), key);
    expect(answer.text).toContain('"retryDelay": "-5s"');
    expect(messageOf(answer)).toContain("Please retry in -5s.");
  });
});

describe("in a rehearsal", () => {
  const emulator = useEmulator({ rehearsal: true });

  test("neither prompt nor header can ask for a fault", async () => {
    const url = `${emulator().url}/generativelanguage.googleapis.com/v1beta/models/gemini-3-pro-image:generateContent`;
    const headers = { "x-goog-api-key": "AIza-any", "x-emulator-fault": '{"type":"drop"}' };
    expect((await ask(url, pictureRequest("[[emulator:503]]"), headers)).status).toBe(200);
  });
});
