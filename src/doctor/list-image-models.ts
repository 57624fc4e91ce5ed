// The image models that Google's own list names, for routes that have one.

import type { SendSmall } from "../core/http-call.ts";
import type { Way } from "../generate/connect.ts";
import type { Endpoint } from "../google/endpoints/endpoint.ts";
import type { Catalogue } from "../google/models/catalogue.ts";

/** Ids that the catalogue knows as image models; `null` when the route has no list or does not give it. */
export async function listImageModels(
  endpoint: Endpoint,
  way: Way,
  headers: Readonly<Record<string, string>>,
  catalogue: Catalogue,
  send: SendSmall,
): Promise<readonly string[] | null> {
  const url = endpoint.modelsUrl(way);
  if (url === null) return null;
  const { status, body } = await send({
    method: "GET",
    url,
    headers: { accept: "application/json", ...headers },
    body: null,
  });
  // What is wrong with the credential, the question after this one tells in better words.
  if (status !== 200) return null;
  const names = [...body.matchAll(/"name"\s*:\s*"([^"]{1,200})"/g)].map(
    ([, name = ""]) => name.split("/").at(-1) ?? "",
  );
  const ids = names.filter((name) => {
    const model = catalogue.find(name)?.model;
    return model !== undefined && model.id === name && model.runnable;
  });
  return [...new Set(ids)];
}
