import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Problem } from "../core/tool-error.ts";
import { composePrompt } from "./compose-prompt.ts";
import { placesIn } from "./fill-template.ts";
import { parseStyle } from "./parse-style.ts";
import { listStyles, openStyle } from "./style-shelf.ts";
import type { Style } from "./style.ts";

const workingDirectory = mkdtempSync(join(tmpdir(), "image-gen-styles-"));
const ownFolder = join(workingDirectory, "own");
const places = { ownFolder, workingDirectory };

beforeAll(() => mkdirSync(ownFolder));
afterAll(() => rmSync(workingDirectory, { recursive: true, force: true }));

function parse(text: string): { style: Style; problems: Problem[] } {
  const problems: Problem[] = [];
  return { style: parseStyle("test", text, "test.md", problems), problems };
}

function open(wish: string): { style: Style | null; problems: Problem[] } {
  const problems: Problem[] = [];
  return { style: openStyle(wish, places, problems), problems };
}

function compose(prompt: string, text: string | null, variables: Record<string, string> = {}) {
  const problems: Problem[] = [];
  const style = text === null ? null : parse(text).style;
  return { ...composePrompt({ prompt, style, variables }, problems), problems };
}

describe("a style file", () => {
  test("has a description, variables with defaults, and a template", () => {
    expect(
      parse(
        '---\ndescription: Soft: and warm\n# a note\nvariables:\n  mood: calm\n  size: "two words "\n---\n{{prompt}}\n\n{{mood}}\n',
      ),
    ).toEqual({
      style: {
        name: "test",
        description: "Soft: and warm",
        defaults: { mood: "calm", size: "two words " },
        template: "{{prompt}}\n\n{{mood}}",
      },
      problems: [],
    });
  });

  test("may be the template alone, with any line ends", () => {
    expect(parse("\uFEFFIn oil.\r\n{{prompt}}\r\n").style).toMatchObject({
      template: "In oil.\n{{prompt}}",
      defaults: {},
    });
  });

  test.each([
    ["---\ndescription: x\n{{prompt}}", /never ends/],
    ["---\ndescripton: x\n---\n{{prompt}}", /no key descripton/],
    ["---\nnonsense\n---\n{{prompt}}", /not "key: value"/],
    ["---\nvariables:\n  prompt: x\n---\n{{prompt}}", /prompt cannot be/],
    ["---\nvariables:\n  a b: x\n---\n{{prompt}}", /a b cannot be/],
    ['---\ndescription: "x\n---\n{{prompt}}', /not "key: value"/],
    ["---\ndescription: x\n---\n\n", /no text/],
    ["{{a b}}", /no variable/],
    ["{{}}", /no variable/],
  ])("%j is refused with what is wrong", (text, message) => {
    expect(parse(text).problems).toMatchObject([{ code: "style-invalid", message: expect.stringMatching(message) }]);
  });

  test("a misspelt key is told the right one", () => {
    expect(parse("---\ndescripton: x\n---\nx").problems).toMatchObject([{ suggestion: "description" }]);
  });
});

describe("what is sent", () => {
  test("the words, filled into the style with its defaults", () => {
    const { text, problems } = compose("a fox", "---\nvariables:\n  mood: calm\n---\n{{ prompt }}, {{mood}}");
    expect(text).toBe("a fox, calm");
    expect(problems).toEqual([]);
  });

  test("a value of the caller's goes before a default", () => {
    const style = "---\nvariables:\n  mood: calm\n---\n{{prompt}}, {{mood}}";
    expect(compose("a fox", style, { mood: "wild" }).text).toBe("a fox, wild");
  });

  test("braces in words and values are never filled in again", () => {
    const style = "---\nvariables:\n  mood: calm\n---\n{{prompt}}, {{mood}}";
    expect(compose("{{mood}} $& $1", style, { mood: "{{prompt}}" }).text).toBe("{{mood}} $& $1, {{prompt}}");
  });

  test("a style without a place for the words stands after them, and needs none", () => {
    expect(compose("a fox", "In oil.")).toMatchObject({ text: "a fox\n\nIn oil.", needsWords: false });
    expect(compose("", "In oil.")).toMatchObject({ text: "In oil.", needsWords: false });
    expect(compose("", "{{prompt}} in oil.").needsWords).toBe(true);
  });

  test("without a style the words are sent to the letter, or are the template themselves", () => {
    expect(compose("a {{fox}}", null).text).toBe("a {{fox}}");
    expect(compose("a {{animal}}", null, { animal: "fox" }).text).toBe("a fox");
    expect(compose("a {{prompt}} {{animal}}", null, { animal: "fox" }).text).toBe("a {{prompt}} fox");
  });

  test("an unknown variable is refused with the nearest", () => {
    expect(
      compose("a fox", "---\nvariables:\n  mood: calm\n---\n{{prompt}} {{mood}}", { mod: "x" }).problems,
    ).toMatchObject([{ code: "variable-unknown", given: "mod", suggestion: "mood", allowed: ["mood"] }]);
    expect(compose("a fox", null, { mood: "x" }).problems).toMatchObject([{ code: "variable-unknown" }]);
  });

  test("every missing variable is told at once", () => {
    const { problems } = compose("a fox", "---\nvariables:\n  a:\n---\n{{prompt}} {{a}} {{b}} {{toString}}");
    expect(problems.map(({ code, suggestion }) => [code, suggestion])).toEqual([
      ["variable-missing", "--var a=…"],
      ["variable-missing", "--var b=…"],
      ["variable-missing", "--var toString=…"],
    ]);
  });
});

describe("the styles of the package", () => {
  const builtIn = listStyles({ ...places, ownFolder: null });

  test("are six to eight", () => {
    expect(builtIn.length).toBeGreaterThanOrEqual(6);
    expect(builtIn.length).toBeLessThanOrEqual(8);
  });

  test.each(builtIn.map(({ name }) => name))(
    "%s can be used, says what it is for, and uses each of its variables",
    (name) => {
      const { style, problems } = open(name);
      expect(problems).toEqual([]);
      expect(style?.description.length).toBeGreaterThan(20);
      const used = new Set(placesIn(style?.template ?? "").map((place) => place.name));
      expect(used).toEqual(new Set(["prompt", ...Object.keys(style?.defaults ?? {})]));
    },
  );
});

describe("finding a style", () => {
  test("one's own folder goes first", () => {
    writeFileSync(join(ownFolder, "watercolor.md"), "Mine. {{prompt}}");
    writeFileSync(join(ownFolder, "เส้น.md"), "{{prompt}}");
    expect(open("Watercolor").style?.template).toBe("Mine. {{prompt}}");
    expect(open("เส้น").style?.name).toBe("เส้น");
    expect(listStyles(places).filter(({ name }) => name === "watercolor")).toMatchObject([{ origin: "own" }]);
    rmSync(join(ownFolder, "watercolor.md"));
  });

  test("a file is taken by its path", () => {
    writeFileSync(join(workingDirectory, "mine.md"), "{{prompt}} here");
    expect(open("mine.md").style?.name).toBe("mine");
    expect(open("./mine.md").style?.name).toBe("mine");
    expect(open(join(workingDirectory, "mine.md")).style?.template).toBe("{{prompt}} here");
  });

  test("an unknown name is refused with the nearest", () => {
    expect(open("watercolour").problems).toMatchObject([{ code: "style-unknown", suggestion: "watercolor" }]);
  });

  test("a name is no way out of the folder", () => {
    expect(open("..").problems).toMatchObject([{ code: "style-unknown" }]);
    expect(open("").problems).toMatchObject([{ code: "style-unknown" }]);
  });

  test("a file that is not there, a folder, bytes that are no text and a huge file are refused", () => {
    mkdirSync(join(workingDirectory, "folder.md"));
    writeFileSync(join(workingDirectory, "bytes.md"), Buffer.from([0xff, 0xfe, 0x80]));
    writeFileSync(join(workingDirectory, "huge.md"), "x".repeat(300_000));
    for (const name of ["missing.md", "folder.md", "bytes.md", "huge.md"]) {
      expect(open(name)).toMatchObject({ style: null, problems: [{ code: "style-invalid", given: name }] });
    }
  });
});
