// What every endpoint must hold to, whatever it is.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { authMethods, endpointNames } from "../../core/route.ts";
import { isToolError } from "../../core/tool-error.ts";
import { checkBaseUrl } from "./check-base-url.ts";
import type { EndpointTarget } from "./endpoint.ts";
import { defaultEndpointFor, endpointFor, listEndpoints } from "./registry.ts";

test("every name has its endpoint, and the list holds them all", () => {
  expect(listEndpoints().map(({ name }) => name)).toEqual([...endpointNames]);
  for (const name of endpointNames) expect(endpointFor(name).name).toBe(name);
});

test("every way of signing in has a usual endpoint that takes it", () => {
  for (const auth of authMethods) expect(defaultEndpointFor(auth).acceptedAuth).toContain(auth);
});

test("the usual endpoints are those of the design", () => {
  expect(authMethods.map((auth) => `${auth} ${defaultEndpointFor(auth).name}`)).toEqual([
    "proxy cliproxyapi",
    "api-key generativelanguage",
    "vertex-key aiplatform",
    "oauth aiplatform",
    "adc aiplatform",
    "service-account aiplatform",
  ]);
});

const target: EndpointTarget = {
  baseUrl: "http://127.0.0.1:9/prefix",
  auth: "adc",
  model: "some-model",
  projectId: "shop-1",
  location: "global",
};

describe.each(listEndpoints().map((endpoint) => ({ endpoint, name: endpoint.name })))("$name", ({ endpoint }) => {
  const auth = endpoint.acceptedAuth[0] ?? "adc";

  test("keeps a path prefix of the base URL", () => {
    const own = { ...target, auth };
    const urls = [endpoint.generateUrl(own), endpoint.countTokensUrl(own), endpoint.modelsUrl(own) ?? own.baseUrl];
    expect(urls.filter((url) => !url.startsWith(own.baseUrl))).toEqual([]);
  });

  test("streams exactly where it asks for a stream", () => {
    const url = endpoint.generateUrl({ ...target, auth });
    expect(url.endsWith(":streamGenerateContent?alt=sse")).toBe(endpoint.streams);
    expect(url.endsWith(":generateContent")).toBe(!endpoint.streams);
  });

  test("has an address for Imagen exactly where it takes it", () => {
    for (const each of endpoint.acceptedAuth) {
      const url = endpoint.predictUrl({ ...target, auth: each });
      expect(url !== null).toBe(endpoint.takesPredict(each));
      expect(url ?? `${target.baseUrl}/v1/models/some-model:predict`).toMatch(
        /^http:\/\/127\.0\.0\.1:9\/prefix\/.*models\/some-model:predict$/,
      );
    }
  });

  test("accepts its own base URL as an override", () => {
    const own = endpoint.defaultBaseUrl(null);
    expect(checkBaseUrl(`${own}/`, endpoint)).toEqual({ baseUrl: own, problems: [], warnings: [] });
  });

  test("names a base URL variable of its own", () => {
    const variables = listEndpoints().map(({ baseUrlVariable }) => baseUrlVariable);
    expect(variables.filter((variable) => variable === endpoint.baseUrlVariable)).toHaveLength(1);
  });

  test("no model or project id leaves its place in the path", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary", minLength: 1 }), (model, projectId) => {
        // checkProject refuses these long before.
        fc.pre(projectId !== "." && projectId !== "..");
        const plain = new URL(endpoint.generateUrl({ ...target, auth }));
        const url = new URL(endpoint.generateUrl({ ...target, auth, model, projectId }));
        expect(url.host).toBe(plain.host);
        expect(url.pathname.split("/").length).toBe(plain.pathname.split("/").length);
        expect(url.search).toBe(plain.search);
        expect(url.hash).toBe("");
      }),
    );
  });

  test("asks for a project only by the code project-missing", () => {
    const needs = endpoint.needsProject(auth) && !endpoint.enveloped;
    let code: string | null = null;
    try {
      endpoint.generateUrl({ ...target, auth, projectId: null });
    } catch (error) {
      code = isToolError(error) ? error.code : "other";
    }
    expect(code).toBe(needs ? "project-missing" : null);
  });
});
