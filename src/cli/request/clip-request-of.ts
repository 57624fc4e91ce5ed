// The request for a clip as the library wants it, from operands, switches and settings. Only what was given.

import type { ClipRequest } from "../../core/clip.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { CommandInput } from "../handler.ts";
import { misspeltForClip } from "../command-line/misspelt-command.ts";

export interface GivenClip {
  readonly request: ClipRequest;
  readonly problems: readonly Problem[];
}

export function clipRequestOf(prompt: string, { invocation, settings }: CommandInput): GivenClip {
  const { switches, lists, operands } = invocation;
  const { values, origins } = settings;
  const problems: Problem[] = [];
  const text = (name: string): string | undefined => {
    const given = switches.get(name);
    return typeof given === "string" ? given : undefined;
  };
  const references = lists.get("reference") ?? [];
  const swallowed = operands.length === 0 ? references.at(-1) : undefined;
  if (swallowed !== undefined) {
    problems.push({
      code: "prompt-empty",
      field: "prompt",
      message: `There is no prompt: --reference takes all words that follow, ${JSON.stringify(swallowed.slice(0, 80))} too. Put the prompt before it, or after --.`,
    });
  }
  const misspelt = misspeltForClip(operands);
  if (misspelt) problems.push(misspelt);
  const audio = switches.get("audio");
  const duration = durationOf(text("duration"), problems);
  const given = {
    firstFrame: text("image"),
    lastFrame: text("last-frame"),
    references: references.length > 0 ? references : undefined,
    extendVideo: text("extend-video"),
    durationSeconds: duration,
    resolution: text("resolution"),
    aspectRatio: values.aspectRatio ?? undefined,
    audio: typeof audio === "boolean" ? audio : undefined,
    negativePrompt: text("negative-prompt"),
    seed: values.seed ?? undefined,
    personGeneration: values.personGeneration ?? undefined,
    storageUri: text("storage-uri"),
    // The usual model of the settings draws pictures.
    model: origins.model.kind === "flag" ? (values.model ?? undefined) : undefined,
    allowRetired: values.allowRetired ?? undefined,
    output: values.output ?? undefined,
    maxCostUsd: values.maxCostUsd ?? undefined,
    budgetUsd: values.budget === null ? undefined : values.budget / 1_000_000,
    idempotencyKey: values.idempotencyKey ?? undefined,
    buyAgain: switches.has("new") ? true : undefined,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is left is what the type says
  const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Omit<
    ClipRequest,
    "prompt"
  >;
  return { request: { prompt, ...wanted }, problems };
}

function durationOf(given: string | undefined, problems: Problem[]): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(/^\s*(\d{1,4})\s*s?\s*$/i.exec(given)?.[1]);
  if (Number.isFinite(seconds)) return seconds;
  problems.push({
    code: "value-not-allowed",
    field: "--duration",
    message: "The duration is a whole number of seconds.",
    given,
    allowed: ["4", "6", "8"],
  });
  return undefined;
}
