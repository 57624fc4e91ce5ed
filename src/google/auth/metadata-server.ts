// The metadata server of Google's machines (Compute Engine, Cloud Run, GKE): a token and a project without any file.
// Asked here and not through Google's library, which would use an HTTP stack of its own and search for seconds.
// Source: google-auth-library 10.9.1 and gcp-metadata as bundled with it (paths, header both ways), 2026-11-22.

import type { Clock } from "../../core/clock.ts";
import type { HttpCall, SendSmall, SmallAnswer } from "../../core/http-call.ts";
import { isToolError, ToolError } from "../../core/tool-error.ts";
import { CLOUD_PLATFORM_SCOPE } from "./scope.ts";
import { notATokenServer } from "./token-failure.ts";
import { readTokenAnswer } from "./token-answer.ts";
import type { FetchedToken } from "./token-keeper.ts";

export const DEFAULT_METADATA_HOST = "169.254.169.254";
const FLAVOR = { "metadata-flavor": "Google" } as const;
/** On Google's machines it answers within milliseconds; elsewhere the address may swallow packets. */
const PROBE_TIMEOUT_MS = 1_500;
const TOKEN_TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;

export interface MetadataPorts {
  /** Host and port, or an http URL, as GCE_METADATA_HOST has it. */
  readonly host: string;
  readonly send: SendSmall;
  readonly clock: Clock;
}

/**
 * Whether there is one, and the project it names. Other clouds answer at the same address, without Google's header.
 *
 * @throws ToolError `config-invalid` for a host that is none.
 */
export async function findMetadataServer(ports: MetadataPorts): Promise<{ readonly projectId: string | null } | null> {
  const call = callTo(ports.host, "project/project-id");
  try {
    const answer = await ports.send(call, { timeoutMs: PROBE_TIMEOUT_MS });
    if (answer.headers["metadata-flavor"] !== "Google") return null;
    const projectId = answer.body.trim();
    return { projectId: answer.status === 200 && /^[A-Za-z0-9.:-]+$/.test(projectId) ? projectId : null };
  } catch (error) {
    if (isToolError(error) && error.code !== "interrupted" && error.code !== "terminated") return null;
    throw error;
  }
}

/** @throws ToolError `credential-missing` when the machine has no service account, `server-error`, `connect-failed`. */
export async function fetchMetadataToken(ports: MetadataPorts): Promise<FetchedToken> {
  const path = `instance/service-accounts/default/token?scopes=${encodeURIComponent(CLOUD_PLATFORM_SCOPE)}`;
  const answer = await askPatiently(ports, path);
  if (answer.headers["metadata-flavor"] !== "Google") throw notATokenServer(ports.host, answer.status);
  if (answer.status === 404) {
    throw new ToolError("credential-missing", {
      message: "This machine has no service account, so the metadata server has no token.",
      nextStep: "Attach a service account with the scope cloud-platform to the machine, or choose another --auth.",
    });
  }
  if (answer.status !== 200) {
    throw new ToolError("server-error", {
      httpStatus: answer.status,
      message: `The metadata server gave no token (status ${answer.status}).`,
    });
  }
  const token = readTokenAnswer(answer, "metadata server", ports.clock);
  if (!token) throw notATokenServer(ports.host, answer.status);
  return token;
}

/** A token costs nothing, so passing faults are tried again: Google asks clients to, for the seconds after a start. */
async function askPatiently({ host, send, clock }: MetadataPorts, path: string): Promise<SmallAnswer> {
  const call = callTo(host, path);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await send(call, { timeoutMs: TOKEN_TIMEOUT_MS });
      if (attempt === ATTEMPTS || (answer.status < 500 && answer.status !== 429)) return answer;
    } catch (error) {
      if (!isToolError(error) || error.code === "interrupted" || error.code === "terminated") throw error;
      if (attempt === ATTEMPTS) {
        throw new ToolError("connect-failed", { message: `The metadata server does not answer: ${error.message}` });
      }
    }
    await clock.sleep(100 * 2 ** attempt);
  }
}

function callTo(host: string, path: string): HttpCall {
  const base = /^https?:\/\//.test(host) ? host.replace(/\/+$/, "") : `http://${host}`;
  const url = `${base}/computeMetadata/v1/${path}`;
  if (!URL.canParse(url)) {
    throw new ToolError("config-invalid", { message: "GCE_METADATA_HOST is not a host name with an optional port." });
  }
  return { method: "GET", url, headers: FLAVOR, body: null };
}
