// The uploads of one operation as its plan decided: over this run's connection, with its credential, or none at all.

import type { Clock } from "../../core/clock.ts";
import type { Plan } from "../../core/plan.ts";
import type { Credential } from "../../google/auth/credential.ts";
import type { FileStore } from "../../google/endpoints/endpoint.ts";
import { endpointFor } from "../../google/endpoints/registry.ts";
import type { Transport } from "../../transport/send.ts";
import { smallSender } from "../prepare.ts";
import { deleteLeftUploads, noNotes, openUploadNotes, type StoreOwner } from "./left-uploads.ts";
import type { Shown } from "./shown.ts";
import { deleteFile, type FileCalls } from "./upload-file.ts";
import { createUploads, type Uploads, withoutUploads } from "./uploads.ts";

/** Of one deletion. The picture is there by then and waits to be told. */
const DELETE_TIMEOUT_MS = 10_000;

export interface UploadsOf {
  readonly plan: Plan;
  readonly credential: Credential;
  /** See google/auth/identity. */
  readonly identity: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly clean: (text: string) => string;
  /** Ends uploads: nothing is paid for yet while they run. */
  readonly stop: AbortSignal | undefined;
  /** Where what is uploaded is noted; `null` without a ledger, which knows what is over. */
  readonly notesFolder: string | null;
}

export function openUploads(shown: Shown, input: UploadsOf): Uploads {
  const { plan, transport, stop, notesFolder } = input;
  const { operation, route, request, deadlines } = plan;
  const { files } = endpointFor(route.endpoint);
  if (!request.uploads || files === null) return withoutUploads(shown);
  return createUploads(shown, {
    operation,
    calls: {
      ...fileCalls(input, files),
      send: smallSender(transport, stop),
      timeoutMs: deadlines.totalMs,
      signal: stop,
    },
    cleaning: cleaningCalls(input, files),
    notes: notesFolder === null ? noNotes : openUploadNotes(notesFolder, operation, storeOwner(input)),
  });
}

/** What killed processes have left with this run's connection. `isOver`: nobody works on the operation any more. */
export async function discardLeftUploads(input: UploadsOf, isOver: (operation: string) => boolean): Promise<void> {
  const { plan, clock, notesFolder } = input;
  const { files } = endpointFor(plan.route.endpoint);
  if (files === null || notesFolder === null) return;
  const cleaning = cleaningCalls(input, files);
  await deleteLeftUploads({
    folder: notesFolder,
    owner: storeOwner(input),
    nowMs: clock.now(),
    ownOperation: plan.operation,
    isOver,
    deleteFile: (name) => deleteFile(cleaning, name),
  });
}

function storeOwner({ plan, identity }: UploadsOf): StoreOwner {
  return { baseUrl: plan.route.baseUrl, credential: identity };
}

function fileCalls({ plan, credential, clock, clean }: UploadsOf, files: FileStore) {
  return { files, route: plan.route, headers: async () => await credential.headers(), clock, clean };
}

/** A stop does not end these. */
function cleaningCalls(input: UploadsOf, files: FileStore): FileCalls {
  return {
    ...fileCalls(input, files),
    send: smallSender(input.transport, undefined),
    timeoutMs: Math.min(DELETE_TIMEOUT_MS, input.plan.deadlines.totalMs),
    signal: undefined,
  };
}
