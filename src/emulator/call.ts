// One request as the services see it, and which remote procedure it calls on which model.
// Leaves HTTP to http-server.ts and the answer to services/.

import type { IncomingHttpHeaders } from "node:http";
import type { Credential } from "./credentials.ts";
import type { Route, Service } from "./hosts.ts";
import { isJsonObject, type Json, parseJson, textAt, unreachable } from "./json.ts";

/** A request whose body has arrived. */
export interface Call {
  readonly service: Service;
  readonly route: Route;
  readonly httpMethod: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly credentials: readonly Credential[];
  readonly body: Buffer;
  readonly target: Target;
  /** True at the root when the credential is neither known nor of a known kind: such a caller may be of either service. */
  readonly isUndecided: boolean;
}

/** What a path names. */
export interface Target {
  /** "generateContent", "listModels", "token", …; null when the path names nothing. */
  readonly rpc: string | null;
  readonly version: string | null;
  /** Without `models/`; null when the path names none. */
  readonly model: string | null;
  /** Without `files/`; null when the path names none. */
  readonly file: string | null;
  readonly project: string | null;
  readonly location: string | null;
  /** Id of a long-running operation or of a file; null when the path names none. */
  readonly resource: string | null;
}

const nothing: Target = {
  rpc: null,
  version: null,
  model: null,
  file: null,
  project: null,
  location: null,
  resource: null,
};

/** Reads a path. Only shapes that the real service knows get an `rpc`. */
export function readTarget(service: Service, httpMethod: string, encodedPath: string): Target {
  const path = decodePath(encodedPath);
  switch (service) {
    case "generativelanguage":
      return fileTarget(httpMethod, path) ?? interactionTarget(httpMethod, path) ?? geminiTarget(httpMethod, path);
    case "cliproxyapi":
      return geminiTarget(httpMethod, path);
    case "aiplatform":
      return vertexTarget(httpMethod, path);
    case "cloudcode-pa": {
      const rpc = /^\/v1internal:([A-Za-z]+)$/.exec(path)?.[1];
      if (rpc !== undefined && httpMethod === "POST") return { ...nothing, version: "v1internal", rpc };
      return /^\/v1internal\/operations\/[^/]+$/.test(path) && httpMethod === "GET"
        ? { ...nothing, rpc: "getOperation" }
        : nothing;
    }
    case "oauth2":
    case "sts":
      return httpMethod === "POST" ? { ...nothing, rpc: "token" } : nothing;
    case "iamcredentials":
      return httpMethod === "POST" && path.endsWith(":generateAccessToken")
        ? { ...nothing, rpc: "generateAccessToken" }
        : nothing;
    case "metadata":
      return httpMethod === "GET" ? { ...nothing, rpc: "metadata" } : nothing;
    case "emulator":
      return nothing;
  }
  return unreachable(service);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Null when the path is not about files. */
function fileTarget(httpMethod: string, path: string): Target | null {
  const found = /^(\/upload)?\/(v1|v1beta|v1alpha)\/files(?:\/([^/:]+))?$/.exec(path);
  if (found === null) return null;
  const [, upload, version = null, file = null] = found;
  const target = { ...nothing, version, file };
  if (upload !== undefined) return httpMethod === "POST" && file === null ? { ...target, rpc: "uploadFile" } : target;
  if (httpMethod === "GET") return { ...target, rpc: file === null ? "listFiles" : "getFile" };
  return httpMethod === "DELETE" && file !== null ? { ...target, rpc: "deleteFile" } : target;
}

/** Null when the path is not about interactions. */
function interactionTarget(httpMethod: string, path: string): Target | null {
  const found = /^\/(v1|v1beta|v1alpha)\/interactions(?:\/([^/]+)(\/cancel)?)?$/.exec(path);
  if (found === null) return null;
  const [, version = null, resource = null, cancel] = found;
  const target = { ...nothing, version, resource };
  if (cancel !== undefined) return httpMethod === "POST" ? { ...target, rpc: "cancelInteraction" } : target;
  if (resource === null) return httpMethod === "POST" ? { ...target, rpc: "createInteraction" } : target;
  if (httpMethod === "GET") return { ...target, rpc: "getInteraction" };
  return httpMethod === "DELETE" ? { ...target, rpc: "deleteInteraction" } : target;
}

function geminiTarget(httpMethod: string, path: string): Target {
  const operation = /^\/(v1|v1beta|v1alpha)\/models\/([^/:]+)\/operations\/([^/:]+)$/.exec(path);
  if (operation !== null && httpMethod === "GET") {
    const [, version = null, model = null, resource = null] = operation;
    return { ...nothing, version, model, resource, rpc: "getOperation" };
  }
  const file = /^(?:\/download)?\/(v1|v1beta|v1alpha)\/files\/([^/:]+):download$/.exec(path);
  if (file !== null && httpMethod === "GET") {
    const [, version = null, resource = null] = file;
    return { ...nothing, version, resource, rpc: "downloadFile" };
  }
  const found = /^\/(v1|v1beta|v1alpha)\/models(?:\/([^:]+?))?(?::([A-Za-z]+))?\/?$/.exec(path);
  if (found === null) return nothing;
  const [, version = null, model = null, method] = found;
  const target = { ...nothing, version, model };
  if (method !== undefined) return httpMethod === "POST" && model !== null ? { ...target, rpc: method } : target;
  if (httpMethod !== "GET") return target;
  return { ...target, rpc: model === null ? "listModels" : "getModel" };
}

function vertexTarget(httpMethod: string, path: string): Target {
  const found =
    /^\/(v1|v1beta1)\/(?:projects\/([^/]+)\/locations\/([^/]+)\/)?publishers\/google\/models(?:\/([^/:]+))?(?::([A-Za-z]+))?$/.exec(
      path,
    );
  if (found === null) return nothing;
  const [, version = null, project = null, location = null, model = null, method] = found;
  const target = { ...nothing, version, project, location, model };
  if (method !== undefined) return httpMethod === "POST" && model !== null ? { ...target, rpc: method } : target;
  if (httpMethod !== "GET") return target;
  return { ...target, rpc: model === null ? "listModels" : "getModel" };
}

/** The body as JSON; undefined when it is none. An empty body counts as an empty object, as at Google's. */
export function parseBody(body: Buffer): Json | undefined {
  if (body.length === 0) return {};
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** The model that a call is about: of the path, or of Code Assist's envelope. */
export function modelOf(target: Target, document: Json | undefined): string | null {
  if (target.model !== null) return target.model;
  return isJsonObject(document) ? textAt(document, "model") : null;
}
