// The uploads of one operation as its plan decided: over this run's connection, with its credential, or none at all.

import type { Clock } from "../../core/clock.ts";
import type { Deadlines, Plan } from "../../core/plan.ts";
import type { Route } from "../../core/route.ts";
import type { Credential } from "../../google/auth/credential.ts";
import type { FileStore } from "../../google/endpoints/endpoint.ts";
import { endpointFor } from "../../google/endpoints/registry.ts";
import type { Transport } from "../../transport/send.ts";
import { smallSender } from "../prepare.ts";
import { deleteLeftUploads, noNotes, openUploadNotes, type StoreOwner } from "./left-uploads.ts";
import type { Shown } from "./shown.ts";
import { deleteFile, type FileCalls } from "./upload-file.ts";
import { createUploads, type Uploads, type UploadsInput, withoutUploads } from "./uploads.ts";

/** Of one deletion. The picture is there by then and waits to be told. */
const DELETE_TIMEOUT_MS = 10_000;

/** What an operation has to do with the provider's storage of files. */
export interface StoreConnection {
  readonly operation: string;
  readonly route: Route;
  readonly deadlines: Deadlines;
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

export function openUploads(shown: Shown, { request }: Pick<Plan, "request">, connection: StoreConnection): Uploads {
  const store = request.uploads ? openStore(connection) : null;
  return store === null ? withoutUploads(shown) : createUploads(shown, store);
}

/** How files get to the endpoint's own storage and out of it; `null` where it has none. */
export function openStore(connection: StoreConnection): UploadsInput | null {
  const { operation, route, deadlines, transport, stop, notesFolder } = connection;
  const { files } = endpointFor(route.endpoint);
  if (files === null) return null;
  return {
    operation,
    calls: {
      ...fileCalls(connection, files),
      send: smallSender(transport, stop),
      timeoutMs: deadlines.totalMs,
      signal: stop,
    },
    cleaning: cleaningCalls(connection, files),
    notes: notesFolder === null ? noNotes : openUploadNotes(notesFolder, operation, storeOwner(connection)),
  };
}

/** What killed processes have left with this run's connection. `isOver`: nobody works on the operation any more. */
export async function discardLeftUploads(
  connection: StoreConnection,
  isOver: (operation: string) => boolean,
): Promise<void> {
  const { operation, route, clock, notesFolder } = connection;
  const { files } = endpointFor(route.endpoint);
  if (files === null || notesFolder === null) return;
  const cleaning = cleaningCalls(connection, files);
  await deleteLeftUploads({
    folder: notesFolder,
    owner: storeOwner(connection),
    nowMs: clock.now(),
    ownOperation: operation,
    isOver,
    deleteFile: (name) => deleteFile(cleaning, name),
  });
}

function storeOwner({ route, identity }: StoreConnection): StoreOwner {
  return { baseUrl: route.baseUrl, credential: identity };
}

function fileCalls({ route, credential, clock, clean }: StoreConnection, files: FileStore) {
  return { files, route, headers: async () => await credential.headers(), clock, clean };
}

/** A stop does not end these. */
function cleaningCalls(connection: StoreConnection, files: FileStore): FileCalls {
  return {
    ...fileCalls(connection, files),
    send: smallSender(connection.transport, undefined),
    timeoutMs: Math.min(DELETE_TIMEOUT_MS, connection.deadlines.totalMs),
    signal: undefined,
  };
}
