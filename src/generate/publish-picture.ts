// From a checked part file to a published picture: converted when its name asks for it, put in place, compared with the request.

import { existsSync, rmSync, statSync } from "node:fs";
import type { ImageReport } from "../core/outcome.ts";
import { isToolError, ToolError } from "../core/tool-error.ts";
import { findMismatch } from "../outputs/compare.ts";
import { convertPart } from "../outputs/convert.ts";
import type { PictureFormat } from "../core/plan.ts";
import { pictureNames } from "../outputs/naming.ts";
import { convertedName, type FinishedPart } from "../outputs/part-file.ts";
import { createFolder } from "../outputs/preflight.ts";
import { publishFile } from "../outputs/publish.ts";
import { readPart } from "../outputs/read-part.ts";
import type { Run } from "./run.ts";

export interface Published {
  readonly report: ImageReport;
  readonly warnings: readonly string[];
}

/** What publishing needs of a run: recovery has no more than that. */
export type Publishing = Pick<Run, "plan" | "spoolDirectory" | "clean"> & {
  /** After a crash: a file that is there already may be this very picture, and the folder may be gone. */
  readonly isRecovery?: boolean;
};

/**
 * Publishes a picture from the spool. It stays there as well: the caller removes it when the result is recorded.
 *
 * @throws ToolError `not-published` with `savedAt` when the picture cannot have its name.
 */
export async function publishPicture(run: Publishing, index: number, received: FinishedPart): Promise<Published> {
  try {
    const { part, notes } = await inWantedFormat(run, index, received);
    const { format, width, height } = part.finding;
    if (format === null) throw new Error("A picture of an unknown format was let through.");
    let path: string | null;
    try {
      path = place(run, index, part, format);
    } finally {
      // What was made of the received picture can be made again.
      if (part !== received) rmSync(part.path, { force: true });
    }
    if (path === null) throw new Error("something else took the name meanwhile");
    const mismatch = findMismatch({ width, height }, run.plan.expected);
    return {
      report: {
        path,
        mimeType: `image/${format}`,
        width,
        height,
        bytes: part.bytes,
        sha256: part.sha256,
        matchesRequest: mismatch === null,
      },
      warnings: mismatch === null ? notes : [...notes, mismatch],
    };
  } catch (error) {
    const savedAt = received.path;
    if (isToolError(error)) throw new ToolError(error.code, { ...error.details, message: error.message, savedAt });
    const why = error instanceof Error ? error.message : String(error);
    throw new ToolError("not-published", {
      message: `The picture is complete but could not be put into ${run.plan.output.directory}: ${run.clean(why)}.`,
      savedAt,
    });
  }
}

function place(run: Publishing, index: number, part: FinishedPart, format: PictureFormat): string | null {
  const { output } = run.plan;
  if (run.isRecovery === true) {
    createFolder(output.directory);
    const there = findSame(
      part,
      pictureNames(output, index, format, () => false),
    );
    if (there !== null) return there;
  }
  return publishFile(part.path, pictureNames(output, index, format, existsSync));
}

/** The first of the taken names that holds the very same picture. */
function findSame(part: FinishedPart, names: Iterable<string>): string | null {
  for (const name of names) {
    const there = statSync(name, { throwIfNoEntry: false });
    if (there === undefined) return null;
    if (there.isFile() && there.size === part.bytes && readPart(name).sha256 === part.sha256) return name;
  }
  return null;
}

async function inWantedFormat(
  run: Publishing,
  index: number,
  received: FinishedPart,
): Promise<{ part: FinishedPart; notes: readonly string[] }> {
  const { format, quality, directory } = run.plan.output;
  // A quality is asked of the file that is written: bytes that have the format already are compressed anew for it.
  const isAsWanted = format === received.finding.format && quality === undefined;
  if (format === null || isAsWanted) return { part: received, notes: [] };
  const wish = quality === undefined ? { format } : { format, quality };
  const name = convertedName(run.plan.operation, index);
  return await convertPart(received, wish, name, { directory: run.spoolDirectory, fallbackDirectory: directory });
}
