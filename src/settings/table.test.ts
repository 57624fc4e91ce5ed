import { describe, expect, test } from "vitest";
import { settingNames, settingRow } from "./table.ts";

describe("the settings table", () => {
  test("secrets are the four that have the type Secret", () => {
    expect(settingNames.filter((name) => settingRow(name).secret)).toEqual([
      "apiKey",
      "vertexKey",
      "accessToken",
      "proxyKey",
    ]);
  });

  test("no flag and no file key is there twice", () => {
    const flags = settingNames.flatMap((name) => settingRow(name).flags?.match(/(?<!\S)--?[\w-]+/g) ?? []);
    const keys = settingNames.flatMap((name) => settingRow(name).fileKey ?? []);
    expect(new Set(flags).size).toBe(flags.length);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("reads the environment variables of the contract and no other names", () => {
    expect(new Set(settingNames.flatMap((name) => settingRow(name).environment))).toEqual(
      new Set([
        "GOOGLE_API_KEY",
        "GEMINI_API_KEY",
        "VERTEX_API_KEY",
        "GOOGLE_OAUTH_ACCESS_TOKEN",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_CLOUD_LOCATION",
        "CLIPROXYAPI_URL",
        "CLIPROXYAPI_KEY",
        "GOOGLE_GEMINI_BASE_URL",
        "GOOGLE_VERTEX_BASE_URL",
        "CODE_ASSIST_ENDPOINT",
        "IMAGE_GEN_AUTH",
        "IMAGE_GEN_MODEL",
        "IMAGE_GEN_PROJECT",
        "IMAGE_GEN_REHEARSE",
        "IMAGE_GEN_MCP_FOLDERS",
        "IMAGE_GEN_MCP_URL_HOSTS",
        "IMAGE_GEN_MCP_CONFIRM_ABOVE",
        ...["https_proxy", "http_proxy", "all_proxy", "no_proxy"].flatMap((name) => [name, name.toUpperCase()]),
      ]),
    );
  });

  test("a default is one of the choices", () => {
    const rows = settingNames.map(settingRow).filter((row) => row.default !== null && row.choices.length > 0);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => !row.choices.includes(String(row.default)))).toEqual([]);
  });
});
