// From a checked part file to a published picture: converted when its name asks for it, put in place, compared with the request.

import { existsSync, rmSync } from "node:fs";
import type { ImageReport } from "../core/outcome.ts";
import { isToolError, ToolError } from "../core/tool-error.ts";
import { findMismatch } from "../outputs/compare.ts";
import { convertPart } from "../outputs/convert.ts";
import { keepFile } from "../outputs/keep.ts";
import { pictureNames, usualExtension } from "../outputs/naming.ts";
import type { FinishedPart } from "../outputs/part-file.ts";
import { publishFile } from "../outputs/publish.ts";
import type { Run } from "./run.ts";

export interface Published {
  readonly report: ImageReport;
  readonly warnings: readonly string[];
}

/**
 * Takes over the part file: it becomes the picture, or is kept.
 *
 * @throws ToolError `not-published` with `savedAt` when the picture cannot have its name.
 */
export async function publishPicture(run: Run, index: number, received: FinishedPart): Promise<Published> {
  let converted: FinishedPart | null = null;
  try {
    const { part, notes } = await inWantedFormat(run, index, received);
    if (part !== received) converted = part;
    const { format, width, height } = part.finding;
    if (format === null) throw new Error("A picture of an unknown format was let through.");
    const path = publishFile(part.path, pictureNames(run.plan.output, index, format, existsSync));
    if (path === null) throw new Error("something else took the name meanwhile");
    if (converted) rmSync(received.path, { force: true });
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
    // What came is kept; what was made of it can be made again.
    if (converted) rmSync(converted.path, { force: true });
    const { format } = received.finding;
    const name = `${run.plan.operation}-${index}${format === null ? "" : usualExtension[format]}`;
    const savedAt = keepFile(received.path, run.keepDirectory, name);
    if (isToolError(error)) throw new ToolError(error.code, { ...error.details, message: error.message, savedAt });
    const why = error instanceof Error ? error.message : String(error);
    throw new ToolError("not-published", {
      message: `The picture is complete but could not be put into ${run.plan.output.directory}: ${run.clean(why)}.`,
      savedAt,
    });
  }
}

async function inWantedFormat(
  run: Run,
  index: number,
  received: FinishedPart,
): Promise<{ part: FinishedPart; notes: readonly string[] }> {
  const { format, directory } = run.plan.output;
  if (format === null || format === received.finding.format) return { part: received, notes: [] };
  return await convertPart(received, format, directory, `${run.plan.operation}-${index}-converted`);
}
