// Where clips go and what they are called.

import { basename, dirname, extname, join, resolve } from "node:path";
import type { OutputTarget } from "../../core/plan.ts";
import type { Problem } from "../../core/tool-error.ts";
import { checkName, timestamp } from "../naming.ts";

const CLIP_EXTENSION = ".mp4";
const DEFAULT_FOLDER = "generated_videos";

export interface ClipOutputWish {
  /** What the caller said: a file, a folder, or nothing. */
  readonly output: string | undefined;
  /** Absolute. */
  readonly workingDirectory: string;
  readonly nowMs: number;
  readonly isFolder: (path: string) => boolean;
  readonly isWindows: boolean;
}

/** The target, and what is wrong with the wish. */
export function planClipOutput(wish: ClipOutputWish): {
  readonly target: OutputTarget;
  readonly problems: readonly Problem[];
} {
  const { output, workingDirectory } = wish;
  const stem = `video_${timestamp(wish.nowMs)}`;
  const folder = (directory: string): OutputTarget => ({
    directory,
    stem,
    format: null,
    extension: CLIP_EXTENSION,
    numbered: true,
  });
  if (output === undefined) return { target: folder(join(workingDirectory, DEFAULT_FOLDER)), problems: [] };
  const problems = checkName(output, wish);
  const path = resolve(workingDirectory, output);
  const extension = extname(output);
  if (/[/\\]$/.test(output) || extension === "" || wish.isFolder(path)) return { target: folder(path), problems };
  if (extension.toLowerCase() !== CLIP_EXTENSION) {
    problems.push({
      code: "value-not-allowed",
      field: "--output",
      message: `Clips are not written as ${extension}; a folder's name needs a / at its end.`,
      given: output,
      allowed: [CLIP_EXTENSION],
      suggestion: output.slice(0, -extension.length) + CLIP_EXTENSION,
    });
  }
  return {
    target: {
      directory: dirname(path),
      stem: basename(path, extension),
      format: null,
      extension,
      numbered: false,
    },
    problems,
  };
}

/** Name of a whole clip that waits in the spool. */
export function spooledClipName(operation: string): string {
  return `${operation}-0${CLIP_EXTENSION}`;
}
