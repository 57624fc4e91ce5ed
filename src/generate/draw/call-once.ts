// One attempt: the request goes out, the answer is decoded while it arrives into part files in the spool, and judged.

import type { Answer, StoredPicture } from "../../core/answer.ts";
import type { Failure } from "../../core/failure.ts";
import type { HttpHead } from "../../core/http-call.ts";
import type { ToolError } from "../../core/tool-error.ts";
import { endpointFor } from "../../google/endpoints/registry.ts";
import {
  type AnswerDecoder,
  createAnswerDecoder,
  type DecodedAnswer,
} from "../../google/wire/streaming/answer-decoder.ts";
import { judgeAnswer } from "../../google/wire/failures/judge-answer.ts";
import { type FailureContext, readFailure } from "../../google/wire/failures/read-failure.ts";
import type { Content } from "../../google/wire/generate-content.ts";
import { keepFile } from "../../outputs/keep.ts";
import { spooledName } from "../../outputs/spool.ts";
import { type FinishedPart, openPart, type PartFile } from "../../outputs/part-file.ts";
import { createTextCollector, type TextCollector } from "../../transport/collect.ts";
import type { TurnPart } from "../../sessions/turn.ts";
import { buildCall, prepareRequest } from "../plan/build-call.ts";
import { keepReply } from "../inputs/conversation.ts";
import { asCallError, failureOfError, toToolError } from "./errors.ts";
import type { Run } from "./run.ts";

export type CallResult =
  /** The picture is whole, on the disk and in the spool under its own name; who gets the result publishes it. */
  | {
      readonly kind: "picture";
      readonly part: FinishedPart;
      readonly answer: Answer;
      /** What the conversation goes on with; `null` without one, or when it could not be kept. */
      readonly turn: { readonly sent: Content; readonly reply: readonly TurnPart[] } | null;
      readonly warnings: readonly string[];
    }
  /** The picture is in the caller's bucket, and nothing of it is here. */
  | { readonly kind: "stored"; readonly stored: StoredPicture; readonly answer: Answer }
  | {
      readonly kind: "failure";
      readonly failure: Failure;
      readonly answer: Answer | null;
      readonly savedAt?: string;
    };

/** Progress is told each time this many more picture bytes are on disk. */
const PROGRESS_STEP_BYTES = 256 * 1024;

/** Where the bytes of one answer went. */
interface Received {
  head: HttpHead | null;
  decoder: AnswerDecoder | null;
  /** The caller's turn; `null` before it was built. */
  sent: Content | null;
  readonly errorBody: TextCollector;
  readonly parts: PartFile[];
}

/** Never throws. No part file is left but the one in the result. */
export async function callOnce(run: Run, index: number, attempt: number): Promise<CallResult> {
  const { route, deadlines } = run.plan;
  const received: Received = { head: null, decoder: null, sent: null, errorBody: createTextCollector(), parts: [] };
  const context: FailureContext = { endpoint: route.endpoint, auth: route.auth, model: route.model };
  let requestBytes = 0;
  let fault: ToolError | null = null;
  try {
    const shown = await run.uploads.ready((bytes, totalBytes) =>
      run.tell({ type: "uploading", image: index, bytes, totalBytes }),
    );
    run.tell({ type: "sending", image: index, attempt });
    const headers = await run.credential.headers();
    const maxOutputTokens = run.book.tokenLimit(index);
    const prepared = prepareRequest(run.plan, run.catalogue, shown.inputs, {
      index,
      maxOutputTokens,
      past: shown.past,
    });
    received.sent = prepared.sent;
    // A conversation outlives what was uploaded for one call of it: it keeps the pictures themselves.
    if (run.plan.request.uploads) received.sent = prepareRequest(run.plan, run.catalogue, run.inputs).sent;
    const call = buildCall(prepared, headers);
    requestBytes = call.body?.byteLength ?? 0;
    await run.transport.send(call, {
      deadlines,
      onHead: (head) => receive(run, index, head, received),
      onSent: () => run.book.sending(index),
      ...(run.signal ? { signal: run.signal } : {}),
    });
  } catch (error) {
    fault = toToolError(asCallError(error));
  }
  try {
    return conclude(run, index, received, fault, { ...context, requestBytes });
  } catch (error) {
    return { kind: "failure", failure: failureOfError(toToolError(error)), answer: null };
  } finally {
    for (const part of received.parts) part.discard();
  }
}

/** Prepares for a body of this head and returns who takes it. */
function receive(run: Run, index: number, head: HttpHead, received: Received): (chunk: Buffer) => void {
  received.head = head;
  run.tell({ type: "answering", image: index });
  if (head.status !== 200) return (chunk) => received.errorBody.write(chunk);
  const { operation, output } = run.plan;
  const decoder = createAnswerDecoder({
    framing: "auto",
    enveloped: endpointFor(run.plan.route.endpoint).enveloped,
    method: run.plan.request.predict === undefined ? "generateContent" : "predict",
    openPicture: () => {
      const name = `${operation}-${index}-${received.parts.length}`;
      const part = openPart(run.spoolDirectory, name, { fallbackDirectory: output.directory });
      received.parts.push(part);
      return part;
    },
  });
  received.decoder = decoder;
  let toldBytes = 0;
  return (chunk) => {
    decoder.write(chunk);
    if (decoder.pictureBytes - toldBytes < PROGRESS_STEP_BYTES) return;
    toldBytes = decoder.pictureBytes;
    run.tell({ type: "receiving", image: index, bytes: toldBytes });
  };
}

function conclude(
  run: Run,
  index: number,
  { head, decoder, sent, errorBody, parts }: Received,
  fault: ToolError | null,
  context: FailureContext,
): CallResult {
  if (!decoder) {
    if (fault) return { kind: "failure", failure: failureOfError(fault), answer: null };
    const { status = 0, headers = {} } = head ?? {};
    return {
      kind: "failure",
      failure: readFailure({ ...context, status, headers, body: errorBody.text() }),
      answer: null,
    };
  }
  const decoded = decoder.end();
  const answer = "answer" in decoded ? decoded.answer : null;
  // What broke off may already hold the whole picture; without one, how it broke off says more than what came.
  const isWhole = "chosen" in decoded && (decoded.chosen !== null || decoded.answer.stored !== undefined);
  if (fault && !isWhole) {
    return { kind: "failure", failure: failureOfError(fault), answer };
  }
  const verdict = judgeAnswer(decoded, context);
  if ("stored" in verdict) {
    if (!answer) throw new Error("A picture came without an answer.");
    return { kind: "stored", stored: verdict.stored, answer };
  }
  const chosen = "picture" in verdict ? verdict.picture : damagedPicture(decoded);
  const part = chosen === null ? undefined : parts[chosen];
  if (!part || part.bytes === 0) {
    if ("picture" in verdict) throw new Error("The answer names a picture that has no file.");
    return { kind: "failure", failure: verdict, answer };
  }
  const { finished, damage } = finishPart(part);
  if (finished === null || damage !== null || !("picture" in verdict)) {
    const failure: Failure =
      "picture" in verdict
        ? { code: "answer-damaged", message: `The picture is damaged: ${damage ?? "for an unknown reason"}.` }
        : verdict;
    const savedAt = keepFile(part.path, run.spoolDirectory, `${run.plan.operation}-${index}.damaged`);
    return { kind: "failure", failure: { httpStatus: 200, ...failure }, answer, savedAt };
  }
  const warnings = verdict.warning === null ? [] : [verdict.warning];
  if (!answer) throw new Error("A picture came without an answer.");
  const name = spooledName(run.plan.operation, index, finished.finding.format);
  const path = keepFile(finished.path, run.spoolDirectory, name);
  const kept = keepForConversation(run, answer, sent, (each) => (each === chosen ? path : parts[each]?.path));
  return {
    kind: "picture",
    part: { ...finished, path },
    answer,
    turn: kept.turn,
    warnings: [...warnings, ...kept.warnings],
  };
}

/** A conversation that cannot be kept never costs the picture. */
function keepForConversation(
  { conversation, plan, clean }: Run,
  answer: Answer,
  sent: Content | null,
  pathOf: (index: number) => string | undefined,
): Pick<Extract<CallResult, { kind: "picture" }>, "turn" | "warnings"> {
  if (conversation === null || sent === null) return { turn: null, warnings: [] };
  const { name } = conversation.session;
  if (answer.parts.length === 0) {
    return { turn: null, warnings: [`The answer was not whole, so the conversation ${name} does not go on from it.`] };
  }
  try {
    return { turn: { sent, reply: keepReply(conversation, plan.operation, answer, pathOf) }, warnings: [] };
  } catch (error) {
    const why = clean(error instanceof Error ? error.message : String(error));
    return { turn: null, warnings: [`The conversation ${name} could not be kept: ${why}`] };
  }
}

/** A part that the disk does not vouch for is kept like a damaged picture: what came may still be whole. */
function finishPart(part: PartFile): { readonly finished: FinishedPart | null; readonly damage: string | null } {
  try {
    const finished = part.finish();
    return { finished, damage: finished.finding.damage };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { finished: null, damage: `the disk does not vouch for it (${why})` };
  }
}

/** The picture that would have been the result, had its text not been damaged. */
function damagedPicture(decoded: DecodedAnswer): number | null {
  return "chosen" in decoded ? decoded.chosen : null;
}
