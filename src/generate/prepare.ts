// Everything before the first paid byte: the plan without the network, then the credential, the proxy's models and the
// account's project, then the plan as it will run.

import { resolve } from "node:path";
import type { Clock } from "../core/clock.ts";
import type { HttpCall, SendSmall } from "../core/http-call.ts";
import type { InputPart } from "../core/input-part.ts";
import type { Deadlines, Pixels, Plan } from "../core/plan.ts";
import type { GenerateRequest } from "../core/request.ts";
import { Secret } from "../core/secret.ts";
import { isToolError, type Problem, type ToolError } from "../core/tool-error.ts";
import type { Credential, CredentialSettings } from "../google/auth/credential.ts";
import type { Endpoint } from "../google/endpoints/endpoint.ts";
import { openCredential } from "../google/auth/open-credential.ts";
import type { Catalogue } from "../google/models/catalogue.ts";
import { planOutput } from "../outputs/naming.ts";
import { checkOutput, isFolder } from "../outputs/preflight.ts";
import type { Transport } from "../transport/send.ts";
import type { ModelWish } from "./plan/choose-model.ts";
import { choosePicture } from "./plan/choose-picture.ts";
import { composeRequest } from "./inputs/compose-request.ts";
import { type Conversation, openConversation } from "./inputs/conversation.ts";
import { type ChosenWay, chooseWay, discoverModels, discoverProject, usualLocationOf } from "./connect.ts";
import type { LoadedInputs } from "./inputs/load-inputs.ts";
import type { ImageGenOptions, RehearsalEmulator } from "./options.ts";
import { planRequest } from "./plan/plan.ts";
import { readPlannedSession } from "./plan/plan-session.ts";

const DEFAULT_TIMEOUT_MS = 300_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Without a byte once the answer has begun (reliability facts §1.3). */
const IDLE_TIMEOUT_MS = 60_000;

/** What preparing needs of the surroundings. */
export interface Surroundings {
  readonly options: ImageGenOptions;
  readonly catalogue: Catalogue;
  readonly transport: Transport;
  readonly clock: Clock;
}

export interface Prepared {
  readonly plan: Plan;
  readonly credential: Credential;
  /** Documents and reference pictures, as they are sent. */
  readonly inputs: readonly InputPart[];
  /** Earlier turns, ready to be sent; `null` without a session. */
  readonly conversation: Conversation | null;
  /** The refusal that stands if the request is to be bought after all: its name is taken by the earlier result. */
  readonly taken: ToolError | null;
}

export interface Circumstances {
  readonly offered: ModelWish["offered"];
  /** `may-be-taken`: the name of the picture may be there already, because the result of an earlier request is wanted. */
  readonly disk: "must-be-free" | "may-be-taken";
  /** Reference pictures and documents of the request, read already. */
  readonly inputs: LoadedInputs;
}

/**
 * The plan without the network and without a credential.
 *
 * @throws ToolError with all mistakes of the request at once.
 */
export function planOffline(
  { options, catalogue, clock }: Surroundings,
  asked: GenerateRequest,
  operation: string,
  chosen: ChosenWay,
  { offered, disk, inputs }: Circumstances,
): Plan {
  const found: Problem[] = [];
  const rehearsal = options.rehearsal !== undefined;
  const { stateDirectory } = options;
  const session = readPlannedSession(asked, { stateDirectory, rehearsal }, found);
  // A conversation stays with its model where no other is asked for.
  const model = asked.model ?? session?.turns.at(-1)?.model;
  const request = { ...asked, ...(model === undefined ? {} : { model }) };
  const composed = composeRequest(request, options, found);
  const nowMs = clock.now();
  const { target, problems } = planOutput({
    output: request.output,
    format: request.format,
    quality: request.quality,
    needsAlpha: request.transparent === true,
    count: request.count ?? 1,
    workingDirectory: options.workingDirectory,
    nowMs,
    isFolder,
    isWindows: process.platform === "win32",
  });
  const count = request.count ?? 1;
  // The disk is asked even when the values are wrong, so that everything is said at once.
  const expected = likelyPixels(request, catalogue);
  const onDisk = problems.length > 0 ? [] : checkOutput({ target, count, expected, operation });
  const inTheWay = disk === "may-be-taken" ? onDisk.filter(({ code }) => code !== "target-exists") : onDisk;
  return planRequest({
    request,
    operation,
    nowMs,
    catalogue,
    endpoint: withLimit(chosen.endpoint, options),
    way: chosen.way,
    offered,
    rehearsal,
    output: target,
    deadlines: deadlinesOf(options),
    inputs,
    composed,
    session,
    problems: [...chosen.problems, ...problems, ...inTheWay, ...inputs.problems, ...found],
    warnings: [...chosen.warnings, ...inputs.warnings],
  });
}

/** A gateway in between may take less than the endpoint, never more. */
function withLimit(endpoint: Endpoint, { inlineRequestLimitBytes = Infinity }: ImageGenOptions): Endpoint {
  const least = Math.min(endpoint.inlineRequestLimitBytes, inlineRequestLimitBytes);
  return { ...endpoint, inlineRequestLimitBytes: least };
}

/** How large the pictures will be, as far as can be said before the model is chosen: room for 4K is not asked for 1K. */
function likelyPixels(request: GenerateRequest, catalogue: Catalogue): Pixels | null {
  const model = catalogue.find(request.model ?? catalogue.default.id)?.model ?? catalogue.default;
  return choosePicture(request, model, []).expected;
}

export interface PrepareInput {
  readonly request: GenerateRequest;
  readonly operation: string;
  readonly inputs: LoadedInputs;
  readonly signal: AbortSignal | undefined;
  /** The same request runs already, or was bought and never delivered. Asked only when that makes a difference. */
  readonly isBought: () => Promise<boolean>;
}

/** Opens the connection and plans for it. Free: asks for lists and tokens only. */
export async function prepare(
  surroundings: Surroundings,
  { request, operation, inputs, signal, isBought }: PrepareInput,
): Promise<Prepared> {
  const { options, transport, clock, catalogue } = surroundings;
  const usualLocation = usualLocationOf(request.model, catalogue);
  const send = smallSender(transport, signal);
  // Mistakes of the request come before those of the credential; a project that only the credential knows is no mistake yet.
  const first = chooseWay(options, PROJECT_TO_COME, usualLocation);
  const notAsked = first.endpoint.name === "cliproxyapi" ? "not-asked" : null;
  const taken = await refusedName(isBought, (disk) =>
    planOffline(surroundings, request, operation, first, { offered: notAsked, disk, inputs }),
  );
  const disk = taken === null ? "must-be-free" : "may-be-taken";
  const credential = await openFor(options, { send, clock });
  const chosen = chooseWay(options, credential.projectId, usualLocation);
  const headers = await headersIfNeeded(chosen, credential);
  const way = await discoverProject(chosen.endpoint, chosen.way, headers, send, credential.secrets());
  const offered = await discoverModels(chosen.endpoint, way, headers, send);
  const plan = planOffline(surroundings, request, operation, { ...chosen, way }, { offered, disk, inputs });
  return {
    plan,
    credential,
    inputs: inputs.parts,
    conversation: openConversation(options.stateDirectory, plan),
    taken,
  };
}

/** Plans, and lets a name pass that is only taken by the result of the same request. Returns the refusal then. */
export async function refusedName(
  isBought: () => Promise<boolean>,
  plan: (disk: Circumstances["disk"]) => unknown,
): Promise<ToolError | null> {
  try {
    plan("must-be-free");
    return null;
  } catch (error) {
    plan("may-be-taken");
    if (isToolError(error) && (await isBought())) return error;
    throw error;
  }
}

/** Stands for the project of a credential that has not been opened yet; never leaves this room. */
export const PROJECT_TO_COME = "project-of-the-credential";

/** Headers for the free calls of the connection; none are made where there are no such calls. */
async function headersIfNeeded({ endpoint }: ChosenWay, credential: Credential): Promise<Record<string, string>> {
  return endpoint.discoversProject || endpoint.name === "cliproxyapi" ? await credential.headers() : {};
}

/** The credential for one way of signing in; in a rehearsal the emulator's. */
export async function openFor(
  { auth, endpoint, credentials = {}, projectId, rehearsal, workingDirectory }: ImageGenOptions,
  ports: { readonly send: SendSmall; readonly clock: Clock },
): Promise<Credential> {
  if (rehearsal) return await openRehearsal(auth, rehearsal, ports);
  // The Gemini API has no project in its path and a bare token names none (google-apis facts §9.1): the one that is given
  // is the one to charge. Credentials files have a quota project of their own.
  const isBareToken = auth === "oauth" && endpoint === "generativelanguage";
  const charged = isBareToken && projectId !== undefined ? { quotaProject: projectId } : {};
  const settings: CredentialSettings = {
    ...charged,
    ...credentials,
    ...(credentials.credentialsFile === undefined
      ? {}
      : { credentialsFile: resolve(workingDirectory, credentials.credentialsFile) }),
    ...(projectId === undefined ? {} : { projectId }),
  };
  return await openCredential(auth, settings, ports);
}

const emulatorSecret = (text: string): Secret => new Secret(text, "the rehearsal's emulator");

/** The emulator's own credentials; what would come from a file is a token of the emulator's. */
async function openRehearsal(
  auth: ImageGenOptions["auth"],
  { credentials }: RehearsalEmulator,
  ports: { readonly send: SendSmall; readonly clock: Clock },
): Promise<Credential> {
  const method = auth === "adc" || auth === "service-account" ? "oauth" : auth;
  const settings: CredentialSettings = {
    proxyKey: emulatorSecret(credentials.proxyKey),
    apiKey: emulatorSecret(credentials.apiKey),
    vertexKey: emulatorSecret(credentials.vertexKey),
    accessToken: emulatorSecret(credentials.accessToken),
    projectId: credentials.projectId,
  };
  return await openCredential(method, settings, ports);
}

/** The transport as the rooms that make small free calls know it. */
export function smallSender(transport: Transport, signal: AbortSignal | undefined): SendSmall {
  return (call: HttpCall, limits) =>
    transport.sendSmall(call, {
      ...(signal ? { signal } : {}),
      ...(limits?.timeoutMs === undefined
        ? {}
        : { deadlines: { connectMs: CONNECT_TIMEOUT_MS, totalMs: limits.timeoutMs, idleMs: limits.timeoutMs } }),
    });
}

export function deadlinesOf({ timeoutMs = DEFAULT_TIMEOUT_MS }: Pick<ImageGenOptions, "timeoutMs">): Deadlines {
  return {
    totalMs: timeoutMs,
    connectMs: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
    idleMs: Math.min(IDLE_TIMEOUT_MS, timeoutMs),
  };
}
