// The library for clips, opened with the settings of this command line, here or in a process of its own.

import { ulid } from "ulid";
import type { ClipOutcome, ClipRequest } from "../../core/clip.ts";
import type { ClipContext, VideoGen } from "../../generate/clip/create-video-gen.ts";
import type { ImageGenOptions } from "../../generate/options.ts";
import { createDetachedVideoGen } from "../../sender/detached-image-gen.ts";
import { startRehearsal } from "../../sender/start-rehearsal.ts";
import type { Context } from "../context.ts";
import { baseOptions } from "./engine.ts";
import type { CommandInput } from "../handler.ts";

export interface VideoEngine {
  readonly videoGen: VideoGen;
  close(): Promise<void>;
}

export async function openVideoEngine(
  input: CommandInput,
  context: Context,
  more: Partial<ImageGenOptions> = {},
): Promise<VideoEngine> {
  const emulator = input.invocation.switches.has("rehearse") ? await startRehearsal() : null;
  const { createVideoGen } = await import("../../generate/index.ts");
  const videoGen = createVideoGen({
    ...clipOptions(input, context),
    ...more,
    ...(emulator ? { rehearsal: emulator } : {}),
  });
  return {
    videoGen,
    close: async () => {
      videoGen.close();
      await emulator?.close();
    },
  };
}

/** What makes a clip; it may be another process. */
export interface ClipMaking {
  generate(request: ClipRequest, context?: ClipContext): Promise<ClipOutcome>;
}

/** The library at work in a process of its own; `null` where there is none to start. */
export function openDetachedVideo(
  input: CommandInput,
  context: Context,
  more: Partial<ImageGenOptions> = {},
): ClipMaking | null {
  const { startSender, clock } = context;
  if (!startSender || input.invocation.switches.has("foreground")) return null;
  const rehearse = input.invocation.switches.has("rehearse");
  const options = { ...clipOptions(input, context), run: ulid(clock.now()), ...more };
  return createDetachedVideoGen({ options, rehearse, clock, start: startSender });
}

/** For agents: plans here, makes in a process of its own, reads files of these folders alone and downloads nothing. */
export async function openAgentsVideo(
  input: CommandInput,
  context: Context,
  { folders, run }: { readonly folders: readonly string[]; readonly run: string },
): Promise<ClipMaking & Pick<VideoGen, "plan" | "close">> {
  const [first = context.workingDirectory] = folders;
  const more = { references: { files: folders, urls: "none" }, workingDirectory: first, run } as const;
  const here = await openVideoEngine(input, context, more);
  const making = openDetachedVideo(input, context, more) ?? here.videoGen;
  return {
    generate: async (request, clipContext) => await making.generate(request, clipContext),
    plan: async (request) => await here.videoGen.plan(request),
    close: () => void here.close(),
  };
}

/** The proxy makes no clips, and the time for a picture is none for a clip: where they only are defaults, clips have others. */
function clipOptions(input: CommandInput, context: Context): ImageGenOptions {
  const { timeoutMs, auth, ...options } = baseOptions(input, context);
  const { origins } = input.settings;
  return {
    ...options,
    auth: origins.auth.kind === "default" ? "adc" : auth,
    ...(origins.timeoutMs.kind === "default" || timeoutMs === undefined ? {} : { timeoutMs }),
  };
}
