// Clip ways: the forms in which a clip is ordered and handed out, as a person asks for them.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { runCommand, sendersEnded } from "./command.ts";
import { type Case, type Ground, openCase, sound, videoGen } from "./ground.ts";

export interface ClipWay {
  readonly name: string;
  /** Without a target. */
  readonly words: readonly string[];
}

const LITE = ["--auth", "vertex-key", "-m", "veo-3.1-lite-generate-001"];

/** Omni's interactions, which the Gemini API's own keys get. */
export const omni: ClipWay = {
  name: "Omni, within the answer",
  words: ["--auth", "api-key", "--duration", "3", "--resolution", "360p"],
};

/** $0.20 to the cent. */
export const vertex: ClipWay = { name: "Veo on Vertex AI", words: [...LITE, "--duration", "4"] };

/** Its clip is a file to download. */
const preview: ClipWay = {
  name: "Veo on the Gemini API",
  words: ["--auth", "api-key", "-m", "veo-3.1-lite-generate-preview", "--allow-retired", "--duration", "4"],
};

/** Every form; makes the clip that is extended, with the sound command, when `withExtension`. */
export async function clipWays(ground: Ground, withExtension: boolean): Promise<readonly [ClipWay, ...ClipWay[]]> {
  if (!withExtension) return [omni, preview, vertex];
  const given = await clipToExtend(ground);
  const extension: ClipWay = {
    name: "extension with a last frame",
    words: [...LITE, "--extend-video", given.clip, "--last-frame", given.frame],
  };
  return [omni, preview, vertex, omni, extension, omni, vertex, preview];
}

async function clipToExtend(ground: Ground): Promise<{ readonly clip: string; readonly frame: string }> {
  const one = openCase(ground, -1);
  // Beside the cases and in none of their folders, which their processes are known by.
  const folder = join(ground.scratch, "given");
  mkdirSync(folder, { recursive: true });
  const clip = join(folder, "given.mp4");
  const frame = join(folder, "last.png");
  const paint = { width: 320, height: 180, channels: 3, background: "teal" } as const;
  writeFileSync(frame, await sharp({ create: paint }).png().toBuffer());
  const words = ["a shore", ...vertex.words, "--new", "-o", clip];
  const { exit, stderr } = await runCommand(videoGen(sound(ground)), one, words);
  if (exit !== 0) throw new Error(`The clip to extend was not made: ${exit} ${stderr.slice(0, 300)}`);
  await sendersEnded(one);
  return { clip, frame };
}

export function clipWords(one: Case, way: ClipWay, prompt: string): string[] {
  return [prompt, ...way.words, "-o", `${one.pictures}/`];
}
