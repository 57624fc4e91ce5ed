// The record of one picture or refusal, written beside it. A record that cannot be written never costs the picture.

import { join } from "node:path";
import { metadataName } from "../../outputs/naming.ts";
import { writeMetadata } from "../../outputs/metadata.ts";
import { setRefusalAside } from "../../outputs/refusal-record.ts";
import type { PictureResult } from "./picture-result.ts";
import type { ImageGenOptions } from "../options.ts";
import { type ReportInput, reportPicture } from "./report.ts";

/** Answers of the provider's that are refusals and not faults: they are worth a record, the prompt may be needed again. */
const REFUSALS: ReadonlySet<string> = new Set(["refused-safety", "prompt-blocked", "no-image", "answer-damaged"]);

/** Writes the record where there is something to record. Returns a warning when that failed, else `null`. */
export function writeRecord(
  input: ReportInput,
  result: PictureResult,
  command: ImageGenOptions["command"],
): string | null {
  const names = recordNames(input, result);
  if (names === null) return null;
  const { operation } = input.plan;
  try {
    // Only for the one name that a caller chose: numbered names find a free number.
    if (!input.plan.output.numbered && names[0] !== undefined) setRefusalAside(names[0]);
    const written = writeMetadata(names, `${operation}-${result.index}`, describeRecord(input, result, command));
    return written === null ? `The record ${names[0]} was not written: the name is taken.` : null;
  } catch (error) {
    return `The record ${names[0]} could not be written: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** The outcome of one picture, when it was made, and by which command. */
export function describeRecord(input: ReportInput, result: PictureResult, command: ImageGenOptions["command"]): object {
  return {
    ...reportPicture(input, result),
    createdAt: new Date(input.nowMs).toISOString(),
    ...(command ? { command } : {}),
  };
}

function recordNames({ plan }: ReportInput, { index, image, stored, error }: PictureResult): readonly string[] | null {
  if (image) return [metadataName(image.path)];
  if (!stored && !(error && REFUSALS.has(error.code))) return null;
  const { directory, stem, numbered } = plan.output;
  if (!numbered) return [join(directory, `${stem}.json`)];
  // A number that a picture of another run holds is passed over.
  return Array.from({ length: 1000 }, (_, more) => join(directory, `${stem}_${index + more}.json`));
}
