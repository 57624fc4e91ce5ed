import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  choice,
  choices,
  decimal,
  dollars,
  onOff,
  type Parser,
  proxyAddress,
  secondsAsMs,
  text,
  webAddress,
  wholeNumber,
} from "./parsers.ts";

const any = { least: -1e9, most: 1e9 };

function value<T>(parse: Parser<T>, given: string): T | string {
  const parsed = parse(given);
  return parsed.ok ? parsed.value : `! ${parsed.problem.message}`;
}

describe("parsers", () => {
  test.each<[string, Parser<unknown>, string, unknown]>([
    ["text", text, " x ", "x"],
    ["a whole number", wholeNumber(any), "-12", -12],
    ["a decimal", decimal(any), "0.70", 0.7],
    ["seconds", secondsAsMs({ least: 1, most: 3600 }), "1.5 s", 1500],
    ["dollars", dollars, "$0.134", 0.134],
    ["a switch", onOff, "Yes", true],
    ["a choice in other case", choice(["adc", "oauth"]), "ADC", "adc"],
    ["several choices", choices(["raw", "mask"]), " raw,MASK , raw", ["raw", "mask", "raw"]],
    ["a web address", webAddress, "http://localhost:8317/", "http://localhost:8317/"],
    ["a proxy without a scheme", proxyAddress, "127.0.0.1:3128", "http://127.0.0.1:3128"],
  ])("%s is read", (_name, parse, given, expected) => {
    expect(value(parse, given)).toEqual(expected);
  });

  test.each<[Parser<unknown>, string]>([
    [text, "  "],
    [wholeNumber(any), "1e3"],
    [wholeNumber(any), "3.0"],
    [wholeNumber(any), "0x10"],
    [wholeNumber({ least: 1, most: 5 }), "6"],
    [decimal(any), "NaN"],
    [decimal(any), "Infinity"],
    [secondsAsMs({ least: 1, most: 3600 }), "0"],
    [dollars, "-1"],
    [dollars, "1e3"],
    [onOff, "maybe"],
    [choices(["raw", "mask"]), ""],
    [choices(["raw", "mask"]), "raw,,mask"],
    [choices(["raw", "mask"]), "raw,__proto__"],
    [webAddress, "localhost"],
    [webAddress, "file:///etc/passwd"],
    [proxyAddress, "socks5://localhost:1080"],
  ])("refuses what it cannot be sure of: %#", (parse, given) => {
    expect(value(parse, given)).toMatch(/^! /);
  });

  test("a mistyped choice names the allowed ones and the nearest", () => {
    expect(choice(["standard", "flex"])("flx")).toEqual({
      ok: false,
      problem: { message: "is not one of the allowed values.", allowed: ["standard", "flex"], suggestion: "flex" },
    });
  });

  test("a number out of range is answered with the nearest one in range", () => {
    expect(wholeNumber({ least: 1, most: 5 })("9")).toMatchObject({ problem: { suggestion: "5" } });
  });

  test("numbers never become anything but what was typed", () => {
    const neverChanged = fc.property(fc.string({ maxLength: 12 }), (given) => {
      const parsed = decimal(any)(given);
      return !parsed.ok || parsed.value === Number.parseFloat(given.trim());
    });
    expect(fc.check(neverChanged)).toMatchObject({ failed: false });
  });
});
