// The image models that Google's own list names, for routes that have one. A proxy's list is generate's discoverModels.

import type { SendSmall } from "../core/http-call.ts";
import { asArray, asObject, asText, parseObject } from "../core/json-field.ts";
import type { Way } from "../generate/connect.ts";
import type { Endpoint } from "../google/endpoints/endpoint.ts";
import type { Catalogue } from "../google/models/catalogue.ts";

export interface ListRequest {
  readonly endpoint: Endpoint;
  readonly way: Way;
  readonly headers: Readonly<Record<string, string>>;
  readonly catalogue: Catalogue;
  readonly send: SendSmall;
  readonly timeoutMs: number;
}

/**
 * Ids that the catalogue knows as image models; `null` when the route has no list or does not give it: what is wrong with
 * the credential, the question after this one tells in better words. Throws what `send` throws.
 */
export async function listImageModels(request: ListRequest): Promise<readonly string[] | null> {
  const { endpoint, way, headers, catalogue, send, timeoutMs } = request;
  const url = endpoint.modelsUrl(way);
  if (url === null) return null;
  const answer = await send(
    { method: "GET", url, headers: { accept: "application/json", ...headers }, body: null },
    { timeoutMs },
  );
  const list = parseObject(answer.body);
  // The Gemini API says `models`, Vertex AI `publisherModels` (@google/genai 2.32.0, extractModels, 2026-11).
  const entries = list?.["models"] ?? list?.["publisherModels"];
  if (answer.status !== 200 || !Array.isArray(entries)) return null;
  const ids = asArray(entries).flatMap((entry) => {
    const name = asText(asObject(entry)?.["name"])?.split("/").at(-1);
    const model = name === undefined ? undefined : catalogue.find(name)?.model;
    // An alias in the list is the same model once more.
    return model?.runnable && model.id === name ? [name] : [];
  });
  return [...new Set(ids)];
}
