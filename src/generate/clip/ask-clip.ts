// One look at an operation: what the provider says of it, with the bytes of its clip written into the spool while they come.
// It buys nothing, so it may be done again at will.

import type { Failure } from "../../core/failure.ts";
import type { HttpCall, HttpHead } from "../../core/http-call.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { OperationAnswer, OperationDecoder } from "../../google/wire/operation-answer.ts";
import { readFailure } from "../../google/wire/failures/read-failure.ts";
import { openPart, type PartFile } from "../../outputs/part-file.ts";
import { createTextCollector } from "../../transport/collect.ts";
import { failureOfError, toToolError } from "../draw/errors.ts";
import { type ClipRun, longRunningOf } from "./clip-run.ts";
import { clipWires } from "./clip-wire.ts";

export type Asked =
  | { readonly kind: "answer"; readonly answer: OperationAnswer; readonly parts: readonly PartFile[] }
  | { readonly kind: "failure"; readonly failure: Failure };

const PROGRESS_STEP_BYTES = 256 * 1024;

/** The part files in the answer are the caller's to finish or discard. Never throws. */
export async function askClip(run: ClipRun, handle: string, look: number): Promise<Asked> {
  const { plan, transport, signal, spoolDirectory } = run;
  const parts: PartFile[] = [];
  const errorBody = createTextCollector();
  const seen: { head: HttpHead; decoder: OperationDecoder | null } = {
    head: { status: 0, headers: {} },
    decoder: null,
  };
  try {
    const call = await callFor(run, handle);
    await transport.send(call, {
      deadlines: plan.deadlines,
      paid: false,
      ...(signal ? { signal } : {}),
      onHead(head) {
        seen.head = head;
        if (head.status !== 200) return (chunk) => errorBody.write(chunk);
        const decoder = clipWires[plan.wire].createDecoder((index) => {
          const name = `${plan.operation}-0-${look}-${index}`;
          const part = openPart(spoolDirectory, name, { fallbackDirectory: plan.output.directory });
          parts.push(part);
          return part;
        });
        seen.decoder = decoder;
        return telling(run, (chunk) => {
          decoder.write(chunk);
          return decoder.clipBytes;
        });
      },
    });
    if (seen.decoder !== null) return { kind: "answer", answer: seen.decoder.end(), parts };
  } catch (error) {
    for (const part of parts) part.discard();
    return { kind: "failure", failure: failureOfError(toToolError(error)) };
  }
  const { endpoint, auth, model } = plan.route;
  const failure = readFailure({ ...seen.head, body: errorBody.text(), endpoint, auth, model });
  return {
    kind: "failure",
    failure: clipWires[plan.wire].isLost(failure) ? { ...failure, code: "clip-lost" } : failure,
  };
}

/** Tells progress each time some more bytes are on the disk; `write` returns how many there are. */
export function telling(run: Pick<ClipRun, "tell">, write: (chunk: Buffer) => number): (chunk: Buffer) => void {
  let toldBytes = 0;
  return (chunk) => {
    const bytes = write(chunk);
    if (bytes - toldBytes < PROGRESS_STEP_BYTES) return;
    toldBytes = bytes;
    run.tell({ type: "receiving", image: 0, bytes });
  };
}

async function callFor(run: ClipRun, handle: string): Promise<HttpCall> {
  const request = longRunningOf(run.plan).pollRequest(run.plan.route, handle);
  if (request === null) {
    throw new ToolError("internal", {
      message: `The recorded operation ${run.clean(handle)} is not one of this route's.`,
    });
  }
  const headers = { accept: "application/json", ...(await run.credential.headers()) };
  const { method, url, body } = request;
  return body === null
    ? { method, url, headers, body: null }
    : {
        method,
        url,
        headers: { ...headers, "content-type": "application/json" },
        body: Buffer.from(JSON.stringify(body)),
      };
}
