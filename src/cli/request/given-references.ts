// The references of a command line: --image and --doc as they were given, `-` among them read from standard input.
// Whether they can be used is the library's business, which says everything at once.

import type { GenerateRequest } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Context } from "../context.ts";
import type { Invocation } from "../command-line/invocation.ts";

export interface GivenReferences {
  readonly request: Pick<GenerateRequest, "references" | "documents">;
  readonly problems: readonly Problem[];
}

/** The largest file that is read as well. */
const STDIN_LIMIT_BYTES = 100_000_000;

export async function readGivenReferences(
  { lists, operands }: Pick<Invocation, "lists" | "operands">,
  context: Context,
): Promise<GivenReferences> {
  const images = lists.get("image") ?? [];
  const documents = lists.get("doc") ?? [];
  const problems: Problem[] = [];
  const swallowed = operands.length === 0 ? (images.at(-1) ?? documents.at(-1)) : undefined;
  if (swallowed !== undefined) problems.push(missingPrompt(swallowed, images.length > 0 ? "--image" : "--doc"));
  const isPromptFromStdin = operands.length === 1 && operands[0] === "-";
  const fromStdin = [...images, ...documents].filter((source) => source === "-").length + (isPromptFromStdin ? 1 : 0);
  const stdinField = images.includes("-") ? "--image" : "--doc";
  if (fromStdin > 1) {
    const message = "Standard input was named more than once; it can be read for one thing only.";
    problems.push({ code: "usage", field: stdinField, message, given: "-" });
  }
  if (fromStdin !== 1 || isPromptFromStdin) return { request: requestWith(images, documents), problems };
  const bytes = await context.readStdin(STDIN_LIMIT_BYTES);
  if (bytes === null) {
    const message = `${stdinField} - gives more than ${STDIN_LIMIT_BYTES / 1_000_000} MB, the most that is read.`;
    problems.push({ code: "reference-too-large", field: stdinField, message, given: "-" });
    return { request: {}, problems };
  }
  if (bytes.byteLength === 0) {
    const message = `${stdinField} - is empty: nothing came on standard input.`;
    problems.push({ code: "reference-unreadable", field: stdinField, message, given: "-" });
    return { request: requestWith(without(images), without(documents)), problems };
  }
  const filled = (sources: readonly string[]) => sources.map((source) => (source === "-" ? bytes : source));
  return { request: requestWith(filled(images), filled(documents)), problems };
}

function without(sources: readonly string[]): readonly string[] {
  return sources.filter((source) => source !== "-");
}

function requestWith(
  references: NonNullable<GenerateRequest["references"]>,
  documents: NonNullable<GenerateRequest["documents"]>,
): GivenReferences["request"] {
  return { ...(references.length > 0 ? { references } : {}), ...(documents.length > 0 ? { documents } : {}) };
}

/** The options take all words that follow. Which of them was meant as the prompt is not guessed: a wrong guess would cost money. */
function missingPrompt(last: string, field: string): Problem {
  return {
    code: "prompt-empty",
    field: "prompt",
    message: `There is no prompt: ${field} takes all words that follow, ${JSON.stringify(last.slice(0, 80))} too. Put the prompt before it, or after --.`,
    suggestion: `image-gen "the prompt" ${field} …`,
  };
}
