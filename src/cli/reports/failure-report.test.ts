import { describe, expect, test } from "vitest";
import { reportError, ToolError } from "../../core/tool-error.ts";
import { resolveSettings } from "../../settings/resolve.ts";
import { failureLines, writeFailure } from "./failure-report.ts";
import { createFakeContext } from "../testing/fake-context.ts";

const file = { path: "/c.json", entries: new Map(), problems: [], warnings: [] };

describe("failures", () => {
  test("say what happened, why, what to do, and all that was seen", () => {
    const failure = new ToolError("answer-damaged", {
      message: "The picture is damaged.",
      savedAt: "/kept/x.png",
      providerMessage: "oh",
      retryAfterSeconds: 7,
    });
    expect(failureLines(reportError(failure), "01JD")).toEqual([
      "The picture is damaged.",
      "The provider says: oh",
      "Why: The picture came in damaged; what came is kept.",
      "What to do: Look at the file that is named; a repeat buys a new picture.",
      "It may be tried again in 7 s.",
      "Kept at: /kept/x.png",
      "Billed: yes",
      "Operation: 01JD",
    ]);
  });

  test("several problems are all listed with what is allowed and what was meant", () => {
    const failure = new ToolError("invalid-request", {
      message: "2 things in the request need correcting.",
      problems: [
        { code: "ratio-not-offered", field: "--ar", message: "No 7:5.", allowed: ["1:1", "4:3"], suggestion: "4:3" },
        { code: "prompt-empty", field: "prompt", message: "The prompt is empty." },
      ],
    });
    expect(failureLines(reportError(failure), null).slice(0, 3)).toEqual([
      "2 things in the request need correcting.",
      "  - No 7:5. Allowed: 1:1, 4:3. Did you mean 4:3?",
      "  - The prompt is empty.",
    ]);
  });

  test.each([true, false])("never show a key, whoever repeats it (json: %s)", async (json) => {
    const settings = resolveSettings({
      flags: { apiKey: "hush-hush" },
      environment: {},
      file,
      workingDirectory: "/",
    });
    const context = createFakeContext();
    const problem = {
      code: "usage",
      field: "x",
      message: "hush-hush",
      given: "hush-hush",
      suggestion: "hush-hush",
    } as const;
    const failure = new ToolError("internal", {
      message: "m hush-hush",
      cause: "c hush-hush",
      nextStep: "n hush-hush",
      providerMessage: "p hush-hush",
      problems: [problem, problem],
    });
    expect(await writeFailure({ failure, json, settings, rehearsal: false }, context)).toBe(10);
    expect(context.written.stdout + context.written.stderr).not.toContain("hush");
  });

  test("a next step of several lines is indented like the others", async () => {
    const context = createFakeContext();
    const failure = new ToolError("proxy-not-running", { nextStep: "first\nsecond" });
    await writeFailure({ failure, json: false, settings: null, rehearsal: false }, context);
    expect(context.written.stderr).toContain("\n  What to do: first\n  second\n");
  });

  test("escape sequences in a message do not reach the terminal", async () => {
    const context = createFakeContext({ stderrIsTerminal: true, environment: { NO_COLOR: "1" } });
    const failure = new ToolError("bad-request", { message: "a\u001b]0;t\u0007b\u202e" });
    await writeFailure({ failure, json: false, settings: null, rehearsal: false }, context);
    expect(context.written.stderr.split("\n")[0]).toBe("✗ ab");
  });
});
