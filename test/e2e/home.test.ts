// A home folder that is none: what is kept must not land below whatever folder one works in.

import { isAbsolute } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "./run-command.ts";

test.each(["", "relative", "./here"])(
  "a home that is %j does not put the settings below the working folder",
  async (home) => {
    const { stdout, folder, exitCode } = await runCommand(["config", "path"], {
      environment: { HOME: home, IMAGE_GEN_HOME: "" },
    });
    expect(exitCode).toBe(0);
    expect(isAbsolute(stdout.trim())).toBe(true);
    expect(stdout).not.toContain(folder);
  },
);

test("a home folder in quotes is not made anew", async () => {
  const { stderr, exitCode, files } = await runCommand(["a fox", "--rehearse", "-o", "~/fox.png"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("stands in quotes");
  expect(files).toEqual([]);
});
