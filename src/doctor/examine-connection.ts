// One connection asked, step by step as `generate` would go: credential, settings, token, project, models, a free question.
// Stops at the first step without which the next makes no sense.

import type { Clock } from "../core/clock.ts";
import { createRedactor, plainText, type Redact } from "../core/redaction.ts";
import type { Problem } from "../core/tool-error.ts";
import { chooseModel } from "../generate/plan/choose-model.ts";
import { chooseWay, discoverModels, discoverProject, type Way } from "../generate/connect.ts";
import type { ImageGenOptions } from "../generate/options.ts";
import { openFor, smallSender } from "../generate/prepare.ts";
import type { Credential } from "../google/auth/credential.ts";
import type { Endpoint } from "../google/endpoints/endpoint.ts";
import type { Catalogue } from "../google/models/catalogue.ts";
import { proxyFor } from "../transport/proxy.ts";
import type { Transport } from "../transport/send.ts";
import { type ClockWitness, watchClock } from "./check-clock.ts";
import { failed, failedProblem } from "./check-failure.ts";
import { listImageModels } from "./list-image-models.ts";
import { probeModel } from "./probe.ts";
import { type Check, type ConnectionReport, ok, unknown, warning } from "./report.ts";

/** Somebody waits for all the answers together. */
const QUESTION_TIMEOUT_MS = 20_000;

export interface Tools {
  readonly catalogue: Catalogue;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Model that is wanted; `undefined`: the default. */
  readonly model: string | undefined;
}

/** What is known of the connection so far. */
interface Examination {
  readonly options: ImageGenOptions;
  readonly tools: Tools;
  readonly endpoint: Endpoint;
  readonly witness: ClockWitness;
  readonly checks: Check[];
  readonly timeoutMs: number;
  readonly clean: Redact;
  credential: Credential | null;
  way: Way;
  imageModels: readonly string[] | null;
}

/** Never throws: what goes wrong is a failed check. */
export async function examineConnection(
  options: ImageGenOptions,
  chosen: boolean,
  tools: Tools,
): Promise<ConnectionReport> {
  const { endpoint, way } = chooseWay(options, null);
  const examination: Examination = {
    options,
    tools,
    endpoint,
    way,
    witness: watchClock(smallSender(tools.transport, tools.signal), tools.clock),
    checks: [],
    timeoutMs: Math.min(options.timeoutMs ?? QUESTION_TIMEOUT_MS, QUESTION_TIMEOUT_MS),
    clean: (text) => plainText(createRedactor(examination.credential?.secrets() ?? [])(text), 500),
    credential: null,
    imageModels: null,
  };
  try {
    await examine(examination);
  } catch (error) {
    examination.checks.push(failed(error));
  }
  return reportOf(examination, chosen);
}

function reportOf(examination: Examination, chosen: boolean): ConnectionReport {
  const { options, endpoint, witness, clean, credential, way, imageModels } = examination;
  const clock = witness.check();
  const checks = [...examination.checks, ...(clock ? [clock] : [])];
  return {
    auth: options.auth,
    endpoint: endpoint.name,
    label: endpoint.label,
    chosen,
    usable: checks.every(({ status }) => status !== "failed"),
    credential: credential && { source: credential.source, ...credential.describe() },
    projectId: way.projectId,
    location: way.location,
    imageModels: imageModels && imageModels.map(clean),
    checks: checks.map((check) => ({
      ...check,
      message: clean(check.message),
      ...(check.nextStep === undefined ? {} : { nextStep: clean(check.nextStep) }),
      ...(check.providerMessage === undefined ? {} : { providerMessage: clean(check.providerMessage) }),
    })),
    termsWarning: endpoint.termsWarning,
  };
}

async function examine(examination: Examination): Promise<void> {
  const { options, checks, endpoint } = examination;
  const credential = await openCredentialOf(examination);
  // Without a credential its project is no mistake yet; every other mistake is told with the first.
  const { way, problems, warnings } = chooseWay(options, credential ? credential.projectId : PROJECT_TO_COME);
  checks.push(...problems.map(failedProblem));
  if (problems.length > 0 || !credential) return;
  examination.way = way;
  checks.push(backEnd(examination), ...warnings.map((text) => warning("settings", text)));
  const headers = await fetchHeaders(examination, credential);
  await findProject(examination, credential, headers);
  const offered = await findModels(examination, headers);
  const model = pickModel(examination, offered);
  const { way: finalWay, clean, witness, timeoutMs } = examination;
  await probeModel({ endpoint, way: finalWay, model, headers, clean, send: witness.send, timeoutMs });
  checks.push(ok("answer", `${endpoint.label} takes the credential for ${model}.`));
  if (examination.imageModels === null) {
    checks.push(unknown("image models", `${endpoint.label} gave no list; ${model} was asked for by name.`));
  }
}

/** Stands for the project of a credential that could not be opened; never leaves this file. */
const PROJECT_TO_COME = "project-of-the-credential";

async function openCredentialOf(examination: Examination): Promise<Credential | null> {
  const { options, tools, checks, witness } = examination;
  try {
    const credential = await openFor(options, { send: witness.send, clock: tools.clock });
    examination.credential = credential;
    const { kind, account } = credential.describe();
    const who = account === undefined ? "" : ` (${account})`;
    const none = credential.auth === "proxy" && credential.secrets().length === 0;
    checks.push(
      ok(
        "credential",
        none ? "no key is set, and an open proxy needs none" : `${kind} from ${credential.source}${who}`,
      ),
    );
    return credential;
  } catch (error) {
    checks.push(failed(error));
    return null;
  }
}

function backEnd({ endpoint, way, options }: Examination): Check {
  const url = new URL(way.baseUrl);
  const between = proxyFor(url, options.proxies ?? {});
  return ok(
    "back end",
    `${endpoint.label} at ${url.host}${between ? `, through the HTTP proxy ${between.url.host}` : ""}`,
  );
}

async function fetchHeaders({ checks }: Examination, credential: Credential): Promise<Record<string, string>> {
  const headers = await credential.headers();
  if (credential.auth === "adc" || credential.auth === "service-account") {
    checks.push(ok("token", "an access token was issued"));
  }
  return headers;
}

async function findProject(
  examination: Examination,
  credential: Credential,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const { options, endpoint, witness, checks } = examination;
  examination.way = await discoverProject(endpoint, examination.way, headers, witness.send, credential.secrets());
  const { projectId, location } = examination.way;
  if (projectId === null || !endpoint.needsProject(options.auth)) return;
  checks.push(ok("project", `${projectId}${location === null ? "" : `, location ${location}`}`));
}

/** The models that the route itself decides about; `null` where it has no say before it is asked. */
async function findModels(
  examination: Examination,
  headers: Readonly<Record<string, string>>,
): Promise<readonly string[] | null> {
  const { endpoint, way, witness, checks, tools, timeoutMs } = examination;
  const offered = await discoverModels(endpoint, way, headers, witness.send);
  const { catalogue } = tools;
  const listed =
    offered ?? (await listImageModels({ endpoint, way, headers, catalogue, send: witness.send, timeoutMs }));
  examination.imageModels = listed;
  if (listed !== null) {
    checks.push(
      listed.length > 0
        ? ok("image models", listed.join(", "))
        : warning("image models", `${endpoint.label} lists none that the catalogue knows.`),
    );
  }
  return offered;
}

/** The model that `generate` would take; where it would refuse, another one, so that the credential is asked about all the same. */
function pickModel({ endpoint, way, tools, checks }: Examination, offered: readonly string[] | null): string {
  const { catalogue, clock, model: requested } = tools;
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const nowMs = clock.now();
  const takesPredict = endpoint.takesPredict(way.auth);
  const place = { endpoint: endpoint.name, location: way.location, takesPredict };
  const wish = { requested, catalogue, nowMs, offered, allowRetired: false, ...place };
  const model = chooseModel(wish, problems, warnings);
  checks.push(...problems.map(failedProblem), ...warnings.map((text) => warning("model", text)));
  return model?.id ?? offered?.[0] ?? catalogue.default.id;
}
