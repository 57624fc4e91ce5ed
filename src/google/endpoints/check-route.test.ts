// Which combinations of endpoint, credential, project and location are refused before anything is sent.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkLocation } from "./check-location.ts";
import { checkProject } from "./check-project.ts";
import { checkRoute, chooseLocation } from "./check-route.ts";
import { endpointFor } from "./registry.ts";

const vertex = endpointFor("aiplatform");
const gemini = endpointFor("generativelanguage");
const codeAssist = endpointFor("cloudcode-pa");

describe("checkRoute", () => {
  test("a credential that the endpoint does not take is refused, naming endpoints that take it", () => {
    const problems = checkRoute({ endpoint: vertex, auth: "api-key", projectId: "shop-1", location: null });
    expect(problems).toMatchObject([{ code: "auth-not-on-endpoint", allowed: ["generativelanguage"] }]);
  });

  test("Vertex AI without a project is refused", () => {
    const problems = checkRoute({ endpoint: vertex, auth: "oauth", projectId: null, location: null });
    expect(problems.map(({ code }) => code)).toEqual(["project-missing"]);
  });

  test("an express key needs no project", () => {
    expect(checkRoute({ endpoint: vertex, auth: "vertex-key", projectId: null, location: null })).toEqual([]);
  });

  test("Code Assist needs no project from the caller: it tells its own", () => {
    expect(checkRoute({ endpoint: codeAssist, auth: "oauth", projectId: null, location: null })).toEqual([]);
  });

  test("several mistakes are told together", () => {
    const problems = checkRoute({ endpoint: vertex, auth: "api-key", projectId: null, location: "Mars" });
    expect(problems.map(({ code }) => code)).toEqual(["auth-not-on-endpoint", "project-missing", "value-not-allowed"]);
  });

  test("a location that the route has no use for is no mistake", () => {
    expect(checkRoute({ endpoint: gemini, auth: "api-key", projectId: null, location: "Mars" })).toEqual([]);
  });
});

describe("chooseLocation", () => {
  test("is global when nothing was asked", () => {
    expect(chooseLocation(vertex, "adc", null)).toEqual({ location: "global", warning: null });
  });

  test.each([
    [gemini, "api-key"],
    [vertex, "vertex-key"],
  ] as const)("says so when a location is left out", (endpoint, auth) => {
    const { location, warning } = chooseLocation(endpoint, auth, "europe-west4");
    expect(location).toBeNull();
    expect(warning).toContain("europe-west4");
  });
});

describe("checkLocation", () => {
  test.each(["global", "us", "eu", "us-central1", "europe-west4", "northamerica-northeast1", "asia-southeast10"])(
    "%s is one",
    (location) => expect(checkLocation(location)).toEqual([]),
  );

  test.each([
    ["US-Central1", "us-central1"],
    [" eu ", "eu"],
    ["us_central1", "us-central1"],
    ["us-central1-a", "us-central1"],
  ])("%j is refused and %s suggested", (given, suggestion) => {
    expect(checkLocation(given)).toMatchObject([{ code: "value-not-allowed", given, suggestion }]);
  });

  test("nothing that is accepted can change the host", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (location) => {
        if (checkLocation(location).length > 0) return;
        expect(new URL(vertex.defaultBaseUrl(location)).hostname.endsWith(".googleapis.com")).toBe(true);
      }),
    );
    for (const location of [
      "evil.example/",
      "x@evil.example#",
      "us-central1.evil.example",
      "us-central1\n",
      "",
      "../x",
    ]) {
      expect(checkLocation(location)).toHaveLength(1);
    }
  });
});

describe("checkProject", () => {
  test.each(["my-project-123", "p", "example.com:shop", "123456789012"])("%s may go to Vertex AI", (id) => {
    expect(checkProject(id, vertex)).toEqual([]);
  });

  test.each(["", "a b", "../x", "a/b", "a\nb", "ü", ".", ".."])("%j may not", (id) => {
    expect(checkProject(id, vertex)).toMatchObject([{ code: "value-not-allowed" }]);
  });

  test("Code Assist refuses a project number", () => {
    expect(checkProject("123456789012", codeAssist)).toMatchObject([{ code: "value-not-allowed" }]);
    expect(checkProject("shop-1", codeAssist)).toEqual([]);
  });
});
