import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { typedName } from "./command-definition.ts";
import { commandWords, definitions } from "../definitions/index.ts";
import type { CommandLine, Invocation } from "./invocation.ts";
import { readCommandLine, wantsJson } from "./read-command-line.ts";

function read(...argv: string[]): Invocation {
  const line = readCommandLine(argv);
  if (line.kind !== "command") throw new Error(`not a command: ${JSON.stringify(line)}`);
  return line;
}

function mistakes(line: CommandLine): readonly string[] {
  return line.kind === "mistake" || line.kind === "command" ? line.problems.map(({ message }) => message) : [];
}

describe("prompts", () => {
  test("several words are operands of the default command", () => {
    expect(read("a", "red", "fox", "-s", "2K")).toMatchObject({
      command: "generate",
      explicit: false,
      operands: ["a", "red", "fox"],
      flags: { size: "2K" },
      problems: [],
    });
  });

  test("options may stand before, between and after the words", () => {
    expect(read("--ar", "16:9", "a fox", "-n3", "--json", "in snow", "--size=4K")).toMatchObject({
      operands: ["a fox", "in snow"],
      flags: { aspectRatio: "16:9", count: "3", size: "4K" },
    });
  });

  test("a prompt that begins with a dash goes after --", () => {
    expect(read("-s", "2K", "--", "--help me", "-x")).toMatchObject({ operands: ["--help me", "-x"], problems: [] });
    expect(read("--", "models")).toMatchObject({ command: "generate", operands: ["models"], problems: [] });
    expect(read("generate", "--", "-40 degrees")).toMatchObject({ explicit: true, operands: ["-40 degrees"] });
  });

  test("a negative number is a word of the prompt", () => {
    expect(read("-40", "degrees")).toMatchObject({ operands: ["-40", "degrees"], problems: [] });
  });

  test("whatever is said after -- is said to the letter", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 }), (words) => {
        expect(read("generate", "--", ...words).operands).toEqual(words);
      }),
    );
  });

  test("never throws, whatever is given", () => {
    const word = fc.oneof(
      fc.constantFrom("-", "--", "-n", "--json", "-s", "--no-preview", "cost", "help"),
      fc.string(),
    );
    const reads = fc.property(fc.array(word, { maxLength: 6 }), (argv) => void readCommandLine(argv));
    expect(fc.check(reads)).toMatchObject({ failed: false });
  });
});

describe("commands", () => {
  test("are recognised by their first word, and by their first two", () => {
    expect(read("models", "--all")).toMatchObject({ command: "models", explicit: true });
    expect(read("cost", "estimate", "a fox", "-n", "2")).toMatchObject({
      command: "cost estimate",
      operands: ["a fox"],
      flags: { count: "2" },
    });
  });

  test("switches without a value may stand before them", () => {
    const { command, switches } = read("--json", "models");
    expect([command, [...switches]]).toEqual(["models", [["json", true]]]);
  });

  test.each(["modles", "model", "emulater", "confg", "hlep", "MODELS", "genrate"])(
    "the single word %s is not bought a picture of",
    (word) => {
      const line = readCommandLine([word, "--json"]);
      expect(line.kind).toBe("mistake");
      expect(mistakes(line)[0]).toContain(`image-gen generate "${word}"`);
    },
  );

  test.each([["cat"], ["fox"], ["a modles"], ["sunset"], ["modles of ships"], ["red", "models"]])(
    "%s is a prompt",
    (...words) => {
      expect(read(...words)).toMatchObject({ command: "generate", operands: words, problems: [] });
    },
  );

  test.each([["batch", "jobs.jsonl"], ["gallery"], ["Batch"]])(
    "%s %s is a command to come, and buys nothing",
    (...words) => {
      expect(mistakes(readCommandLine(words))[0]).toContain(`image-gen generate ${JSON.stringify(words.join(" "))}`);
      expect(read("generate", ...words)).toMatchObject({ operands: words, problems: [] });
      expect(read(`${words[0] ?? ""} of cars`)).toMatchObject({ command: "generate", problems: [] });
    },
  );

  test("the word is drawn when generate is written before it", () => {
    expect(read("generate", "modles")).toMatchObject({ operands: ["modles"], problems: [] });
  });

  test("two misspelt words of one command are not bought a picture of either", () => {
    expect(mistakes(readCommandLine(["cots", "estimat", "a fox"]))[0]).toContain('the command "cost estimate"');
    expect(mistakes(readCommandLine(["generat", "a red fox"]))[0]).toContain('the command "generate"');
  });

  test("a group without its second word says what there is", () => {
    expect(readCommandLine(["cost"])).toMatchObject({ problems: [{ allowed: ["estimate", "compare", "recommend"] }] });
    expect(readCommandLine(["config", "lst"])).toMatchObject({ problems: [{ suggestion: "image-gen config list" }] });
  });

  test("too many and too few words are refused", () => {
    expect(mistakes(read("config", "get"))[0]).toContain("image-gen config get <key>");
    expect(mistakes(read("config", "path", "x"))[0]).toContain("takes no words");
  });
});

describe("mistakes in options", () => {
  test("all unknown options are named, each with the one that was probably meant", () => {
    const { problems } = read("a fox", "--szie", "2K", "--jsn", "--aspct-ratio=1:1");
    expect(problems.map(({ given, suggestion }) => [given, suggestion])).toEqual([
      ["--szie", "--size"],
      ["--jsn", "--json"],
      ["--aspct-ratio", "--aspect-ratio"],
    ]);
  });

  test("an option of another command is unknown", () => {
    expect(mistakes(read("models", "--seed", "3"))[0]).toContain("`image-gen models` has no option --seed");
  });

  test.each([[["a fox", "--size"]], [["a fox", "-o"]]])("an option without its value is named", (argv) => {
    expect(mistakes(read(...argv))[0]).toMatch(/^-\S+ needs a value\.$/);
  });

  test("--json is seen after the mistake, and not after --", () => {
    expect(wantsJson(["a", "--szie", "x", "--json"])).toBe(true);
    expect(wantsJson(["a", "--", "--json"])).toBe(false);
  });
});

describe("help", () => {
  test.each<[string[], string | null]>([
    [["--help"], null],
    [["help"], null],
    [["help", "cost"], "cost"],
    [["help", "cost", "estimate"], "cost estimate"],
    [["cost", "--help"], "cost"],
    [["models", "-h"], "models"],
    [["a fox", "--help"], null],
    [["--json", "-h"], null],
  ])("%j asks for %s", (argv, topic) => {
    expect(readCommandLine(argv)).toEqual({ kind: "help", topic });
  });

  test("of an unknown command is a mistake with a suggestion", () => {
    expect(readCommandLine(["help", "modles"])).toMatchObject({ problems: [{ suggestion: "image-gen help models" }] });
  });

  test("an empty command line is none of these", () => {
    expect(readCommandLine([])).toEqual({ kind: "nothing", topic: null });
    expect(readCommandLine(["video"])).toEqual({ kind: "nothing", topic: "video" });
    expect(readCommandLine(["-V"])).toEqual({ kind: "version" });
  });
});

test("no two commands are called the same, and each has an example that begins with its name", () => {
  expect(new Set(definitions.map(({ name }) => name)).size).toBe(definitions.length);
  expect(commandWords).toContain("help");
  const without = definitions.filter(({ name, examples }) => {
    return !examples.some(({ command }) =>
      command.includes(name === "generate" ? "image-gen " : typedName(name).trimEnd()),
    );
  });
  expect(without).toEqual([]);
});
