import { describe, expect, test } from "vitest";
import { errorTable } from "../../core/error-table.ts";
import { exitCodeMeanings } from "../../core/exit-codes.ts";
import { definitions } from "../definitions/index.ts";
import { helpDocument } from "./help-document.ts";
import { runProgram } from "../program.ts";
import { readCommandLine } from "./read-command-line.ts";
import { createFakeContext } from "../testing/fake-context.ts";

/** What hosts of agents pass on at least (users-and-agents facts §2.1). */
const MOST_CHARACTERS = 30_000;

describe("help for machines", () => {
  test("is one document on stdout with every command", async () => {
    const context = createFakeContext();
    expect(await runProgram(["help", "--json"], context)).toBe(0);
    const document = JSON.parse(context.written.stdout) as ReturnType<typeof helpDocument>;
    expect(document.commands.map(({ name }) => name)).toEqual(definitions.map(({ name }) => name));
    expect(context.written.stderr).toBe("");
    expect(context.written.stdout.length).toBeLessThan(MOST_CHARACTERS);
  });

  test("describes every option that a command names, and each is one that the command takes", () => {
    const { commands, options, optionGroups: groups } = helpDocument(null, "1");
    for (const command of commands) {
      const grouped = ("optionGroups" in command ? command.optionGroups : []).flatMap((group) => groups?.[group] ?? []);
      for (const name of [...grouped, ...command.options]) {
        const { flags = "", choices } = options[name] ?? {};
        const flag = /--[\w-]+/.exec(flags)?.[0] ?? "";
        const value = flags.includes("<") ? [choices?.[0] ?? "1"] : [];
        const line = readCommandLine([...command.name.split(" "), flag, ...value]);
        const unknown = line.kind === "command" ? line.problems.filter(({ field }) => field === flag) : [line];
        expect({ command: command.name, flag, unknown }).toEqual({ command: command.name, flag, unknown: [] });
      }
    }
  });

  test("names options that are taken together once", () => {
    const generate = helpDocument(null, "1").commands.find(({ name }) => name === "generate");
    expect(generate).toMatchObject({ optionGroups: ["picture", "imagen", "connection", "network"] });
    expect(generate?.options).not.toContain("model");
    expect(helpDocument("generate", "1").commands[0]?.options).toContain("maskClasses");
  });

  test.each([
    [["help", "generate", "--json"], ["generate"]],
    [["generate", "--help", "--json"], ["generate"]],
    [
      ["help", "cost", "--json"],
      ["cost estimate", "cost compare", "cost recommend"],
    ],
  ])("of %j is about %j", async (words, names) => {
    const context = createFakeContext();
    expect(await runProgram(words, context)).toBe(0);
    const document = JSON.parse(context.written.stdout) as ReturnType<typeof helpDocument>;
    expect(document.commands.map(({ name }) => name)).toEqual(names);
  });

  test("knows every exit status that there is", () => {
    const codes = [0, 9, ...Object.values(errorTable).map(({ exit }) => exit)];
    expect(codes.filter((code) => !(code in exitCodeMeanings))).toEqual([]);
  });
});
