import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Secret } from "../core/secret.ts";
import type { ConfigFile } from "./config-file.ts";
import { describeSettings } from "./describe.ts";
import { originText, resolveSettings, type SettingSources } from "./resolve.ts";
import { type SettingName, settingNames, settingRow } from "./table.ts";

function fileOf(entries: Partial<Record<SettingName, string>>): ConfigFile {
  const map = new Map(
    settingNames
      .flatMap((name) => (entries[name] === undefined ? [] : [[name, entries[name]] as const]))
      .map(([name, text], index) => [name, { text, line: index + 2 }]),
  );
  return { path: "/home/me/config.json", entries: map, problems: [], warnings: [] };
}

function resolve(sources: Partial<SettingSources>) {
  return resolveSettings({ flags: {}, environment: {}, file: fileOf({}), workingDirectory: "/somewhere", ...sources });
}

/** Some valid text for a setting. */
function textFor(name: SettingName, index: number): string {
  const row = settingRow(name);
  if (row.fileType === "boolean") return index % 2 === 0 ? "true" : "false";
  if (row.fileType === "number") return String(index + 1);
  if (name.endsWith("Url")) return `https://host${index}.example`;
  if (name.endsWith("Hosts")) return `host${index}.example`;
  if (name.endsWith("Classes")) return `${index},${index + 1}`;
  const { choices } = row;
  return choices[index % Math.max(1, choices.length)] ?? `/absolute/value${index}`;
}

describe("resolving settings", () => {
  test("flag before environment before file before default, for every setting and every combination", () => {
    const combination = fc.record({
      name: fc.constantFrom(...settingNames.filter((name) => !settingRow(name).mayHoldPassword)),
      flag: fc.boolean(),
      variables: fc.array(fc.nat({ max: 3 }), { maxLength: 2 }),
      file: fc.boolean(),
    });
    fc.assert(
      fc.property(combination, ({ name, flag, variables, file }) => {
        const row = settingRow(name);
        const names = variables.flatMap((index) => row.environment[index] ?? []);
        const { origins, problems } = resolve({
          flags: flag ? { [name]: textFor(name, 0) } : {},
          environment: Object.fromEntries(names.map((variable) => [variable, textFor(name, 1)])),
          file: fileOf(file ? { [name]: textFor(name, 2) } : {}),
        });
        const first = row.environment.find((variable) => names.includes(variable));
        const expected = flag ? "flag" : first !== undefined ? "environment" : file ? "file" : "default";
        expect(problems).toEqual([]);
        expect(origins[name].kind).toBe(expected);
        expect(expected === "environment" ? originText(origins[name]) : first).toBe(first);
        const others = settingNames.filter((other) => other !== name);
        expect(others.filter((other) => origins[other].kind !== "default")).toEqual([]);
      }),
    );
  });

  test("GOOGLE_API_KEY wins over GEMINI_API_KEY, and that both are set is said", () => {
    const { values, origins, warnings } = resolve({
      environment: { GEMINI_API_KEY: "gemini", GOOGLE_API_KEY: "google" },
    });
    expect(values.apiKey).toBeInstanceOf(Secret);
    expect(values.apiKey?.source).toBe("GOOGLE_API_KEY");
    expect(originText(origins.apiKey)).toBe("GOOGLE_API_KEY");
    expect(warnings.map(({ message }) => message)).toEqual([
      "GOOGLE_API_KEY and GEMINI_API_KEY are both set; GOOGLE_API_KEY is used.",
    ]);
  });

  test("an empty variable is not set", () => {
    expect(resolve({ environment: { IMAGE_GEN_AUTH: "", GOOGLE_API_KEY: " " } }).values).toMatchObject({
      auth: "proxy",
      apiKey: null,
    });
  });

  test("all mistakes are found at once, with the kind that their place has", () => {
    const { problems, values } = resolve({
      flags: { tier: "cheap", count: "two" },
      environment: { IMAGE_GEN_AUTH: "aip-key" },
      file: fileOf({ timeoutMs: "0" }),
    });
    expect(problems.map(({ code, field }) => [code, field])).toEqual([
      ["value-not-allowed", "--count"],
      ["value-not-allowed", "--tier"],
      ["config-invalid", "IMAGE_GEN_AUTH"],
      ["config-invalid", "/home/me/config.json:2"],
    ]);
    expect(problems[2]).toMatchObject({ suggestion: "api-key", given: "aip-key" });
    expect(values.auth).toBe("proxy");
  });

  test("settings that are not looked at keep their defaults, and their mistakes are not told", () => {
    const { values, problems } = resolve({
      names: ["model"],
      environment: { IMAGE_GEN_MODEL: "m", HTTPS_PROXY: "socks5://localhost:1", IMAGE_GEN_AUTH: "adc" },
    });
    expect(values).toMatchObject({ model: "m", auth: "proxy", httpsProxy: null });
    expect(problems).toEqual([]);
  });

  test("a relative path starts where it was written", () => {
    const name = "credentialsFile";
    expect(resolve({ flags: { [name]: "key.json" } }).values.credentialsFile).toBe("/somewhere/key.json");
    expect(resolve({ file: fileOf({ [name]: "key.json" }) }).values.credentialsFile).toBe("/home/me/key.json");
  });

  test("a secret on the command line is warned of", () => {
    const { warnings } = resolve({ flags: { accessToken: "abc" } });
    expect(warnings.map(({ message }) => message).join()).toMatch(/--access-token.*GOOGLE_OAUTH_ACCESS_TOKEN/);
  });

  test("a description never shows a secret or a password", () => {
    const shown = JSON.stringify(
      describeSettings(
        resolve({
          flags: { apiKey: "hush-key" },
          environment: { VERTEX_API_KEY: "hush-vertex", HTTPS_PROXY: "http://me:hush-password@proxy.example:3128" },
        }),
      ),
    );
    expect(shown).not.toContain("hush");
    expect(shown).toContain('"name":"apiKey","value":"[set]","origin":"--api-key"');
    expect(shown).toContain("http://[set]@proxy.example:3128");
  });

  test("a description has amounts, times and switches in the words of people", () => {
    const shown = describeSettings(resolve({ flags: { budget: "2", maxCostUsd: "0.5", downloadTimeoutMs: "90" } }));
    const words = Object.fromEntries(shown.map(({ name, value }) => [name, value]));
    expect(words).toMatchObject({ budget: "$2.00", maxCost: "$0.5", downloadTimeout: "90 s", timeout: "300 s" });
    expect(words).toMatchObject({ preview: "on", allowHttp: "off" });
  });
});
