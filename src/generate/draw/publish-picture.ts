// From a checked part file to a published picture: converted when its name asks for it, put in place, compared with the request.

import { existsSync, rmSync, statSync } from "node:fs";
import type { ImageReport } from "../../core/outcome.ts";
import { isToolError, ToolError } from "../../core/tool-error.ts";
import type { PictureFormat } from "../../core/plan.ts";
import { readEmbedded } from "../../outputs/embed/embed-part.ts";
import { fieldsOfRecord } from "../../outputs/embed/record-fields.ts";
import { type FinishedPicture, finishPicture } from "../../outputs/finish-picture.ts";
import { pictureNames } from "../../outputs/naming.ts";
import type { FinishedPart } from "../../outputs/part-file.ts";
import { createFolder } from "../../outputs/preflight.ts";
import { publishFile } from "../../outputs/publish.ts";
import { readPart } from "../../outputs/read-part.ts";
import { isVerdict } from "./errors.ts";
import type { Run } from "./run.ts";

export interface Published {
  readonly report: ImageReport;
  readonly warnings: readonly string[];
  /** The picture as it came is worth keeping in the spool. */
  readonly keepsReceived: boolean;
}

/** What publishing needs of a run: recovery has no more than that. */
export type Publishing = Pick<Run, "plan" | "spoolDirectory" | "clean" | "command"> & {
  /** The record of the picture, asked for when it goes inside. */
  readonly describe?: (image: ImageReport) => object;
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
    const finished = await finish(run, index, received);
    const { part, notes, keepsReceived } = finished;
    const { format } = part.finding;
    if (format === null) throw new Error("A picture of an unknown format was let through.");
    let path: string | null;
    try {
      path = place(run, index, { part, received }, format);
    } finally {
      // What was made of the received picture can be made again.
      if (part !== received) rmSync(part.path, { force: true });
    }
    if (path === null) throw new Error("something else took the name meanwhile");
    const kept = keepsReceived ? [`The picture as it came is kept: ${received.path}`] : [];
    return { report: reportOf(path, format, finished), warnings: [...notes, ...kept], keepsReceived };
  } catch (error) {
    const savedAt = received.path;
    if (isToolError(error) && isVerdict(error)) {
      throw new ToolError(error.code, { ...error.details, message: error.message, savedAt });
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new ToolError("not-published", {
      message: `The picture is complete but could not be put into ${run.plan.output.directory}: ${run.clean(why)}.`,
      savedAt,
    });
  }
}

/** The file to publish, and the picture as it came. */
interface Made {
  readonly part: FinishedPart;
  readonly received: FinishedPart;
}

function place(run: Publishing, index: number, made: Made, format: PictureFormat): string | null {
  const { part } = made;
  const { output } = run.plan;
  if (run.isRecovery === true) {
    createFolder(output.directory);
    const there = findSame(
      made,
      pictureNames(output, index, format, () => false),
    );
    if (there !== null) return there;
  }
  return publishFile(part.path, pictureNames(output, index, format, existsSync));
}

/** The first of the taken names that holds the very same picture. */
function findSame(made: Made, names: Iterable<string>): string | null {
  for (const name of names) {
    const there = statSync(name, { throwIfNoEntry: false });
    if (there === undefined) return null;
    if (there.isFile() && isSame(name, there.size, made)) return name;
  }
  return null;
}

/** A record inside a picture has a time in it, so that no two are alike: what it was made of tells. */
function isSame(name: string, bytes: number, { part, received }: Made): boolean {
  const { finding, sha256 } = readPart(name);
  if (bytes === part.bytes && sha256 === part.sha256) return true;
  const isWhole = finding.format !== null && finding.damage === null;
  return isWhole && readEmbedded(name, finding.format)?.receivedSha256 === received.sha256;
}

async function finish(run: Publishing, index: number, received: FinishedPart): Promise<FinishedPicture> {
  const { operation, output, request, expected } = run.plan;
  return await finishPicture(received, {
    target: output,
    finishing: request.finishing,
    expected,
    operation,
    image: index,
    place: { directory: run.spoolDirectory, fallbackDirectory: output.directory },
    fields: (shaped) => {
      const { format } = shaped.part.finding;
      // The file that the record goes into has no hash and no name yet.
      const { images: _, ...record } = {
        images: null,
        ...run.describe?.(reportOf("", format ?? "png", { ...shaped })),
      };
      return fieldsOfRecord(record, `image-gen ${run.command?.version ?? ""}`.trim(), received.sha256);
    },
  });
}

function reportOf(
  path: string,
  format: PictureFormat,
  { part, matchesRequest }: Pick<FinishedPicture, "part" | "matchesRequest">,
): ImageReport {
  const { width, height } = part.finding;
  return {
    path,
    mimeType: `image/${format}`,
    width,
    height,
    bytes: part.bytes,
    sha256: part.sha256,
    matchesRequest,
  };
}
