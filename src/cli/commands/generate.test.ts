import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import type { GenerateRequest } from "../../core/request.ts";
import { problemsError, ToolError } from "../../core/tool-error.ts";
import type { GenerateContext, ImageGenOptions } from "../../generate/options.ts";
import { runProgram } from "../program.ts";
import { createFakeContext, type FakeContext, type FakeOptions } from "../testing/fake-context.ts";
import { sampleCost, sampleFailure, sampleImage, samplePlan, sampleSuccess } from "../testing/samples.ts";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "image-gen-cli-generate-"));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function orThrow<T>(value: T | Error): Promise<T> {
  return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
}

interface Library {
  readonly outcome?: Outcome | Error;
  readonly plan?: Plan | Error;
  readonly during?: (context: FakeContext, generate: GenerateContext) => void;
}

async function run(argv: readonly string[], library: Library = {}, options: FakeOptions = {}) {
  const seen: { options?: ImageGenOptions; request?: GenerateRequest; generated: number } = { generated: 0 };
  const context = createFakeContext({
    ...options,
    environment: { IMAGE_GEN_HOME: home, ...options.environment },
    createImageGen: (given) => {
      seen.options = given;
      return {
        plan: (request) => {
          seen.request = request;
          return orThrow(library.plan ?? samplePlan());
        },
        generate: (request, generateContext = {}) => {
          seen.request = request;
          seen.generated += 1;
          library.during?.(context, generateContext);
          return orThrow(library.outcome ?? sampleSuccess());
        },
      };
    },
  });
  const exitCode = await runProgram(argv, context);
  return { exitCode, seen, ...context.written };
}

describe("what is asked for", () => {
  test("only what was said goes into the request", async () => {
    const { seen } = await run(["a", "red", "fox"]);
    expect(seen.request).toEqual({ prompt: "a red fox" });
  });

  test("every option arrives as its own type", async () => {
    const { seen } = await run(
      [
        "a fox",
        "-m",
        "x",
        "--ar",
        "16:9",
        "-s",
        "2K",
        "-n",
        "3",
        "-o",
        "f.png",
        "--tier",
        "flex",
        "--seed",
        "7",
      ].concat(
        ["--temperature", "0.5", "--thinking", "high", "--search", "--system", " be brief ", "--max-cost", "$0.2"],
        ["--person-generation", "allow-none"],
      ),
    );
    expect(seen.request).toEqual({
      prompt: "a fox",
      model: "x",
      aspectRatio: "16:9",
      size: "2K",
      count: 3,
      output: "f.png",
      tier: "flex",
      seed: 7,
      temperature: 0.5,
      thinking: "high",
      search: true,
      system: " be brief ",
      maxCostUsd: 0.2,
      personGeneration: "allow-none",
    });
  });

  test("a dash reads the prompt from standard input, lines and all", async () => {
    expect((await run(["-"], {}, { stdin: "first\nsecond 🦊\n" })).seen.request?.prompt).toBe("first\nsecond 🦊");
  });

  test("standard input without end is refused", async () => {
    const { exitCode, stderr } = await run(["-"], {}, { stdin: new Uint8Array(17 * 1024 * 1024) });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("16 MB")]);
  });

  test("half a surrogate pair becomes the replacement character", async () => {
    expect((await run(["a \ud800 b 🦊"])).seen.request?.prompt).toBe("a \ufffd b 🦊");
  });
});

describe("the connection", () => {
  const environment = {
    GOOGLE_API_KEY: "google-key",
    VERTEX_API_KEY: "vertex-key",
    CLIPROXYAPI_KEY: "proxy-key",
    GOOGLE_GEMINI_BASE_URL: "http://127.0.0.1:9",
    HTTPS_PROXY: "http://proxy.example:1",
    NO_PROXY: "localhost",
  };

  test("comes from environment and options, secrets wrapped", async () => {
    const { seen } = await run(["a fox", "--auth", "api-key", "--timeout", "20"], {}, { environment });
    expect(seen.options).toMatchObject({
      auth: "api-key",
      baseUrls: { generativelanguage: "http://127.0.0.1:9" },
      proxies: { https: "http://proxy.example:1", noProxy: "localhost" },
      timeoutMs: 20_000,
      stateDirectory: join(home, "state"),
      workingDirectory: "/nowhere",
    });
    expect(seen.options?.credentials?.apiKey?.source).toBe("GOOGLE_API_KEY");
    expect(seen.options?.credentials?.vertexKey?.source).toBe("VERTEX_API_KEY");
    expect(JSON.stringify(seen.options)).not.toMatch(/(google|vertex|proxy)-key"/);
  });

  test("--api-key is the key of the chosen way, with a warning", async () => {
    const vertex = await run(["a fox", "--auth", "vertex-key", "--api-key", "k"], {}, { environment });
    expect(vertex.seen.options?.credentials?.vertexKey?.source).toBe("--api-key");
    expect(vertex.seen.options?.credentials?.apiKey).toBeUndefined();
    expect(vertex.stderr).toMatch(/Warning: --api-key .*shell's history/);
    const proxy = await run(["a fox", "--auth", "proxy", "--api-key", "k"]);
    expect(proxy.seen.options?.credentials?.proxyKey?.source).toBe("--api-key");
  });

  test.each([
    [["--api-key", "k"], "--auth api-key"],
    [["--access-token", "t"], "--auth oauth"],
    [["--credentials", "f"], "--auth service-account"],
    [["--api-key", "k", "--auth", "adc"], "--auth api-key"],
  ])("%j, which the chosen way does not use, is refused and nobody gets it", async (options, suggestion) => {
    const { exitCode, stderr, seen } = await run(["a fox", ...options]);
    expect([exitCode, seen.generated]).toEqual([2, 0]);
    expect(stderr).toContain(`Did you mean ${suggestion}?`);
  });

  test("a rehearsal gets no key, no base URL and no HTTP proxy, and the emulator instead", async () => {
    const { seen, stderr } = await run(["a fox", "--rehearse"], {}, { environment });
    expect(seen.options?.rehearsal?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(seen.options).not.toHaveProperty("credentials");
    expect(seen.options).not.toHaveProperty("baseUrls");
    expect(seen.options).not.toHaveProperty("proxies");
    expect(stderr).toContain("REHEARSAL");
    await expect(fetch(`${seen.options?.rehearsal?.url}/`)).rejects.toThrow("fetch failed");
  });

  test("an HTTP proxy that cannot be used is exit 3, and no matter to a rehearsal", async () => {
    const broken = { environment: { ALL_PROXY: "socks5://localhost:1080" } };
    expect(await run(["a fox"], {}, broken)).toMatchObject({ exitCode: 3, seen: { generated: 0 } });
    expect(await run(["a fox", "--rehearse"], {}, broken)).toMatchObject({ exitCode: 0 });
    expect(await run(["models"], {}, broken)).toMatchObject({ exitCode: 0 });
  });

  test("options for the metadata hold what was set and nothing secret", async () => {
    writeFileSync(join(home, "config.json"), '{"apiKey": "hush", "location": "eu"}');
    const { seen } = await run(["a fox", "-s", "2K", "--auth", "api-key"], {}, { environment });
    expect(seen.options?.command).toEqual({
      version: "9.8.7",
      options: { command: "generate", size: "2K", auth: "api-key", location: "eu" },
    });
  });

  test("the user's own models file is handed on, a broken one is exit 3", async () => {
    writeFileSync(join(home, "models.json"), "{}");
    expect((await run(["a fox"])).seen.options?.models).toEqual({});
    writeFileSync(join(home, "models.json"), "{");
    expect(await run(["a fox"])).toMatchObject({ exitCode: 3, seen: { generated: 0 } });
  });
});

describe("what is written where", () => {
  test("without a terminal: paths on stdout, all else on stderr", async () => {
    const images = [sampleImage(), sampleImage({ path: "/pictures/แมว_1.jpg" })];
    const { exitCode, stdout, stderr } = await run(["a fox"], {
      outcome: sampleSuccess({ images, text: "Here\u001b[0m you are." }),
    });
    expect(exitCode).toBe(0);
    expect(stdout).toBe("/pictures/image_0.jpg\n/pictures/แมว_1.jpg\n");
    expect(stderr).toContain("Paid: $0.1344");
    expect(stderr).toContain("The model says: Here you are.");
  });

  test("on one terminal the path is said once, by the tree", async () => {
    const { stdout, stderr } = await run(["a fox"], {}, { stdoutIsTerminal: true, stderrIsTerminal: true });
    expect(stdout).toBe("");
    expect(stderr).toContain("Output: /pictures/image_0.jpg");
  });

  test("with stdout in a pipe and stderr on the terminal both get it", async () => {
    const { stdout, stderr } = await run(["a fox"], {}, { stderrIsTerminal: true });
    expect(stdout).toBe("/pictures/image_0.jpg\n");
    expect(stderr).toContain("Output: /pictures/image_0.jpg");
  });

  test("--quiet writes the paths and nothing else", async () => {
    const outcome = sampleSuccess({ warnings: ["w"], text: "t" });
    const terminals = { stdoutIsTerminal: true, stderrIsTerminal: true };
    expect(await run(["a fox", "-q"], { outcome }, terminals)).toMatchObject({
      stdout: "/pictures/image_0.jpg\n",
      stderr: "",
    });
  });

  test("--json writes the outcome as the one document", async () => {
    const { stdout } = await run(["a fox", "--json"]);
    expect(JSON.parse(stdout)).toEqual(sampleSuccess());
  });

  test("--verbose adds route, calls and tokens", async () => {
    expect((await run(["a fox", "-v"])).stderr).toMatch(
      /Operation: 01JD[\s\S]*Route: --auth api-key[\s\S]*Calls sent: 1[\s\S]*image 1120/,
    );
  });

  test("an unmetered route does not claim to be free of charge nor to be paid", async () => {
    const cost = sampleCost({ basis: "unmetered", actualMicroUsd: 0 });
    expect((await run(["a fox"], { outcome: sampleSuccess({ cost }) })).stderr).toContain(
      "Paid: nothing per image on this route (list price $0.1344)",
    );
  });

  test("an unknown cost is said to be unknown", async () => {
    const cost = sampleCost({ basis: "unknown", actualMicroUsd: null });
    expect((await run(["a fox"], { outcome: sampleSuccess({ cost }) })).stderr).toContain("Paid: unknown");
  });
});

describe("failures", () => {
  test("of the library are reported with their exit code and operation", async () => {
    const { exitCode, stdout, stderr } = await run(["a fox"], { outcome: sampleFailure("refused-safety") });
    expect([exitCode, stdout]).toEqual([5, ""]);
    expect(stderr).toMatch(/✗ The provider's safety rules[\s\S]*What to do: Change the prompt[\s\S]*Operation: 01JD/);
  });

  test("in JSON they are the outcome itself", async () => {
    const { exitCode, stdout } = await run(["a fox", "--json"], { outcome: sampleFailure("timeout") });
    expect(exitCode).toBe(7);
    expect(JSON.parse(stdout)).toHaveProperty("error", expect.objectContaining({ code: "timeout", billed: "maybe" }));
  });

  test("some of the pictures are exit 9, and the paths are there", async () => {
    const errors = [sampleFailure("overloaded").error];
    const { exitCode, stdout, stderr } = await run(["a fox"], {
      outcome: sampleSuccess({ status: "partial", errors }),
    });
    expect([exitCode, stdout]).toEqual([9, "/pictures/image_0.jpg\n"]);
    expect(stderr).toContain("Failed: The model is overloaded");
  });

  test("all mistakes are said at once: of the command line, the settings and the plan", async () => {
    const planned = problemsError([{ code: "ratio-not-offered", field: "--ar", message: "No 7:5 here." }]);
    const { exitCode, stderr, seen } = await run(["a fox", "--ar", "7:5", "--tier", "cheap", "--szie", "1K"], {
      plan: planned,
    });
    expect([exitCode, seen.generated]).toEqual([2, 0]);
    expect(stderr).toMatch(/3 things[\s\S]*no option --szie[\s\S]*"cheap" is not one of[\s\S]*No 7:5 here\./);
  });

  test("mistakes in the settings file are exit 3, with file and line", async () => {
    writeFileSync(join(home, "config.json"), '{\n "auth": "nobody"\n}');
    const { exitCode, stderr } = await run(["a fox"]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("config.json:2");
  });

  test("a missing proxy names the credentials that were seen and the command for each", async () => {
    const environment = { GEMINI_API_KEY: "hush-hush" };
    for (const library of [
      { outcome: sampleFailure("proxy-not-running") },
      { outcome: new ToolError("proxy-not-running") },
    ]) {
      const human = await run(["a fox"], library, { environment });
      expect(human.exitCode).toBe(3);
      expect(human.stderr).toMatch(/GEMINI_API_KEY: image-gen --auth api-key[\s\S]*image-gen --rehearse/);
      const json = await run(["a fox", "--json"], library, { environment });
      expect(JSON.parse(json.stdout)).toHaveProperty("error.nextStep", expect.stringContaining("--auth api-key"));
      expect(human.stderr + json.stdout).not.toContain("hush");
    }
  });

  test("an unforeseen fault is ours, exit 10", async () => {
    expect(await run(["a fox"], { outcome: new TypeError("x is not a function") })).toMatchObject({ exitCode: 10 });
  });
});

describe("interruption", () => {
  test.each([
    ["SIGINT", 130, "interrupted", { startsMore: false, givesUp: false }],
    ["SIGTERM", 143, "terminated", { startsMore: false, givesUp: true }],
  ] as const)("%s ends with %i; only SIGTERM gives up the picture on its way", async (signal, code, name, expected) => {
    let seen = {};
    const { exitCode, stdout } = await run(["a fox", "--json"], {
      outcome: sampleFailure("interrupted"),
      during: (context, { signal: stop, stopStarting }) => {
        context.interrupt(signal);
        seen = { startsMore: stopStarting?.aborted !== true, givesUp: stop?.aborted === true };
      },
    });
    expect([exitCode, seen]).toEqual([code, expected]);
    expect(JSON.parse(stdout)).toHaveProperty("error", expect.objectContaining({ code: name, exitCode: code }));
  });

  test("what was finished before it is named, with the exit code of the interruption", async () => {
    const { exitCode, stdout } = await run(["a fox"], {
      outcome: sampleSuccess({ status: "partial", errors: [sampleFailure("interrupted").error] }),
      during: (context) => context.interrupt("SIGINT"),
    });
    expect([exitCode, stdout]).toEqual([130, "/pictures/image_0.jpg\n"]);
  });
});

describe("without sending", () => {
  test("--dry-run shows plan and body", async () => {
    const human = await run(["a fox", "--dry-run"]);
    expect(human.seen.generated).toBe(0);
    expect(human.stdout).toMatch(/nothing was sent[\s\S]*16:9[\s\S]*\$0\.134[\s\S]*POST http[\s\S]*"contents"/);
    const document: unknown = JSON.parse((await run(["a fox", "--dry-run", "--json"])).stdout);
    expect(document).toMatchObject({ status: "ok", dryRun: true, plan: samplePlan() });
    expect(document).toHaveProperty("httpRequest.body.contents");
  });

  test("--estimate-cost gives the price", async () => {
    expect((await run(["a fox", "--estimate-cost"])).stdout).toContain("1 image: $0.134\n");
    const { stdout, seen } = await run(["cost", "estimate", "a fox", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ status: "ok", cost: { estimatedMicroUsd: 134_000, currency: "USD" } });
    expect(seen).toMatchObject({ generated: 0, request: { prompt: "a fox" } });
  });
});
