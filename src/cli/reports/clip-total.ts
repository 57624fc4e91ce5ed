// One total for a clip and what went into it: the pictures and clips among its inputs that were made here, by the ledger.
// Only what was given directly counts, and each part is named, so that nobody takes it for more.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ClipRequest, ClipSuccess } from "../../core/clip.ts";
import { formatUsd, type MicroUsd } from "../../core/money.ts";
import type { LedgerReading } from "../../spend/ledger/reading.ts";
import type { Context } from "../context.ts";
import { withLedgerView } from "../opening/own-ledger.ts";

/** `total` in the document of `video-gen --json`. */
export interface ClipTotal {
  readonly currency: "USD";
  /** `null`: of one of the parts nobody knows what was paid. */
  readonly actualMicroUsd: MicroUsd | null;
  /** What all of it would cost on a route that is billed. */
  readonly listPriceMicroUsd: MicroUsd;
  readonly parts: readonly TotalPart[];
}

interface TotalPart {
  readonly operation: string;
  /** Absolute. */
  readonly path: string;
  readonly actualMicroUsd: MicroUsd | null;
  readonly listPriceMicroUsd: MicroUsd;
}

/** `null`: nothing that went in was made here, so that the clip's own cost is all there is to say. Never throws. */
export async function totalOfClip(
  request: ClipRequest,
  { cost }: Pick<ClipSuccess, "cost">,
  context: Context,
): Promise<ClipTotal | null> {
  try {
    const files = await hashFiles(request, context.workingDirectory);
    if (files.size === 0) return null;
    const parts = await withLedgerView(context, (view) => [...files].flatMap((file) => partOf(file, view)));
    if (parts.length === 0) return null;
    const own = {
      actualMicroUsd: cost.actualMicroUsd,
      listPriceMicroUsd: cost.listPriceMicroUsd ?? cost.estimatedMicroUsd,
    };
    const all = [own, ...parts];
    return {
      currency: "USD",
      actualMicroUsd: all.some(({ actualMicroUsd }) => actualMicroUsd === null)
        ? null
        : all.reduce((sum, { actualMicroUsd }) => sum + (actualMicroUsd ?? 0), 0),
      listPriceMicroUsd: all.reduce((sum, { listPriceMicroUsd }) => sum + listPriceMicroUsd, 0),
      parts,
    };
  } catch {
    // A clip that is there is not spoilt by a sum that is not.
    return null;
  }
}

/** `Total with closing.png ($0.134): $0.834` */
export function totalSentence({ actualMicroUsd, listPriceMicroUsd, parts }: ClipTotal): string {
  const names = parts.map(
    ({ path, actualMicroUsd: paid, listPriceMicroUsd: price }) => `${basename(path)} (${amount(paid, price)})`,
  );
  return `Total with ${names.join(" and ")}: ${amount(actualMicroUsd, listPriceMicroUsd)}`;
}

function amount(paid: MicroUsd | null, listPrice: MicroUsd): string {
  if (paid === null) return "unknown";
  if (paid === listPrice) return formatUsd(paid);
  return `${paid === 0 ? "nothing paid" : formatUsd(paid)}, list price ${formatUsd(listPrice)}`;
}

/** Absolute paths by the hash of what is in the files; what cannot be read is no file of ours. */
async function hashFiles(request: ClipRequest, workingDirectory: string): Promise<Map<string, string>> {
  const given = [request.firstFrame, request.lastFrame, ...(request.references ?? []), request.extendVideo];
  const hashed = new Map<string, string>();
  for (const source of given) {
    if (typeof source !== "string") continue;
    const path = resolve(workingDirectory, source);
    const hash = createHash("sha256");
    try {
      await pipeline(createReadStream(path), hash);
    } catch {
      continue;
    }
    hashed.set(hash.digest("hex"), path);
  }
  return hashed;
}

function partOf([sha256, path]: readonly [string, string], view: LedgerReading): TotalPart[] {
  const call = view.callOfPicture(sha256);
  if (call === undefined) return [];
  const { operation, actualMicroUsd, listPriceMicroUsd, estimateMicroUsd } = call;
  return [
    { operation, path, actualMicroUsd, listPriceMicroUsd: listPriceMicroUsd ?? actualMicroUsd ?? estimateMicroUsd },
  ];
}
