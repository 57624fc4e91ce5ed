// The arguments that describe a picture: names of the JSON request (design §4), bounded. What a model takes of them is the
// plan's rule, which says all at once what does not fit.

import * as z from "zod";
import type { GenerateRequest } from "../../core/request.ts";
import { personGenerations, thinkingLevels, tiers } from "../../core/request.ts";

const LONGEST_PROMPT = 100_000;
const LONGEST_PATH = 4_096;
const LONGEST_NAME = 200;
/** One call buys each of them. */
const MOST_PICTURES = 10;
const MOST_DOLLARS = 10_000;

const name = z.string().min(1).max(LONGEST_NAME);

export const pictureArguments = {
  prompt: z.string().min(1).max(LONGEST_PROMPT),
  model: name.optional().describe("id or alias; default gives the best (list_models)"),
  aspectRatio: name.optional().describe('such as "16:9"'),
  size: name.optional().describe('"512", "1K" (default), "2K", "4K"'),
  count: z.int().min(1).max(MOST_PICTURES).optional().describe("pictures, each one paid; default 1"),
  tier: z.enum(tiers).optional().describe("flex: half the price, slower"),
  seed: z.int().min(0).max(2_147_483_647).optional(),
  temperature: z.number().min(0).max(2).optional(),
  thinking: z.enum(thinkingLevels).optional(),
  search: z.boolean().optional().describe("let the model use Google Search; billed per query"),
  system: z.string().min(1).max(LONGEST_PROMPT).optional(),
  personGeneration: z.enum(personGenerations).optional(),
  transparent: z.boolean().optional().describe("take the background out"),
  session: name.optional().describe("continue a conversation about a picture, or begin one, by a name you choose"),
  maxCostUsd: z
    .number()
    .min(0)
    .max(MOST_DOLLARS)
    .optional()
    .describe("refuse if one picture costs more; only lowers your person's own limit"),
};

export const outputArgument = z
  .string()
  .min(1)
  .max(LONGEST_PATH)
  .optional()
  .describe("file (.png .jpg .webp) or folder ending with /, inside the project; default generated_images/");

const MOST_REFERENCES = 20;

export const referencesArgument = z.array(z.string().min(1).max(LONGEST_PATH)).max(MOST_REFERENCES);

export const idempotencyArgument = z
  .string()
  .min(1)
  .max(LONGEST_NAME)
  .optional()
  .describe("the same key never buys twice; a repeat gives the first result");

type PictureArguments = z.output<z.ZodObject<typeof pictureArguments>>;

/** The request: the person's defaults, then what the agent asked for; of two price limits the lower one. */
export function requestFrom(
  given: PictureArguments,
  defaults: Omit<GenerateRequest, "prompt">,
  personsLimitUsd: number | null,
): GenerateRequest {
  const { maxCostUsd, ...asked } = definedOnly(given);
  const limits = [maxCostUsd, personsLimitUsd].filter((limit) => typeof limit === "number");
  return { ...defaults, ...asked, ...(limits.length === 0 ? {} : { maxCostUsd: Math.min(...limits) }) };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function definedOnly(given: PictureArguments): Defined<PictureArguments> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is left is what the type says
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Defined<PictureArguments>;
}
