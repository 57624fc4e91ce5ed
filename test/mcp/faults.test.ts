// Broken frames, floods, and hosts that go away: no crash, nothing billed for what is not valid, pure protocol on stdout.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leadingTo, openEmulator, until } from "../e2e/run-command.ts";
import { initialize, openHost, openRawHost, type RawHost } from "./host.ts";

/** Every line on stdout is a frame of the protocol. */
function expectPureProtocol(host: RawHost): void {
  for (const line of host.lines()) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
}

async function started(options: Parameters<typeof openRawHost>[0] = {}): Promise<RawHost> {
  const host = openRawHost(options);
  host.send(initialize);
  await host.answerTo(1);
  host.send({ method: "notifications/initialized" });
  return host;
}

describe("what is no frame", () => {
  test.each([
    ["not json", "hello\n"],
    ["an empty line", "\n"],
    ["a list", "[]\n"],
    ["a number", "7\n"],
    ["half a frame", '{"jsonrpc":"2.0","id":9,\n'],
    ["no version", '{"id":9,"method":"tools/list"}\n'],
    ["an id that is an object", '{"jsonrpc":"2.0","id":{},"method":"tools/list"}\n'],
    ["bytes that are no UTF-8", new Uint8Array([0xff, 0xfe, 0x00, 0x0a])],
    ["deep nesting", `${"[".repeat(50_000)}\n`],
    [
      "__proto__",
      '{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"__proto__","arguments":{"__proto__":{"prompt":"x"}}}}\n',
    ],
    ["an answer that nobody waits for", '{"jsonrpc":"2.0","id":77,"result":{}}\n'],
    ["a method that there is not", '{"jsonrpc":"2.0","id":9,"method":"tools/destroy"}\n'],
  ])("%s is survived", async (_name, bytes) => {
    const host = await started();
    host.write(bytes);
    host.send({ id: 2, method: "tools/list" });
    expect(await host.answerTo(2)).toHaveProperty("result");
    expectPureProtocol(host);
  });

  test("before anything else is survived too", async () => {
    const host = openRawHost();
    host.write("\u0000\u0000garbage\n");
    host.send(initialize);
    expect(await host.answerTo(1)).toHaveProperty("result");
    expectPureProtocol(host);
  });

  test("a frame without end closes the connection and ends the process cleanly", async () => {
    const host = await started();
    host.write("x".repeat(5_000_000));
    expect(await host.ended()).toBe(0);
    expectPureProtocol(host);
  });

  test("a frame in single bytes is understood", async () => {
    const host = openRawHost();
    for (const byte of Buffer.from(`${JSON.stringify({ jsonrpc: "2.0", ...initialize })}\n`)) {
      host.write(new Uint8Array([byte]));
    }
    expect(await host.answerTo(1)).toHaveProperty("result");
  });
});

describe("arguments of any shape", () => {
  test("are refused or drawn, never billed when invalid, and the server goes on", async () => {
    const emulator = await openEmulator();
    const host = await openHost("v2", {
      words: ["--auth", "api-key"],
      environment: { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey },
    });
    const names = (await host.listTools()).map(({ name }) => name).filter((name) => name !== "doctor");
    const key = fc.oneof(
      fc.constantFrom(
        "prompt",
        "count",
        "size",
        "output",
        "maxCostUsd",
        "limit",
        "operation",
        "__proto__",
        "constructor",
      ),
      fc.string(),
    );
    const given = fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.array(fc.string(), { maxLength: 500 })), {
      maxKeys: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), given, async (name, values) => {
        // A whole request would be drawn, and rightly so.
        const spoilt = name === "generate_image" || name === "edit_image" ? { ...values, prompt: 7 } : values;
        const result = await host.call(name, spoilt);
        expect(result.structuredContent).toMatchObject({ version: 1 });
        const isSafe = name !== "generate_image" || result.isError === true;
        expect(isSafe).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(emulator.bill().images).toBe(0);
  });

  test("of a million items are refused in short words", async () => {
    const host = await openHost("v2");
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key${index}`, index]));
    const result = await host.call("generate_image", { ...many, prompt: "x".repeat(200_000), count: 1e9 });
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result).length).toBeLessThan(20_000);
  });

  test("that would reach a prototype change nothing", async () => {
    const host = await started();
    host.write(
      '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"estimate_cost","arguments":{"__proto__":{"prompt":"x","count":3}}}}\n',
    );
    expect(JSON.stringify(await host.answerTo(5))).toMatch(/prompt is missing/);
    host.send({ id: 6, method: "tools/call", params: { name: "estimate_cost", arguments: { prompt: "a fox" } } });
    expect(JSON.stringify(await host.answerTo(6))).toContain('"estimatedMicroUsd":134000');
  });
});

test("ten thousand calls in a row are answered one by one, with memory that stays", async () => {
  const host = await started();
  const memory = async (): Promise<number> => {
    const status = readFileSync(`/proc/${host.process.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  };
  const round = async (first: number, count: number) => {
    for (let id = first; id < first + count; id += 1) {
      host.send({ id, method: "tools/call", params: { name: "estimate_cost", arguments: { prompt: "a fox" } } });
    }
    await until(() => host.lines().length >= first + count - 10);
  };
  await round(10, 1_000);
  const before = process.platform === "linux" ? await memory() : 0;
  await round(1_010, 9_000);
  expect(new Set(host.lines().map((line) => (JSON.parse(line) as { id: number }).id)).size).toBe(10_001);
  const grownKb = process.platform === "linux" ? (await memory()) - before : 0;
  expect(grownKb).toBeLessThan(100_000);
  expectPureProtocol(host);
  // Ten thousand calls take their time on a machine that has other work.
}, 120_000);

async function payingHost(delayMs: number) {
  const emulator = await openEmulator();
  emulator.plan([{ times: 9, action: { type: "delay", ms: delayMs } }]);
  const host = await started({
    words: ["--auth", "api-key"],
    environment: { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey },
  });
  host.send({
    id: 2,
    method: "tools/call",
    params: { name: "generate_image", arguments: { prompt: "a fox", count: 6, output: "foxes/" } },
  });
  await until(() => emulator.requests().length > 0);
  return { emulator, host };
}

describe("a host that goes away", () => {
  test("in the middle of a paid call: what is on its way is finished and on disk, no other is bought", async () => {
    const { emulator, host } = await payingHost(300);
    host.process.stdin.end();
    expect(await host.ended()).toBe(0);
    const pictures = () => readdirSync(join(host.folder, "foxes")).filter((name) => name.endsWith(".jpg"));
    // The sender finishes what it has begun after its watcher is gone.
    await until(() => emulator.bill().images > 0 && pictures().length === emulator.bill().images);
    expect(emulator.bill().images).toBeLessThanOrEqual(4);
    expect(emulator.bill().images).toBeGreaterThan(0);
    expectPureProtocol(host);
  });

  test("with its end of stdout closed, too", async () => {
    const { emulator, host } = await payingHost(300);
    host.process.stdout.destroy();
    host.process.stdin.end();
    expect(await host.ended()).toBe(0);
    await until(() => emulator.bill().images > 0);
  });

  test("at once: the process ends", async () => {
    const host = await started();
    host.process.stdin.end();
    expect(await host.ended()).toBe(0);
  });

  test("with SIGTERM: it ends without waiting for the picture", async () => {
    const { host } = await payingHost(20_000);
    host.process.kill("SIGTERM");
    expect([0, 143]).toContain(await host.ended());
    expectPureProtocol(host);
  });
});

describe("stdout under every fault of the provider", () => {
  test("has only frames, with one answer for each call", async () => {
    const emulator = await openEmulator();
    const faults = [
      { type: "html" },
      { type: "garbage" },
      { type: "drop" },
      { type: "terminal-escapes" },
      { type: "long-message" },
      { type: "refusal" },
      { type: "text-only", text: "line\nbreak \u0000 \u2028 <script>" },
      { type: "not-a-picture", content: "svg" },
      { type: "truncated-picture" },
      { type: "damaged-base64", how: "garbage" },
      { type: "proto" },
      { type: "nested" },
      { type: "wrong-size", width: 10, height: 10 },
      { type: "mime-label", mimeType: "text/html" },
    ] as const;
    const host = await started({
      words: ["--auth", "api-key"],
      environment: { ...leadingTo(emulator), GEMINI_API_KEY: emulator.credentials.apiKey },
    });
    for (const [index, action] of faults.entries()) {
      emulator.clearFaults();
      emulator.plan([{ times: 5, action }]);
      const id = 100 + index;
      host.send({
        id,
        method: "tools/call",
        params: { name: "generate_image", arguments: { prompt: `fault ${index}` } },
      });
      const answer = await host.answerTo(id);
      expect({ action, answer: JSON.stringify(answer).length < 100_000 }).toEqual({ action, answer: true });
    }
    expectPureProtocol(host);
    expect(host.lines()).toHaveLength(faults.length + 1);
  });
});
