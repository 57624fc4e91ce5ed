// The uploads of one operation as its plan decided: over this run's connection, with its credential, or none at all.

import type { Clock } from "../../core/clock.ts";
import type { Plan } from "../../core/plan.ts";
import type { Credential } from "../../google/auth/credential.ts";
import { endpointFor } from "../../google/endpoints/registry.ts";
import type { Transport } from "../../transport/send.ts";
import { smallSender } from "../prepare.ts";
import type { Shown } from "./shown.ts";
import { createUploads, type Uploads, withoutUploads } from "./uploads.ts";

/** Of one deletion. The picture is there by then and waits to be told. */
const DELETE_TIMEOUT_MS = 10_000;

export interface UploadsOf {
  readonly plan: Plan;
  readonly credential: Credential;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly clean: (text: string) => string;
  /** Ends uploads: nothing is paid for yet while they run. */
  readonly stop: AbortSignal | undefined;
}

export function openUploads(shown: Shown, { plan, credential, transport, clock, clean, stop }: UploadsOf): Uploads {
  const { route, request, deadlines } = plan;
  const { files } = endpointFor(route.endpoint);
  if (!request.uploads || files === null) return withoutUploads(shown);
  const shared = { files, route, headers: async () => await credential.headers(), clock, clean };
  return createUploads(shown, {
    operation: plan.operation,
    calls: { ...shared, send: smallSender(transport, stop), timeoutMs: deadlines.totalMs, signal: stop },
    cleaning: {
      ...shared,
      send: smallSender(transport, undefined),
      timeoutMs: Math.min(DELETE_TIMEOUT_MS, deadlines.totalMs),
      signal: undefined,
    },
  });
}
