// Reference pictures and documents against what the model and the endpoint take: how many, how large, in tokens and in bytes.
// That each of them is sound was src/references' business.

import type { InputPart } from "../../core/input-part.ts";
import type { DocumentReport, PlannedUploads, ReferenceReport } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Endpoint } from "../../google/endpoints/endpoint.ts";
import type { Model } from "../../google/models/model.ts";
import { type PastSize, planSize, textBytes } from "./plan-size.ts";

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
  /** What goes along of a conversation. */
  readonly past: PastSize;
}

/** Below that only the provider can tell: no tokenizer of Google's makes fewer tokens of running text. */
const BYTES_PER_TOKEN = 8;

/** Mistakes go to `problems`. Returns what is to be uploaded, or `null`. */
export function checkInputs(inputs: PlannedInputs, room: InputRoom, problems: Problem[]): PlannedUploads | null {
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
  checkLinks(parts, endpoint, problems);
  checkTokens(inputs, model, problems);
  return planSize({ ...room, parts }, problems);
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
