// Everything before the paid byte of a clip: the plan without the network, then the credential, then the plan as it will run.

import type { ClipPlan, ClipRequest } from "../../core/clip.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Credential } from "../../google/auth/credential.ts";
import { planClipOutput } from "../../outputs/clip/name-clip.ts";
import { checkOutput, isFolder } from "../../outputs/preflight.ts";
import { type ChosenWay, chooseWay } from "../connect.ts";
import { deadlinesOf, openFor, PROJECT_TO_COME, refusedName, smallSender, type Surroundings } from "../prepare.ts";
import type { ToolError } from "../../core/tool-error.ts";
import type { LoadedClipInputs } from "./load-clip-inputs.ts";
import { planClip } from "./plan-clip.ts";

/** A clip takes up to 6 minutes as a rule; who waits longer than this waits in vain. */
const DEFAULT_PATIENCE_MS = 1_800_000;

export interface ClipCircumstances {
  readonly inputs: LoadedClipInputs;
  readonly disk: "must-be-free" | "may-be-taken";
}

/** Throws a ToolError with all mistakes of the request at once. */
export function planClipOffline(
  { options, catalogue, clock }: Surroundings,
  request: ClipRequest,
  operation: string,
  chosen: ChosenWay,
  { inputs, disk }: ClipCircumstances,
): ClipPlan {
  const nowMs = clock.now();
  const { target, problems } = planClipOutput({
    output: request.output,
    workingDirectory: options.workingDirectory,
    nowMs,
    isFolder,
    isWindows: process.platform === "win32",
  });
  const onDisk: Problem[] = problems.length > 0 ? [] : checkOutput({ target, count: 1, expected: null, operation });
  const inTheWay = disk === "may-be-taken" ? onDisk.filter(({ code }) => code !== "target-exists") : onDisk;
  return planClip({
    request,
    operation,
    nowMs,
    catalogue,
    endpoint: chosen.endpoint,
    way: chosen.way,
    rehearsal: options.rehearsal !== undefined,
    output: target,
    deadlines: deadlinesOf({}),
    patienceMs: options.timeoutMs ?? DEFAULT_PATIENCE_MS,
    inputs,
    problems: [...chosen.problems, ...problems, ...inTheWay],
    warnings: chosen.warnings,
  });
}

export interface PreparedClip {
  readonly plan: ClipPlan;
  readonly credential: Credential;
  /** The refusal that stands if the clip is to be bought after all: its name is taken by the earlier result. */
  readonly taken: ToolError | null;
}

export interface PrepareClipInput {
  readonly request: ClipRequest;
  readonly operation: string;
  readonly inputs: LoadedClipInputs;
  readonly signal: AbortSignal | undefined;
  readonly isBought: () => Promise<boolean>;
}

/** Opens the connection and plans for it. Free: asks for tokens only. */
export async function prepareForClip(
  surroundings: Surroundings,
  { request, operation, inputs, signal, isBought }: PrepareClipInput,
): Promise<PreparedClip> {
  const { options, transport, clock } = surroundings;
  const first = chooseWay(options, PROJECT_TO_COME);
  const taken = await refusedName(isBought, (disk) =>
    planClipOffline(surroundings, request, operation, first, { inputs, disk }),
  );
  const disk = taken === null ? "must-be-free" : "may-be-taken";
  const credential = await openFor(options, { send: smallSender(transport, signal), clock });
  const chosen = chooseWay(options, credential.projectId);
  return { plan: planClipOffline(surroundings, request, operation, chosen, { inputs, disk }), credential, taken };
}
