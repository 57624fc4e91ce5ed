// Recovery: what dead processes left is brought to its end. Answers in the spool are published, what was surely never sent is
// released, and what may have been billed is said to be unknown. Any number of processes may try at once.

import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { monotonicFactory } from "ulid";
import type { Clock } from "../core/clock.ts";
import { plainText } from "../core/redaction.ts";
import { reportError, ToolError } from "../core/tool-error.ts";
import type { Catalogue } from "../google/models/catalogue.ts";
import { keepFile } from "../outputs/keep.ts";
import { copyName } from "../outputs/publish.ts";
import { findParts, findSpooled } from "../outputs/spool.ts";
import { convertedName, embeddedName, partName } from "../outputs/part-file.ts";
import { readPart } from "../outputs/read-part.ts";
import type { Ledger } from "../spend/ledger/ledger.ts";
import { bucketMark } from "../spend/ledger/operation-kind.ts";
import { holdOwnership, isAlive, type Ownership, removeDeadOwners } from "../spend/ledger/owners.ts";
import type { CallRecord, OperationRecord } from "../spend/ledger/records.ts";
import type { CaptureRecord } from "../spend/ledger/transitions.ts";
import { readClipIntent } from "./clip/clip-intent.ts";
import { publishLeftClip } from "./clip/recover-clip.ts";
import { isVerdict, toToolError } from "./draw/errors.ts";
import { readIntent } from "./purchase/intent.ts";
import { publishPicture } from "./draw/publish-picture.ts";
import { resultOf } from "./purchase/recorded-results.ts";
import { describeRecord, writeRecord } from "./draw/record.ts";

export interface RecoverInput {
  readonly ledger: Ledger;
  /** The ledger's own folder, where ownership is held. */
  readonly ledgerDirectory: string;
  readonly spoolDirectory: string;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly random: () => number;
  /** Only this operation. */
  readonly operation?: string;
}

/** What recovery did and found. */
export interface Recovery {
  /** `path`: of the file, or the address of what the provider has left in the caller's bucket. */
  readonly published: readonly { readonly operation: string; readonly image: number; readonly path: string }[];
  /** Never sent; nothing was billed and nothing is held any more. */
  readonly released: readonly { readonly operation: string; readonly image: number }[];
  /** Perhaps billed: they hold their price until a person settles them. */
  readonly unknown: readonly {
    readonly operation: string;
    readonly image: number;
    readonly call: string;
    readonly heldMicroUsd: number;
  }[];
  /** Paid and safe, but their place cannot be written. */
  readonly unpublished: readonly {
    readonly operation: string;
    readonly image: number;
    readonly savedAt: string | null;
    readonly message: string;
  }[];
  /** Operations that another process is working on. */
  readonly running: readonly string[];
  /** Clips that the provider has begun and nobody waits for: `video-gen resume` asks for them. */
  readonly pending: readonly { readonly operation: string; readonly handle: string; readonly heldMicroUsd: number }[];
}

type Left = { readonly operation: OperationRecord; readonly call: CallRecord };

/** Calls that somebody must still answer for. An unknown one waits for a person. */
const UNFINISHED: ReadonlySet<string> = new Set(["reserved", "sent", "answered"]);

/** Fast when there is nothing to do: one look into an index. Throws `ledger-…`. */
export async function recoverOperations(input: RecoverInput): Promise<Recovery> {
  const { ledger, ledgerDirectory, clock } = input;
  const wanted = input.operation === undefined ? ledger.openOperations() : [ledger.operation(input.operation)];
  const operations = wanted.filter((operation) => operation !== undefined);
  const dead = new Map<string, boolean>();
  const left: Left[] = [];
  const running = new Set<string>();
  const pending: Recovery["pending"][number][] = [];
  for (const operation of operations) {
    for (const call of operation.calls.filter(({ state }) => UNFINISHED.has(state))) {
      const isDead = dead.get(call.owner) ?? !(await isAlive(ledgerDirectory, call.owner));
      dead.set(call.owner, isDead);
      if (!isDead) running.add(operation.id);
      // What the provider has begun is asked for over the network, with a credential: that is not for here.
      else if (call.state === "sent" && call.handle !== null) {
        pending.push({ operation: operation.id, handle: call.handle, heldMicroUsd: call.countedMicroUsd });
      } else left.push({ operation, call });
    }
  }
  const report = { ...emptyReport(), unknown: operations.flatMap(unknownCalls), running: [...running], pending };
  if (left.length === 0) return report;
  const ownership = await holdOwnership(ledgerDirectory, monotonicFactory(input.random)(clock.now()));
  try {
    const mine = adopt(ledger, left, ownership);
    const resolved = resolveUnsent(input, mine);
    const pictures = await publishAll(input, resolved.answered);
    return {
      ...report,
      released: resolved.released,
      unknown: [...report.unknown, ...resolved.unknown],
      ...pictures,
    };
  } finally {
    ownership.release();
    await removeDeadOwners(ledgerDirectory).catch(() => []);
  }
}

function emptyReport(): Recovery {
  return { published: [], released: [], unknown: [], unpublished: [], running: [], pending: [] };
}

function unknownCalls({ id, calls }: OperationRecord): Recovery["unknown"] {
  return calls
    .filter(({ state }) => state === "unknown")
    .map(({ image, id: call, countedMicroUsd }) => ({ operation: id, image, call, heldMicroUsd: countedMicroUsd }));
}

/** Takes over what nobody else has taken meanwhile, in one transaction; then looks again at what became of it. */
function adopt(ledger: Ledger, left: readonly Left[], { id: me }: Ownership): Left[] {
  const pairs = new Map(left.map(({ operation, call }) => [`${operation.id} ${call.owner}`, { operation, call }]));
  ledger.together((steps) => {
    for (const { operation, call } of pairs.values()) steps.adopt(operation.id, call.owner, me);
  });
  const ids = new Set(left.map(({ operation }) => operation.id));
  return [...ids].flatMap((id) => {
    const operation = ledger.operation(id);
    const calls = operation?.calls.filter(({ owner, state }) => owner === me && UNFINISHED.has(state)) ?? [];
    return operation ? calls.map((call) => ({ operation, call })) : [];
  });
}

interface Resolved {
  readonly released: Recovery["released"];
  readonly unknown: Recovery["unknown"];
  /** With the path of the picture in the spool. */
  readonly answered: readonly (Left & { readonly spoolPath: string | null })[];
}

/** All that is decided without publishing, in one transaction. */
function resolveUnsent({ ledger, spoolDirectory }: RecoverInput, mine: readonly Left[]): Resolved {
  const released: Recovery["released"][number][] = [];
  const unknown: Recovery["unknown"][number][] = [];
  const answered: Resolved["answered"][number][] = [];
  ledger.together((steps) => {
    for (const { operation, call } of mine) {
      const { image } = call;
      const spooled = findSpooled(spoolDirectory, operation.id, image);
      if (call.state === "answered") {
        answered.push({ operation, call, spoolPath: call.spoolPath ?? spooled });
      } else if (call.state === "reserved") {
        steps.release(call.id);
        released.push({ operation: operation.id, image });
      } else if (spooled !== null) {
        // Killed between the last byte of the picture and its record.
        steps.markAnswered(call.id, {
          spoolPath: spooled,
          responseId: null,
          modelVersion: null,
          actualMicroUsd: operation.metered ? null : 0,
          listPriceMicroUsd: call.estimateMicroUsd,
          basis: operation.metered ? "list-price" : "unmetered",
          usage: null,
        });
        answered.push({ operation, call, spoolPath: spooled });
      } else {
        steps.markUnknown(call.id, reportError(lostSight(spoolDirectory, operation, image)));
        unknown.push({ operation: operation.id, image, call: call.id, heldMicroUsd: call.countedMicroUsd });
      }
    }
  });
  return { released, unknown, answered };
}

/** The sender died before it had the whole answer; what had come of it is kept. */
function lostSight(spoolDirectory: string, operation: OperationRecord, image: number): ToolError {
  const plan = readIntent(operation)?.plan;
  const target = plan?.output.directory;
  const bucket = plan?.request.predict?.storageUri;
  const parts = findParts([spoolDirectory, ...(target === undefined ? [] : [target])], operation.id, image);
  const [savedAt] = parts.map((path, index) =>
    keepFile(path, spoolDirectory, `${operation.id}-${image}-${index}.damaged`),
  );
  return new ToolError("sender-lost", {
    ...(savedAt === undefined ? {} : { savedAt }),
    ...(bucket === undefined
      ? {}
      : { message: `The sender ended before it had the answer; if the picture was drawn, it lies in ${bucket}.` }),
  });
}

async function publishAll(
  input: RecoverInput,
  answered: Resolved["answered"],
): Promise<Pick<Recovery, "published" | "unpublished">> {
  const published: Recovery["published"][number][] = [];
  const unpublished: Recovery["unpublished"][number][] = [];
  const captures: { readonly call: string; readonly record: CaptureRecord; readonly spoolPath: string | null }[] = [];
  for (const left of answered) {
    const { operation, call, spoolPath } = left;
    const where = { operation: operation.id, image: call.image };
    if (spoolPath === null && call.responseId?.startsWith(bucketMark) === true) {
      // Left in the caller's bucket: there is nothing to publish, and nothing was lost.
      captures.push({ call: call.id, record: { ...costOf(call), picture: null, error: null }, spoolPath });
      published.push({ ...where, path: call.responseId });
      continue;
    }
    try {
      const { keepsReceived, ...picture } = await publishOne(input, left);
      const record = { ...costOf(call), picture, error: null };
      captures.push({ call: call.id, record, spoolPath: keepsReceived ? null : spoolPath });
      published.push({ ...where, path: picture.path });
    } catch (error) {
      const failure = toToolError(error);
      unpublished.push({ ...where, savedAt: failure.details.savedAt ?? null, message: failure.message });
      // A place may be free next time; a picture that is gone or broken stays so.
      if (!isVerdict(failure)) continue;
      captures.push({
        call: call.id,
        record: { ...costOf(call), picture: null, error: reportError(failure) },
        spoolPath: null,
      });
    }
  }
  input.ledger.together((steps) => {
    for (const { call, record } of captures) steps.capture(call, record);
  });
  for (const { spoolPath } of captures) if (spoolPath !== null) rmSync(spoolPath, { force: true });
  return { published, unpublished };
}

function costOf({ actualMicroUsd, listPriceMicroUsd, estimateMicroUsd, basis, usage }: CallRecord) {
  return {
    actualMicroUsd,
    listPriceMicroUsd: listPriceMicroUsd ?? estimateMicroUsd,
    basis: basis ?? "list-price",
    usage,
  } as const;
}

async function publishOne(
  { spoolDirectory, catalogue, clock }: RecoverInput,
  { operation, call, spoolPath }: Resolved["answered"][number],
): Promise<{ path: string; sha256: string; keepsReceived: boolean }> {
  const clip = readClipIntent(operation);
  if (clip !== null) {
    return {
      ...(await publishLeftClip(clip, { ...call, spoolPath }, operation.startedAtMs, clock)),
      keepsReceived: false,
    };
  }
  const intent = readIntent(operation);
  if (intent === null)
    throw new ToolError("not-published", { message: "Another version of image-gen made this picture." });
  if (spoolPath === null || !existsSync(spoolPath)) {
    throw new ToolError("answer-damaged", {
      message: "The answer is no longer in the spool: somebody has removed it.",
    });
  }
  const { plan, command } = intent;
  for (const name of [convertedName(operation.id, call.image), embeddedName(operation.id, call.image)]) {
    clearAwayHalves(spoolPath, plan.output.directory, partName(name));
  }
  const part = readPart(spoolPath);
  if (part.finding.damage !== null) {
    throw new ToolError("answer-damaged", {
      message: `The picture is damaged: ${part.finding.damage}.`,
      savedAt: spoolPath,
    });
  }
  const model = catalogue.find(plan.route.model)?.model ?? catalogue.default;
  const durationMs = clock.now() - operation.startedAtMs;
  const input = { plan, model, results: [], durationMs, nowMs: clock.now(), notStarted: null };
  const told = resultOf(call);
  const { report, warnings, keepsReceived } = await publishPicture(
    {
      plan,
      spoolDirectory,
      command,
      clean: (text) => plainText(text),
      describe: (image) => describeRecord(input, { ...told, image }, command),
      isRecovery: true,
    },
    call.image,
    part,
  );
  writeRecord(input, { ...told, image: report, warnings }, command);
  return { path: report.path, sha256: report.sha256, keepsReceived };
}

/** What a killed conversion or publication has left half done. */
function clearAwayHalves(spoolPath: string, target: string, converted: string): void {
  const inSpool = join(dirname(spoolPath), converted);
  for (const path of [inSpool, join(target, converted), copyName(spoolPath, target), copyName(inSpool, target)]) {
    try {
      rmSync(path, { force: true });
    } catch {
      // The target may be anything by now; publishing will say so.
    }
  }
}
