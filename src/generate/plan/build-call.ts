// From a plan to the request that goes on the wire, and its URL. Pure: the dry run shows the same value.

import type { PastContent } from "../../core/conversation.ts";
import type { HttpCall } from "../../core/http-call.ts";
import type { InputPart } from "../../core/input-part.ts";
import type { Plan } from "../../core/plan.ts";
import { endpointFor } from "../../google/endpoints/registry.ts";
import type { Catalogue } from "../../google/models/catalogue.ts";
import { bodyBytes } from "../../google/wire/body-bytes.ts";
import { wrapCodeAssist } from "../../google/wire/code-assist.ts";
import { type Content, encodeGenerateContent } from "../../google/wire/generate-content.ts";
import { encodePredict } from "../../google/wire/predict.ts";
import { type Shown, withLinks } from "../inputs/shown.ts";

/** Seeds begin again after the largest signed 32-bit integer: a larger one is refused (google-apis facts §1.2, 2026-11-22). */
const SEEDS = 2 ** 31;

/** Where and what, without credentials: safe to show. */
export interface PreparedRequest {
  readonly url: string;
  readonly body: object;
  /** The caller's turn: what is sent last. `null` where there are no turns. */
  readonly sent: Content | null;
}

export interface PictureOfPlan {
  /** Counts from 0 and moves the seed on, so that no picture is bought twice. */
  readonly index: number;
  /** `null`: the model's own limit. */
  readonly maxOutputTokens: number | null;
  /** Earlier turns of the conversation. Default: none. */
  readonly past?: readonly PastContent[];
}

/** The request for one picture of the plan. `inputs` are the documents and reference pictures that the plan describes. */
export function prepareRequest(
  plan: Plan,
  catalogue: Catalogue,
  inputs: readonly InputPart[],
  { index, maxOutputTokens, past = [] }: PictureOfPlan = { index: 0, maxOutputTokens: null },
): PreparedRequest {
  const { route, request } = plan;
  const endpoint = endpointFor(route.endpoint);
  const seed = request.seed === null ? null : (request.seed + index) % SEEDS;
  const sendsSize = request.size !== null && (catalogue.find(route.model)?.model.sendsSize ?? true);
  const { predict } = request;
  if (predict !== undefined) {
    const url = endpoint.predictUrl(route);
    if (url === null) throw new Error(`A request for predict was planned for ${route.endpoint}.`);
    const mimeType = askedMimeType(plan.output);
    return {
      url,
      sent: null,
      body: encodePredict({ request: { ...request, predict, seed }, sendsSize, mimeType, inputs }),
    };
  }
  const body = encodeGenerateContent({
    request: { ...request, seed },
    endpoint: route.endpoint,
    inputs,
    past,
    sendsSize,
    maxOutputTokens,
  });
  const sent = body.contents.at(-1);
  if (!sent) throw new Error("A request without contents was built.");
  return {
    url: endpoint.generateUrl(route),
    sent,
    body: endpoint.enveloped
      ? wrapCodeAssist({ model: route.model, project: route.projectId ?? "", body, userPromptId: plan.operation })
      : body,
  };
}

/** What is compressed anew here is asked for as PNG, so that it is compressed once. */
export function askedMimeType({ format, quality }: Plan["output"]): "image/png" | "image/jpeg" | null {
  if (format === null) return null;
  return format === "jpeg" && quality === undefined ? "image/jpeg" : "image/png";
}

/** A request that is only shown, as it will be when its pictures have been uploaded. */
export function describeUploads(shown: Shown, { request }: Plan): Shown {
  if (!request.uploads) return shown;
  return withLinks(shown, (picture) => `(uploaded first${"words" in picture ? `: ${picture.words}` : ""})`);
}

/** The inputs of a plan as words, for a request that is only shown. */
export function describeInputs({ request }: Plan): InputPart[] {
  return [
    ...request.documents.map(({ name, bytes, sha256 }): InputPart => {
      const what = sha256 === null ? "to be downloaded" : `${bytes} bytes, sha256 ${sha256}`;
      return { kind: "text", text: `(the document ${JSON.stringify(name)}: ${what})` };
    }),
    ...request.references.map(({ mimeType, width, height, sha256, uri }): InputPart => {
      if (uri !== undefined) return { kind: "link", mimeType: mimeType ?? "image/*", uri };
      const words = sha256 === null ? "(to be downloaded)" : `(${width} x ${height} pixels, sha256 ${sha256})`;
      return { kind: "shown", mimeType: mimeType ?? "image/*", words };
    }),
  ];
}

/** The same as bytes, with headers. */
export function buildCall(
  { url, body }: Pick<PreparedRequest, "url" | "body">,
  headers: Readonly<Record<string, string>>,
): HttpCall {
  return {
    method: "POST",
    url,
    headers: { accept: "application/json, text/event-stream", "content-type": "application/json", ...headers },
    body: bodyBytes(body),
  };
}
