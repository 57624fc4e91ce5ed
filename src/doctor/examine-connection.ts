// One connection asked, step by step as `generate` would go: credential, project, token, models, and a free question.

import type { Clock } from "../core/clock.ts";
import { problemsError } from "../core/tool-error.ts";
import { chooseWay, discoverModels, discoverProject, type Way } from "../generate/connect.ts";
import type { ImageGenOptions } from "../generate/options.ts";
import { openFor, smallSender } from "../generate/prepare.ts";
import type { Credential } from "../google/auth/credential.ts";
import type { Endpoint } from "../google/endpoints/endpoint.ts";
import type { Catalogue } from "../google/models/catalogue.ts";
import type { Transport } from "../transport/send.ts";
import { checkClock } from "./check-clock.ts";
import { listImageModels } from "./list-image-models.ts";
import { probeModel } from "./probe.ts";
import { type Check, type ConnectionReport, failed, ok } from "./report.ts";

export interface Tools {
  readonly catalogue: Catalogue;
  readonly transport: Transport;
  readonly clock: Clock;
}

/** Never throws; stops at the first step without which the next makes no sense. */
export async function examineConnection(
  options: ImageGenOptions,
  chosen: boolean,
  tools: Tools,
): Promise<ConnectionReport> {
  const first = chooseWay(options, null);
  const checks: Check[] = [];
  const findings: Findings = { way: first.way, credential: null, imageModels: null };
  try {
    await examine(options, first.endpoint, tools, checks, findings);
  } catch (error) {
    checks.push(failed(findings.credential === null ? "credential" : "connection", error));
  }
  const { credential, way, imageModels } = findings;
  return {
    auth: options.auth,
    endpoint: first.endpoint.name,
    label: first.endpoint.label,
    chosen,
    usable: checks.every(({ status }) => status !== "failed"),
    credential: credential && { source: credential.source, ...credential.describe() },
    projectId: way.projectId,
    location: way.location,
    imageModels,
    checks,
    termsWarning: first.endpoint.termsWarning,
  };
}

interface Findings {
  way: Way;
  credential: Credential | null;
  imageModels: readonly string[] | null;
}

async function examine(
  options: ImageGenOptions,
  endpoint: Endpoint,
  { catalogue, transport, clock }: Tools,
  checks: Check[],
  findings: Findings,
): Promise<void> {
  const send = smallSender(transport, undefined);
  const credential = await openFor(options, { send, clock });
  findings.credential = credential;
  const { kind, account } = credential.describe();
  checks.push(ok("credential", `${kind} from ${credential.source}${account === undefined ? "" : ` (${account})`}`));

  const { way, problems } = chooseWay(options, credential.projectId);
  findings.way = way;
  const [problem, ...more] = problems;
  if (problem) throw problemsError([problem, ...more]);

  const headers = await credential.headers();
  if (Object.keys(headers).includes("authorization") && options.auth !== "proxy" && options.auth !== "oauth") {
    checks.push(ok("token", "An access token was issued."));
  }
  findings.way = await discoverProject(endpoint, way, headers, send, credential.secrets());
  const { projectId, location } = findings.way;
  if (projectId !== null && endpoint.needsProject(options.auth)) {
    checks.push(ok("project", `${projectId}${location === null ? "" : `, location ${location}`}`));
  }

  const offered = await discoverModels(endpoint, findings.way, headers, send);
  findings.imageModels = offered ?? (await listImageModels(endpoint, findings.way, headers, catalogue, send));
  if (findings.imageModels !== null && findings.imageModels.length > 0) {
    checks.push(ok("image models", findings.imageModels.join(", ")));
  }
  const model = findings.imageModels?.find((id) => catalogue.find(id)?.model.runnable) ?? catalogue.default.id;
  const probe = await probeModel({
    endpoint,
    way: findings.way,
    model,
    headers,
    secrets: credential.secrets(),
    transport,
  });
  checks.push(probe.check);
  const clockCheck = probe.head === null ? null : checkClock(probe.head, clock.now());
  if (clockCheck) checks.push(clockCheck);
}
