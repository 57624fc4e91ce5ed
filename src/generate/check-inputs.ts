// Reference pictures and documents against what the model and the endpoint take: how many, how large, in tokens and in bytes.
// That each of them is sound was src/references' business.

import type { InputPart } from "../core/input-part.ts";
import type { DocumentReport, ReferenceReport } from "../core/request.ts";
import type { Problem } from "../core/tool-error.ts";
import type { Endpoint } from "../google/endpoints/endpoint.ts";
import type { Model } from "../google/models/model.ts";

export interface PlannedInputs {
  readonly references: readonly ReferenceReport[];
  readonly documents: readonly DocumentReport[];
  readonly parts: readonly InputPart[];
  /** As many as were asked for, usable or not. */
  readonly referencesAsked: number;
}

export const noInputs: PlannedInputs = { references: [], documents: [], parts: [], referencesAsked: 0 };

export interface InputRoom {
  readonly model: Model;
  readonly endpoint: Endpoint;
  readonly prompt: string;
  readonly system: string | undefined;
}

/** Field names, braces and settings of a request. */
const ENVELOPE_BYTES = 4096;
/** Below that only the provider can tell: no tokenizer of Google's makes fewer tokens of running text. */
const BYTES_PER_TOKEN = 8;

/** Mistakes go to `problems`. */
export function checkInputs(inputs: PlannedInputs, room: InputRoom, problems: Problem[]): void {
  const { model, endpoint } = room;
  const { referencesAsked, parts } = inputs;
  if (referencesAsked > model.referenceLimit) {
    const limit = model.referenceLimit;
    problems.push({
      code: "too-many-references",
      field: "--image",
      message: `${referencesAsked} reference pictures were given; ${model.id} takes ${limit === 0 ? "none" : `at most ${limit}`}.`,
      given: String(referencesAsked),
      allowed: [limit === 0 ? "none" : `up to ${limit}`],
    });
  }
  if (parts.length === 0) return;
  checkLinks(parts, endpoint, problems);
  const bytes = requestBytes(room, parts);
  const most = endpoint.inlineRequestLimitBytes;
  if (bytes > most) {
    problems.push({
      code: "input-too-large",
      field: "--image",
      message: `The request would have ${megabytes(bytes)}, pictures in base64 included; ${endpoint.label} takes at most ${megabytes(most)}.`,
      given: megabytes(bytes),
      allowed: [`at most ${megabytes(most)}`],
    });
  }
  checkTokens(inputs, model, problems);
}

/** Only Vertex AI reads Cloud Storage (google-apis facts §6). */
function checkLinks(parts: readonly InputPart[], endpoint: Endpoint, problems: Problem[]): void {
  const link = parts.find((part) => part.kind === "link");
  if (!link || endpoint.name === "aiplatform") return;
  problems.push({
    code: "option-not-offered",
    field: "--image",
    message: `${endpoint.label} does not read ${link.uri}: only Vertex AI (--endpoint aiplatform) reads Cloud Storage. Download it and give its path.`,
    given: link.uri,
  });
}

function checkTokens({ references, parts }: PlannedInputs, model: Model, problems: Problem[]): void {
  const limit = model.inputTokenLimit;
  const bytes = textBytes(parts);
  if (limit === null || bytes === 0) return;
  const pictures = references.length * model.referenceTokens;
  const left = Math.max(0, limit - pictures);
  if (bytes <= left * BYTES_PER_TOKEN) return;
  problems.push({
    code: "input-too-large",
    field: "--doc",
    message: `The documents have ${bytes} bytes; ${model.id} reads ${limit} tokens${pictures > 0 ? `, ${pictures} of them for the pictures` : ""}, which leaves at most about ${left * BYTES_PER_TOKEN} bytes.`,
  });
}

/** UTF-8 bytes of the documents. */
function textBytes(parts: readonly InputPart[]): number {
  return parts.reduce((sum, part) => sum + (part.kind === "text" ? Buffer.byteLength(part.text) : 0), 0);
}

/** At least what the body will have: letters that JSON writes longer are not counted twice. */
function requestBytes({ prompt, system }: InputRoom, parts: readonly InputPart[]): number {
  const pictures = parts.reduce(
    (sum, part) => sum + (part.kind === "picture" ? Math.ceil(part.bytes.byteLength / 3) * 4 : 0),
    0,
  );
  return ENVELOPE_BYTES + textLength(prompt) + Buffer.byteLength(system ?? "") + textBytes(parts) + pictures;
}

/** A caller without types may have given something else; that is reported as its own mistake. */
function textLength(text: unknown): number {
  return typeof text === "string" ? Buffer.byteLength(text) : 0;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
