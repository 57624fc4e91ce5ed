// Everything of a request that is neither the model nor the picture's shape: ranges, and what model and endpoint take.

import type { PlannedRequest } from "../../core/request.ts";
import { type GenerateRequest, personGenerations, thinkingLevels, tiers } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Endpoint, EndpointSupport } from "../../google/endpoints/endpoint.ts";
import type { Model } from "../../google/models/model.ts";
import { notAllowed } from "./not-allowed.ts";

/** Most pictures that one request may ask for. */
const MOST_PICTURES = 100;
/** Seeds are signed 32-bit integers on the wire. Source: google-apis facts §1.2, 2026-11-22. */
const LARGEST_SEED = 2 ** 31 - 1;
/** No tokenizer of Google's makes fewer tokens than one for eight bytes of running text: below that only the provider can tell. */
const BYTES_PER_TOKEN = 8;

export type PlannedOptions = Omit<PlannedRequest, "aspectRatio" | "size" | "references" | "documents">;

/** Checks and completes the options. Mistakes go to `problems`; the result is only meant when there were none. */
export function chooseOptions(
  request: GenerateRequest,
  model: Model,
  endpoint: Endpoint,
  problems: Problem[],
): PlannedOptions {
  checkPrompt(request.prompt, model, problems);
  checkInteger("--count", request.count, 1, MOST_PICTURES, problems);
  checkInteger("--seed", request.seed, 0, LARGEST_SEED, problems);
  checkRange("--temperature", request.temperature, 0, 2, problems);
  checkAmount("--max-cost", request.maxCostUsd, problems);
  checkAmount("--budget", request.budgetUsd, problems);
  checkKey(request.idempotencyKey, problems);
  checkChoice("--tier", request.tier, tiers, problems);
  checkChoice("--thinking", request.thinking, thinkingLevels, problems);
  checkChoice("--person-generation", request.personGeneration, personGenerations, problems);
  checkSupport(request, endpoint, problems);
  checkModelOptions(request, model, problems);
  return {
    prompt: request.prompt,
    count: request.count ?? 1,
    tier: request.tier ?? "standard",
    seed: request.seed ?? null,
    temperature: request.temperature ?? null,
    thinking: model.ignoresThinking ? null : (request.thinking ?? null),
    search: request.search ?? false,
    system: request.system ?? null,
    personGeneration: request.personGeneration ?? null,
  };
}

function checkAmount(field: string, usd: number | undefined, problems: Problem[]): void {
  if (usd === undefined || (Number.isFinite(usd) && usd >= 0)) return;
  problems.push(notAllowed(field, usd, ["an amount in US dollars such as 0.15"]));
}

function checkKey(key: string | undefined, problems: Problem[]): void {
  // oxlint-disable-next-line no-control-regex
  if (key === undefined || /^[^\u0000-\u001f\u007f]{1,200}$/.test(key)) return;
  problems.push(notAllowed("--idempotency-key", key.slice(0, 200), ["1 to 200 printable characters"]));
}

function checkPrompt(prompt: unknown, model: Model, problems: Problem[]): void {
  if (typeof prompt !== "string" || prompt.trim() === "") {
    problems.push({ code: "prompt-empty", field: "prompt", message: "The prompt is empty." });
    return;
  }
  const bytes = new TextEncoder().encode(prompt).byteLength;
  const limit = model.inputTokenLimit;
  if (limit !== null && bytes > limit * BYTES_PER_TOKEN) {
    problems.push({
      code: "input-too-large",
      field: "prompt",
      message: `The prompt has ${bytes} bytes; ${model.id} reads ${limit} tokens, which is at most about ${limit * BYTES_PER_TOKEN} bytes.`,
    });
  }
}

function checkInteger(
  field: string,
  value: number | undefined,
  least: number,
  most: number,
  problems: Problem[],
): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  const nearest = Math.min(most, Math.max(least, Math.round(value)));
  problems.push(notAllowed(field, value, [`a whole number from ${least} to ${most}`], finite(nearest)));
}

function checkRange(field: string, value: number | undefined, least: number, most: number, problems: Problem[]): void {
  if (value === undefined || (value >= least && value <= most)) return;
  const nearest = Math.min(most, Math.max(least, value));
  problems.push(notAllowed(field, value, [`a number from ${least} to ${most}`], finite(nearest)));
}

/** A library's caller can give what is no number, and to that none is near. */
function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function checkChoice(field: string, value: string | undefined, allowed: readonly string[], problems: Problem[]): void {
  if (value === undefined || allowed.includes(value)) return;
  problems.push(notAllowed(field, value, allowed));
}

const supportedOptions: readonly {
  readonly field: string;
  readonly support: keyof EndpointSupport;
  readonly asked: (request: GenerateRequest) => boolean;
}[] = [
  { field: "--tier", support: "tier", asked: ({ tier }) => tier !== undefined && tier !== "standard" },
  {
    field: "--person-generation",
    support: "personGeneration",
    asked: (request) => request.personGeneration !== undefined,
  },
  { field: "--search", support: "search", asked: ({ search }) => search === true },
  { field: "--thinking", support: "thinking", asked: ({ thinking }) => thinking !== undefined },
  { field: "--seed", support: "seed", asked: ({ seed }) => seed !== undefined },
  { field: "--temperature", support: "temperature", asked: ({ temperature }) => temperature !== undefined },
  { field: "--system", support: "system", asked: ({ system }) => system !== undefined },
];

function checkSupport(request: GenerateRequest, endpoint: Endpoint, problems: Problem[]): void {
  for (const { field, support, asked } of supportedOptions) {
    if (asked(request) && !endpoint.supports[support]) {
      problems.push({
        code: "option-not-offered",
        field,
        message: `${endpoint.label} does not take ${field}.`,
      });
    }
  }
}

/** What the model itself takes: thinking levels, tiers, search. */
function checkModelOptions(request: GenerateRequest, model: Model, problems: Problem[]): void {
  const refuse = (field: string, given: string, allowed: readonly string[]): void => {
    problems.push({
      code: "option-not-offered",
      field,
      message:
        allowed.length === 0 ? `${model.id} does not take ${field}.` : `${model.id} does not take ${field} ${given}.`,
      given,
      ...(allowed.length === 0 ? {} : { allowed }),
    });
  };
  const { thinking, tier } = request;
  if (thinking !== undefined && thinkingLevels.includes(thinking) && !model.thinking.includes(thinking)) {
    refuse("--thinking", thinking, model.thinking);
  }
  if (tier !== undefined && tiers.includes(tier) && !model.tiers.includes(tier)) refuse("--tier", tier, model.tiers);
  if (request.search === true && !model.search) refuse("--search", "on", []);
}
