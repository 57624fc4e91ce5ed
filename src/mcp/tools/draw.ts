// Drawing for an agent: the place, the price, the person's word where it is needed, then the pictures as links and thumbnails.

import { basename, dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { ContentBlock } from "@modelcontextprotocol/server";
import type { ImageReport, Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import type { ProgressEvent } from "../../core/progress.ts";
import type { GenerateRequest } from "../../core/request.ts";
import { isToolError, type Problem, problemsError } from "../../core/tool-error.ts";
import type { ImageGen } from "../../generate/create-image-gen.ts";
import { failureWords, reportForAgents } from "../agent-words.ts";
import { type Answer, answerWith, quoteForeign, REHEARSAL_WORDS } from "../answer.ts";
import type { Call } from "../call.ts";
import { allowedFolders } from "../policy/allowed-folders.ts";
import { confirmPrice, pricedPictures } from "../policy/confirmation.ts";
import { placeReferences, referencePolicy } from "../policy/place-references.ts";
import { placeOutput } from "../policy/place-output.ts";
import { type CallState, isQuestion, type Question } from "../question.ts";
import { type Shrink, thumbnailsOf } from "../thumbnail.ts";

export interface DrawWish {
  /** Without the place and the references. */
  readonly request: GenerateRequest;
  /** Reference pictures as the agent gave them. */
  readonly references: readonly string[];
  /** As the agent gave it. */
  readonly output: string | undefined;
  readonly thumbnail: boolean;
}

/** @throws ToolError for everything that is refused before the library draws. */
export async function draw(wish: DrawWish, call: Call): Promise<Answer | Question> {
  const { desk } = call;
  const folders = allowedFolders(call);
  if (isQuestion(folders)) return folders;
  const state: CallState = { ...call.state, roots: folders };
  const library = await desk.library(referencePolicy(folders, desk.policy.urlHosts));
  const place = placeFor(wish, folders, call);
  const { references, problems } = placeReferences(wish.references, folders);
  const request: GenerateRequest = {
    ...wish.request,
    ...(place.output === undefined ? {} : { output: place.output }),
    ...(references.length === 0 || problems.length > 0 ? {} : { references }),
  };
  const refused = [...(place.problem === null ? [] : [place.problem]), ...problems];
  const plan = await planAll(async () => await planUnlessTaken(library, request), refused);
  const question = confirmPrice(pricedPictures(plan), state, call);
  if (question !== null) return question;
  const outcome = await call.session.turns.take(async () => {
    call.tell("sending the request");
    return await library.generate(request, {
      // Cancelled: nothing further is bought; what is on its way is paid for, so it is finished and recorded.
      stopStarting: call.signal,
      signal: desk.abandonment,
      onProgress: (event) => call.tell(describeEvent(event)),
      // A client that gave up has seen nothing: whoever makes the same call again gets this result, not another bill.
      deliver: () => Promise.resolve(!call.signal.aborted),
    });
  }, call.signal);
  return await answerOutcome(outcome, wish.thumbnail ? desk.shrink : null);
}

/** The person's own default place is not an agent's choice. */
function placeFor(
  { request, output }: DrawWish,
  folders: readonly string[],
  { desk }: Call,
): { readonly output: string | undefined; readonly problem: Problem | null } {
  if (output === undefined && request.output !== undefined) return { output: request.output, problem: null };
  return placeOutput({ output, folders, closedFolders: desk.policy.closedFolders });
}

/**
 * A name that is taken is no mistake yet: it may be this very request's own picture, bought before and never delivered. The
 * library tells the two apart.
 */
async function planUnlessTaken(library: Pick<ImageGen, "plan">, request: GenerateRequest): Promise<Plan> {
  try {
    return await library.plan(request);
  } catch (error) {
    const problems = isToolError(error) ? (error.details.problems ?? []) : [];
    const { output } = request;
    if (output === undefined || problems.length === 0) throw error;
    if (problems.some(({ code }) => code !== "target-exists")) throw error;
    return await library.plan({ ...request, output: join(dirname(output), sep) });
  }
}

/** The plan, or everything that is wrong, what is refused by policy included. */
async function planAll(planIt: () => Promise<Plan>, [first, ...rest]: readonly Problem[]): Promise<Plan> {
  if (!first) return await planIt();
  try {
    await planIt();
  } catch (error) {
    if (!isToolError(error) || error.details.problems === undefined) throw error;
    throw problemsError([first, ...rest, ...error.details.problems]);
  }
  throw problemsError([first, ...rest]);
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
function describeEvent(event: ProgressEvent): string {
  const picture = "image" in event ? `picture ${event.image + 1}: ` : "";
  switch (event.type) {
    case "planned":
      return `planned, ${event.plan.route.model}`;
    case "uploading":
      return `${picture}uploading reference pictures, ${Math.round(event.bytes / 1024)} of ${Math.round(event.totalBytes / 1024)} kB`;
    case "sending":
      return `${picture}sent, waiting for the model`;
    case "answering":
      return `${picture}the answer is arriving`;
    case "receiving":
      return `${picture}${Math.round(event.bytes / 1024)} kB so far`;
    case "waiting":
      return `${picture}waiting ${Math.ceil(event.waitMs / 1000)} s before another attempt`;
    case "published":
      return `${picture}saved`;
    case "stored":
      return `${picture}left in the bucket`;
    case "failed":
      return `${picture}failed`;
  }
}

async function answerOutcome(outcome: Outcome, shrink: Shrink | null): Promise<Answer> {
  const words = outcome.rehearsal ? [REHEARSAL_WORDS] : [];
  if (outcome.text) words.push(quoteForeign("The image model", outcome.text));
  if (outcome.status === "error") {
    const error = reportForAgents(outcome.error);
    return answerWith({ ...outcome, error }, { isError: true, words: [...words, failureWords(error)] });
  }
  const { images } = outcome;
  const errors = outcome.errors?.map(reportForAgents);
  return answerWith(
    { ...outcome, ...(errors ? { errors } : {}) },
    {
      words: [...words, ...(errors ?? []).map(failureWords)],
      attachments: [
        ...images.map(linkTo),
        ...(shrink
          ? await thumbnailsOf(
              images.map(({ path }) => path),
              shrink,
            )
          : []),
      ],
    },
  );
}

function linkTo({ path, mimeType, bytes, width, height }: ImageReport): ContentBlock {
  return {
    type: "resource_link",
    uri: pathToFileURL(path).href,
    name: basename(path),
    description: `${width} × ${height}`,
    mimeType,
    size: bytes,
  };
}
