// From a whole clip in the spool to a file with its name. It stays in the spool as well, until the result is recorded.

import { existsSync } from "node:fs";
import type { ClipPlan, ClipReport } from "../../core/clip.ts";
import { ToolError } from "../../core/tool-error.ts";
import { type CheckedClip, checkClip } from "../../outputs/clip/check-clip.ts";
import { pictureNames } from "../../outputs/naming.ts";
import { createFolder } from "../../outputs/preflight.ts";
import { publishFile } from "../../outputs/publish.ts";

/** Of the length: headers round, and a model may add a frame. */
const SLACK_SECONDS = 0.5;

/** What a clip that lies on this disk is like, beside what was asked for. */
export function describeClip(plan: ClipPlan, path: string, { bytes, sha256, header }: CheckedClip): ClipReport {
  const { expected } = plan;
  return {
    path,
    uri: null,
    mimeType: "video/mp4",
    seconds: header?.seconds ?? null,
    width: header?.width ?? null,
    height: header?.height ?? null,
    codec: header?.codec ?? null,
    hasAudio: header?.hasAudio ?? null,
    bytes,
    sha256,
    matchesRequest:
      header !== null &&
      header.width === expected.width &&
      header.height === expected.height &&
      (expected.seconds === null || Math.abs(header.seconds - expected.seconds) <= SLACK_SECONDS),
  };
}

/** A clip that the provider has left in the caller's bucket. */
export function describeStored(uri: string): ClipReport {
  return {
    path: null,
    uri,
    mimeType: "video/mp4",
    seconds: null,
    width: null,
    height: null,
    codec: null,
    hasAudio: null,
    bytes: null,
    sha256: null,
    matchesRequest: true,
  };
}

export interface ClipPublishing {
  readonly plan: ClipPlan;
  /** After a crash: a file that is there already may be this very clip, and the folder may be gone. */
  readonly isRecovery: boolean;
}

/**
 * @throws ToolError `not-published` with `savedAt` when the clip cannot have its name.
 */
export async function publishClip({ plan, isRecovery }: ClipPublishing, clip: CheckedClip): Promise<ClipReport> {
  const { output } = plan;
  // The name always has its extension, so the format of a picture is not looked at.
  const names = (isTaken: (path: string) => boolean): Iterable<string> => pictureNames(output, 0, "png", isTaken);
  try {
    if (isRecovery) {
      createFolder(output.directory);
      const there = await findSame(
        clip,
        names(() => false),
      );
      if (there !== null) return describeClip(plan, there, clip);
    }
    const path = publishFile(clip.path, names(existsSync));
    if (path === null) throw new Error("something else took the name meanwhile");
    return describeClip(plan, path, clip);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ToolError("not-published", {
      message: `The clip is complete but could not be put into ${output.directory}: ${why}.`,
      savedAt: clip.path,
    });
  }
}

/** The first of the taken names that holds the very same clip. */
async function findSame(clip: CheckedClip, names: Iterable<string>): Promise<string | null> {
  for (const name of names) {
    if (!existsSync(name)) return null;
    const there = await checkClip(name).catch(() => null);
    if (there?.sha256 === clip.sha256) return name;
  }
  return null;
}
