import { describe, expect, test } from "vitest";
import { createFakeContext } from "../testing/fake-context.ts";
import { runProgram } from "../program.ts";

async function video(words: readonly string[], environment: Record<string, string> = {}) {
  const context = createFakeContext({ environment: { IMAGE_GEN_HOME: "/nowhere/image-gen", ...environment } });
  const code = await runProgram(["video", ...words], context);
  return { code, out: context.written.stdout, err: context.written.stderr };
}

describe("video", () => {
  test("mistakes of the command line, of settings and of the plan are told at once", async () => {
    const { code, out } = await video([
      "a",
      "--rehearse",
      "--json",
      "--seed",
      "x",
      "--timeout",
      "y",
      "--ar",
      "5:1",
      "--duration",
      "99",
    ]);
    expect(code).toBe(2);
    const { error } = JSON.parse(out) as { error: { problems: { field: string }[] } };
    expect(error.problems.map(({ field }) => field)).toEqual(
      expect.arrayContaining(["--seed", "--timeout", "--ar", "--duration"]),
    );
  });

  test.each(["models", "Resume", "dcotor", "help"])("%s alone is no prompt", async (word) => {
    const { code, err } = await video([word, "--rehearse"]);
    expect(code).toBe(2);
    expect(err).toContain("so no clip was bought");
  });

  test("without a credential that was chosen, those that were seen are named with what uses them", async () => {
    const { code, err } = await video(["a tide", "--foreground"], {
      VERTEX_API_KEY: "x",
      CLOUDSDK_CONFIG: "/nowhere/gcloud",
    });
    expect(code).toBe(3);
    expect(err).toContain('VERTEX_API_KEY: video-gen --auth vertex-key "…"');
    expect(err).toContain('video-gen --rehearse "…"');
    const chosen = await video(["a tide", "--foreground", "--auth", "adc"], { CLOUDSDK_CONFIG: "/nowhere/gcloud" });
    expect(chosen.err).not.toContain("--rehearse");
  });
});
