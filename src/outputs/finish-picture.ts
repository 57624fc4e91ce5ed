// From the picture as it came to the picture as it is wanted: compared with the request, its background taken out, its format
// changed, its record put inside. Each step writes a part file of its own; the picture as it came stays until the caller
// has published what was made of it.

import { rmSync } from "node:fs";
import type { Finishing } from "../core/finishing.ts";
import type { OutputTarget, Pixels } from "../core/plan.ts";
import { ToolError } from "../core/tool-error.ts";
import { findMismatch } from "./compare.ts";
import { convertPart } from "./convert.ts";
import { embedInPart } from "./embed/embed-part.ts";
import type { EmbeddedFields } from "./embed/xmp-packet.ts";
import { convertedName, embeddedName, type FinishedPart, type PartPlace } from "./part-file.ts";
import { cutOut } from "./transparent/cut-out.ts";

export interface FinishWish {
  readonly target: OutputTarget;
  readonly finishing: Finishing | undefined;
  /** What was promised; `null`: nothing. */
  readonly expected: Pixels | null;
  /** Name the files on the way: `operation` is unique, `image` counts its pictures. */
  readonly operation: string;
  readonly image: number;
  /** Where files on the way lie. */
  readonly place: PartPlace;
  /** What goes inside the picture; asked only when something does, with the file as it is before. */
  readonly fields: (before: Pick<FinishedPicture, "part" | "matchesRequest">) => EmbeddedFields;
}

export interface FinishedPicture {
  /** What is to be published: the picture as it came, or a file made of it. */
  readonly part: FinishedPart;
  /** What the caller should know. */
  readonly notes: readonly string[];
  /** Ratio and size are those that were asked for. */
  readonly matchesRequest: boolean;
  /** The picture as it came is worth keeping beside what was made of it. */
  readonly keepsReceived: boolean;
}

/**
 * Leaves the picture as it came where it is, whatever happens, and nothing else of its own when it fails.
 *
 * @throws ToolError `request-not-matched` or `background-not-flat` with `strict`, `answer-damaged` when the picture cannot
 * be decoded; the system's error when the disk refuses.
 */
export async function finishPicture(received: FinishedPart, wish: FinishWish): Promise<FinishedPicture> {
  const { finishing } = wish;
  const mismatch = findMismatch(received.finding, wish.expected);
  if (mismatch !== null && finishing?.strict === true) {
    throw new ToolError("request-not-matched", { message: mismatch });
  }
  const shaped = await shape(received, wish);
  try {
    if (shaped.flaw !== null && finishing?.strict === true) {
      throw new ToolError("background-not-flat", { message: shaped.flaw });
    }
    const embedding =
      finishing?.embedMetadata === true
        ? embedInPart(
            shaped.part,
            wish.fields({ part: shaped.part, matchesRequest: mismatch === null }),
            embeddedName(wish.operation, wish.image),
            wish.place,
          )
        : { part: null, notes: [] };
    if (embedding.part !== null && shaped.part !== received) rmSync(shaped.part.path, { force: true });
    return {
      part: embedding.part ?? shaped.part,
      notes: [
        ...shaped.notes,
        ...(shaped.flaw === null ? [] : [shaped.flaw]),
        ...embedding.notes,
        ...(mismatch === null ? [] : [mismatch]),
      ],
      matchesRequest: mismatch === null,
      keepsReceived: shaped.flaw !== null,
    };
  } catch (error) {
    if (shaped.part !== received) rmSync(shaped.part.path, { force: true });
    throw error;
  }
}

interface Shaped {
  readonly part: FinishedPart;
  readonly notes: readonly string[];
  readonly flaw: string | null;
}

/** Background and format. */
async function shape(received: FinishedPart, wished: FinishWish): Promise<Shaped> {
  const { target, finishing, place } = wished;
  const { format, quality } = target;
  const name = convertedName(wished.operation, wished.image);
  const transparent = finishing?.transparent ?? null;
  if (transparent !== null) {
    const wish = { format: format ?? "png", ...(quality === undefined ? {} : { quality }) };
    return await cutOut(received, transparent, wish, name, place);
  }
  // A quality is asked of the file that is written: bytes that have the format already are compressed anew for it.
  const isAsWanted = format === received.finding.format && quality === undefined;
  if (format === null || isAsWanted) return { part: received, notes: [], flaw: null };
  const wish = { format, ...(quality === undefined ? {} : { quality }) };
  return { ...(await convertPart(received, wish, name, place)), flaw: null };
}
