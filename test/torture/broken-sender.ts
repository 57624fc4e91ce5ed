// Broken senders: builds that are wrong on purpose, one mistake each. A check that does not fail on its own has proved nothing.

import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join, resolve } from "node:path";

/** One place of the source, which must be there exactly once, and what stands there in the broken build. */
interface Change {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export const brokenSenders = {
  "looks at the budget and holds nothing": [
    {
      file: "src/spend/ledger/reserve.ts",
      find: "hold_micro_usd: holdsMicroUsd[index] ?? call.holdMicroUsd,",
      replace: "hold_micro_usd: 0,",
    },
  ],
  "stays in its caller's process group": [
    { file: "src/sender/start-sender.ts", find: "detached: true,", replace: "detached: false," },
  ],
  "records the sending after the answer": [
    {
      file: "src/generate/purchase/book.ts",
      find: "ledger.markSent(callId(operation, image), owner);\n      sent.add(image);",
      replace: "sent.add(image);",
    },
    {
      file: "src/generate/purchase/book.ts",
      find: "await record(() => ledger.markAnswered(callId(operation, image), entry));",
      replace:
        "await record(() => { ledger.markSent(callId(operation, image), owner); ledger.markAnswered(callId(operation, image), entry); });",
    },
  ],
  "repeats after an unknown answer": [
    {
      file: "src/transport/retry.ts",
      find: 'if (!rule || billed !== "no" ||',
      replace: "if (!rule ||",
    },
    {
      file: "src/transport/retry.ts",
      find: '  "rate-limited": {',
      replace:
        '  "connection-lost": { mostAttempts: 3, providerTime: "ignored", floor: 0, reason: "broken" },\n  "rate-limited": {',
    },
  ],
  "names a clip's operation when it has asked for it": [
    { file: "src/generate/clip/start-clip.ts", find: "await run.book.begun(answer);", replace: "" },
    {
      file: "src/generate/clip/await-clip.ts",
      find: "const seen = await lookOnce(run, handle, look);",
      replace: "const seen = await lookOnce(run, handle, look); await run.book.begun(handle);",
    },
  ],
  "buys a clip again when it is to resume it": [
    {
      file: "src/generate/clip/resume-clip.ts",
      find: "await makeClip(run, { handle, startedMs });",
      replace: "await makeClip({ ...run, book: { ...run.book, sending: () => {} } }, { handle: null, startedMs });",
    },
  ],
  "resumes a clip without looking what is published": [
    {
      file: "src/generate/clip/make-clip.ts",
      find: "isRecovery: way.attempts === 0 }",
      replace: "isRecovery: false }",
    },
    { file: "src/generate/clip/recover-clip.ts", find: "isRecovery: true }", replace: "isRecovery: false }" },
  ],
  "takes a failed write for a written one": [
    {
      file: "src/outputs/raw-file.ts",
      find: "write: (descriptor, bytes, offset, length) => writeSync(descriptor, bytes, offset, length),",
      replace:
        "write: (descriptor, bytes, offset, length) => { try { return writeSync(descriptor, bytes, offset, length); } catch { return length; } },",
    },
  ],
  "does not sync pictures": [{ file: "src/outputs/raw-file.ts", find: "sync: fsyncSync,", replace: "sync: () => {}," }],
  "does not sync the ledger": [
    { file: "src/spend/ledger/database.ts", find: "PRAGMA synchronous = FULL;", replace: "PRAGMA synchronous = OFF;" },
  ],
  "publishes by overwriting": [
    { file: "src/outputs/publish.ts", find: "link: linkSync,", replace: "link: (from, to) => copyFileSync(from, to)," },
  ],
  "recovers without looking what is published": [
    { file: "src/generate/recover.ts", find: "isRecovery: true,", replace: "isRecovery: false," },
  ],
  "recovers nothing": [
    { file: "src/generate/recover.ts", find: "if (left.length === 0) return report;", replace: "return report;" },
  ],
  "does not attach": [
    {
      file: "src/spend/ledger/reserve.ts",
      find: '(request.identical ?? "attach") === "attach"',
      replace: "false",
    },
  ],
  "follows the clock back": [
    {
      file: "src/spend/ledger/writing.ts",
      find: "let dayHigh = laterDay(dayOf(clockHighMs), meta.dayHigh);",
      replace: "let dayHigh = dayOf(nowMs);",
    },
  ],
  "buys without a ledger when there is none": [
    {
      file: "src/generate/create-image-gen.ts",
      find: "if (keepsLedger) return await recorded(prepared, request, context, { operation, fingerprint, startedMs });",
      replace:
        "if (keepsLedger) return await recorded(prepared, request, context, { operation, fingerprint, startedMs }).catch(() => drawOperation(operations, { prepared, book: noBook, shared: null, startedMs, context }));",
    },
  ],
} as const satisfies Record<string, readonly Change[]>;

export type BrokenSender = keyof typeof brokenSenders;

/** Builds it in a folder of its own below `scratch`; returns its launcher. */
export function buildBroken(name: BrokenSender, scratch: string): string {
  const folder = mkdtempSync(join(scratch, "broken-"));
  const { status, stderr } = spawnSync(
    process.execPath,
    [resolve("scripts/build-broken.mjs"), folder, JSON.stringify(brokenSenders[name])],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`The broken sender "${name}" cannot be built: ${stderr}`);
  return join(folder, "bin/image-gen.cjs");
}
