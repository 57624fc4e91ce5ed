import { describe, expect, test } from "vitest";
import { chooseStyle } from "./style.ts";

function styleOf(environment: Record<string, string>, isTerminal = true) {
  const { live, unicode, colors } = chooseStyle({ isTerminal, environment });
  return { live, unicode, colored: colors.isColorSupported };
}

describe("style", () => {
  test.each<[string, ReturnType<typeof styleOf>, Partial<ReturnType<typeof styleOf>>]>([
    [
      "a terminal has all of it",
      styleOf({ TERM: "xterm", LANG: "en_US.UTF-8" }),
      { live: true, unicode: true, colored: true },
    ],
    ["a pipe has neither colour nor redrawing", styleOf({ TERM: "xterm" }, false), { live: false, colored: false }],
    ["TERM=dumb likewise", styleOf({ TERM: "dumb" }), { live: false, colored: false }],
    ["NO_COLOR takes the colour only", styleOf({ TERM: "xterm", NO_COLOR: "1" }), { live: true, colored: false }],
    ["LANG=C takes line drawing and emoji", styleOf({ LANG: "C" }), { unicode: false }],
    ["LC_ALL is stronger than LANG", styleOf({ LC_ALL: "POSIX", LANG: "th_TH.UTF-8" }), { unicode: false }],
    ["no locale says nothing about the terminal", styleOf({}), { unicode: true }],
    ["FORCE_COLOR does not put codes into a pipe", styleOf({ FORCE_COLOR: "1" }, false), { colored: false }],
  ])("%s", (_name, style, expected) => {
    expect(style).toMatchObject(expected);
  });
});
