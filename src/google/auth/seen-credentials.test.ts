// What is told of credentials that lie around: names and commands, never values.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { environmentPlaces } from "./environment-places.ts";
import { seenCredentials } from "./seen-credentials.ts";

const none = () => false;
const seen = (environment: Record<string, string>, fileExists: (path: string) => boolean = none) =>
  seenCredentials(environment, fileExists).map(({ auth, source }) => `${auth} ${source}`);

describe("seenCredentials", () => {
  test("nothing set, nothing seen", () => {
    expect(seen({ GOOGLE_API_KEY: "", GEMINI_API_KEY: "  " })).toEqual([]);
  });

  test("each kind is seen once, in the order of help texts", () => {
    const environment = {
      GOOGLE_OAUTH_ACCESS_TOKEN: "hush",
      VERTEX_API_KEY: "hush",
      GEMINI_API_KEY: "hush",
      GOOGLE_API_KEY: "hush",
      CLIPROXYAPI_KEY: "hush",
      GOOGLE_APPLICATION_CREDENTIALS: "/key.json",
    };
    expect(seen(environment, (path) => path === "/key.json")).toEqual([
      "proxy CLIPROXYAPI_KEY",
      "api-key GOOGLE_API_KEY",
      "vertex-key VERTEX_API_KEY",
      "oauth GOOGLE_OAUTH_ACCESS_TOKEN",
      "adc GOOGLE_APPLICATION_CREDENTIALS (/key.json)",
    ]);
    expect(JSON.stringify(seenCredentials(environment, none))).not.toContain("hush");
  });

  test("the options are whole, and ask for a project only where none is set", () => {
    const token = { GOOGLE_OAUTH_ACCESS_TOKEN: "x" };
    expect(seenCredentials({ GEMINI_API_KEY: "x" }, none)[0]?.options).toBe("--auth api-key");
    expect(seenCredentials(token, none)[0]?.options).toBe("--auth oauth --project-id <project>");
    expect(seenCredentials({ ...token, GOOGLE_CLOUD_PROJECT: "p" }, none)[0]?.options).toBe("--auth oauth");
  });

  test("gcloud's file is seen where CLOUDSDK_CONFIG puts it", () => {
    const file = join("/gcloud", "application_default_credentials.json");
    expect(seen({ CLOUDSDK_CONFIG: "/gcloud" }, (path) => path === file)).toEqual([`adc ${file}`]);
  });

  test("a named file that is missing hides gcloud's, as it does for Google's library", () => {
    const file = join("/gcloud", "application_default_credentials.json");
    const environment = { CLOUDSDK_CONFIG: "/gcloud", GOOGLE_APPLICATION_CREDENTIALS: "/none.json" };
    expect(seen(environment, (path) => path === file)).toEqual([]);
  });

  test("a metadata server that is named is seen", () => {
    expect(seen({ GCE_METADATA_HOST: "127.0.0.1:1" })).toEqual(["adc GCE_METADATA_HOST"]);
  });
});

describe("environmentPlaces", () => {
  test("says nothing where no variable says anything", () => {
    expect(environmentPlaces({ GCE_METADATA_HOST: "", HOME: "/home/me" })).toEqual({});
  });

  test("the address wins over the name, as in Google's library", () => {
    expect(environmentPlaces({ GCE_METADATA_HOST: "a", GCE_METADATA_IP: "b" })).toEqual({ metadataHost: "b" });
  });

  test("the quota project is taken over", () => {
    expect(environmentPlaces({ GOOGLE_CLOUD_QUOTA_PROJECT: "q" })).toEqual({ quotaProject: "q" });
  });
});
