// `generate_video`: a clip from a prompt, from frames, or going on with another clip. The place, the price, the person's word
// where it is needed, then the clip as a link.

import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import type { ClipEvent, ClipOutcome, ClipRequest } from "../../core/clip.ts";
import { problemsError } from "../../core/tool-error.ts";
import { failureWords, reportForAgents } from "../agent-words.ts";
import { type Answer, answerWith } from "../answer.ts";
import type { Call } from "../call.ts";
import { allowedFolders } from "../policy/allowed-folders.ts";
import { confirmPrice, pricedClip } from "../policy/confirmation.ts";
import { placeOutput } from "../policy/place-output.ts";
import { type CallState, isQuestion, type Question } from "../question.ts";
import { defineTool } from "../tool.ts";
import { clipSchema } from "./output-schemas.ts";
import { idempotencyArgument, outputArgument, pictureArguments } from "./request-arguments.ts";

const path = z.string().min(1).max(4_096).optional();

const REHEARSAL_WORDS = "REHEARSAL: made by the built-in emulator. No real clip was made and nothing was paid.";

export const generateVideo = defineTool({
  name: "generate_video",
  title: "Generate video",
  description:
    "Makes a short clip (Veo on Vertex AI, Omni on the Gemini API) and saves it as MP4. Costs dollars, many times a picture. Takes up to 6 minutes; the same call again gives the same clip and buys nothing.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    prompt: pictureArguments.prompt,
    model: pictureArguments.model.describe("id; default the best"),
    firstFrame: path.describe("picture file inside the project"),
    lastFrame: path.describe("with firstFrame or extendVideo"),
    references: z
      .array(z.string().min(1).max(4_096))
      .max(6)
      .optional()
      .describe("files of what is to appear; Veo 3, Omni 6"),
    extendVideo: path.describe("MP4 file of 1 to 30 s; 7 s are added"),
    durationSeconds: z.int().min(1).max(60).optional().describe("Veo 4, 6, 8; Omni 3 to 15; default 8"),
    resolution: z.enum(["360p", "720p", "1080p", "4k"]).optional(),
    aspectRatio: z.enum(["16:9", "9:16"]).optional(),
    audio: z.boolean().optional(),
    negativePrompt: pictureArguments.prompt.optional(),
    seed: pictureArguments.seed,
    maxCostUsd: pictureArguments.maxCostUsd.describe("refuse if the clip costs more"),
    output: outputArgument.describe(".mp4 file or folder ending with /, inside the project; default generated_videos/"),
    idempotencyKey: idempotencyArgument,
  }),
  output: clipSchema,
  run: async ({ output, maxCostUsd, ...given }, call) => {
    const limits = [maxCostUsd, call.desk.policy.maxCostUsd].filter((limit) => typeof limit === "number");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is left is what the type says
    const asked = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as unknown as ClipRequest;
    const request = limits.length === 0 ? asked : { ...asked, maxCostUsd: Math.min(...limits) };
    return await makeClip(request, output, call);
  },
});

/** @throws ToolError for everything that is refused before the library sends. */
async function makeClip(wish: ClipRequest, output: string | undefined, call: Call): Promise<Answer | Question> {
  const { desk } = call;
  const folders = allowedFolders(call);
  if (isQuestion(folders)) return folders;
  const state: CallState = { ...call.state, roots: folders };
  const { closedFolders } = desk.policy;
  const place = placeOutput({ output, folders, closedFolders, defaultFolder: "generated_videos" });
  if (place.problem !== null) throw problemsError([place.problem]);
  const library = await desk.videoLibrary(folders);
  try {
    const request = { ...wish, output: place.output };
    // A name that is taken may be this very request's own clip: the library tells the two apart.
    const plan = await library.plan({ ...request, output: place.output.replace(/[^/\\]*$/, "") });
    const question = confirmPrice(pricedClip(plan), state, call);
    if (question !== null) return question;
    const outcome = await call.session.turns.take(
      async () =>
        await library.generate(request, {
          stopStarting: call.signal,
          signal: desk.abandonment,
          onProgress: (event) => call.tell(describeEvent(event)),
          deliver: () => Promise.resolve(!call.signal.aborted),
        }),
      call.signal,
    );
    return answerOutcome(outcome);
  } finally {
    library.close();
  }
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
function describeEvent(event: ClipEvent): string {
  switch (event.type) {
    case "planned":
      return `planned, ${event.plan.route.model}`;
    case "uploading":
      return `uploading the clip, ${Math.round(event.bytes / 1024)} of ${Math.round(event.totalBytes / 1024)} kB`;
    case "begun":
      return "begun; it usually takes from 11 seconds to 6 minutes";
    case "working":
      return `still at work after ${Math.round(event.elapsedMs / 1000)} s`;
    case "receiving":
      return `${Math.round(event.bytes / 1024)} kB so far`;
    case "waiting":
      return `waiting ${Math.ceil(event.waitMs / 1000)} s: ${event.reason}`;
    case "sending":
    case "published":
    case "failed":
      return event.type;
  }
}

function answerOutcome(outcome: ClipOutcome): Answer {
  const words = outcome.rehearsal ? [REHEARSAL_WORDS] : [];
  if (outcome.status === "error") {
    const error = reportForAgents(outcome.error);
    return answerWith({ ...outcome, error }, { isError: true, words: [...words, failureWords(error)] });
  }
  return answerWith(
    { ...outcome },
    {
      words,
      attachments: outcome.videos.flatMap(({ path: file, mimeType, bytes }) =>
        file === null
          ? []
          : [
              {
                type: "resource_link" as const,
                uri: pathToFileURL(file).href,
                name: basename(file),
                mimeType,
                ...(bytes === null ? {} : { size: bytes }),
              },
            ],
      ),
    },
  );
}
