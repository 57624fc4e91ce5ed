// The plan of a request: every rule about values, prices and routes, applied before anything is sent. Pure.
// What the disk says (outputs/preflight) and what a proxy offers come in as values.

import { formatUsd, microUsdOf } from "../../core/money.ts";
import type { Deadlines, OutputTarget, Plan } from "../../core/plan.ts";
import type { GenerateRequest, PlannedRequest } from "../../core/request.ts";
import { type Problem, problemsError, ToolError } from "../../core/tool-error.ts";
import type { Endpoint } from "../../google/endpoints/endpoint.ts";
import type { Catalogue } from "../../google/models/catalogue.ts";
import { estimateCost, estimateInputOf } from "../../spend/estimate.ts";
import type { Session } from "../../sessions/session.ts";
import type { ComposedPrompt } from "../../styles/compose-prompt.ts";
import { chooseFinishing, withFinishing } from "./choose-finishing.ts";
import { chooseModel, type ModelWish } from "./choose-model.ts";
import { chooseOptions } from "./choose-options.ts";
import { checkInputs, noInputs, type PlannedInputs } from "./check-inputs.ts";
import { checkMaskSize } from "./check-mask-size.ts";
import { choosePicture } from "./choose-picture.ts";
import { choosePredict, enlarged } from "./choose-predict.ts";
import type { Way } from "../connect.ts";
import { planSession } from "./plan-session.ts";
import { noPast } from "./plan-size.ts";

export interface PlanInput {
  readonly request: GenerateRequest;
  readonly operation: string;
  readonly nowMs: number;
  readonly catalogue: Catalogue;
  readonly endpoint: Endpoint;
  readonly way: Way;
  readonly offered: ModelWish["offered"];
  readonly rehearsal: boolean;
  readonly output: OutputTarget;
  readonly deadlines: Deadlines;
  /** Reference pictures and documents as they were read. Default: none. */
  readonly inputs?: PlannedInputs;
  /** The conversation that it goes on with. Default: none. */
  readonly session?: Session | null;
  /** The prompt with its style. Default: the prompt as it is. */
  readonly composed?: ComposedPrompt;
  /** Mistakes found elsewhere, reported together with those found here. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/**
 * Decides everything that can be decided before sending.
 *
 * @throws ToolError with all mistakes at once (exit 2 or 3), or `over-max-cost` / `price-unknown` (exit 4).
 */
export function planRequest(input: PlanInput): Plan {
  const { request, endpoint, way, catalogue, inputs = noInputs } = input;
  const problems: Problem[] = [...input.problems];
  const warnings: string[] = [...input.warnings];
  const wish: ModelWish = {
    catalogue,
    nowMs: input.nowMs,
    offered: input.offered,
    requested: request.model,
    endpoint: endpoint.name,
    location: way.location,
    takesPredict: endpoint.takesPredict(way.auth),
    allowRetired: request.allowRetired === true,
  };
  const chosen = chooseModel(wish, problems, warnings);
  // Without a model, options are still checked, as the default would take them.
  const model = chosen?.model ?? catalogue.default;
  const finishing = chooseFinishing(request, problems);
  const { text, needsWords } = input.composed ?? { text: request.prompt, needsWords: true };
  // Without words of the caller's there is nothing to draw, however much a style says.
  const isWordless = needsWords && typeof request.prompt === "string" && request.prompt.trim() === "";
  const sentPrompt = isWordless ? request.prompt : withFinishing(text, finishing);
  const options = chooseOptions({ ...request, prompt: sentPrompt }, model, endpoint, problems);
  const predict = chosen ? choosePredict(request, model, inputs.referencesAsked, problems) : null;
  if (predict !== null) checkMaskSize(inputs.references, predict, problems);
  // Both may stand in the user's settings for all pictures: no reason to refuse this one.
  if (predict?.storageUri !== undefined && (request.embedMetadata === true || request.strict === true)) {
    warnings.push("The picture is left in the bucket: it is not looked at here, and no record is put inside it.");
  }
  const session = input.session && chosen ? planSession(input.session, chosen.id, endpoint, problems, warnings) : null;
  const referencesAsked = inputs.referencesAsked + (session?.past.picture ? 1 : 0);
  const uploads = checkInputs(
    { ...inputs, referencesAsked },
    { model, endpoint, prompt: sentPrompt, system: request.system, past: session?.size ?? noPast },
    problems,
  );
  // Ratio and size are the model's: without one there is nothing to compare them with.
  const picture = chosen ? choosePicture(request, model, problems) : null;
  const [first, ...rest] = problems;
  if (first) throw problemsError([first, ...rest]);

  const planned: PlannedRequest = {
    ...options,
    prompt: request.prompt,
    aspectRatio: picture?.aspectRatio ?? null,
    size: picture?.size ?? null,
    references: inputs.references,
    documents: inputs.documents,
    ...(finishing === undefined ? {} : { finishing }),
    ...(predict === null ? {} : { predict }),
    ...(uploads === null ? {} : { uploads }),
    ...(session === null ? {} : { session: session.planned }),
    ...(request.style === undefined ? {} : { style: request.style }),
    ...(sentPrompt === request.prompt ? {} : { sentPrompt }),
  };
  const metered = endpoint.metered && !input.rehearsal;
  const cost = estimateCost(estimateInputOf(planned, model, { metered, assumed: chosen?.assumed ?? true }));
  if (chosen) {
    checkMaxCost(request.maxCostUsd, cost.perImageMicroUsd + cost.referencesMicroUsd, cost.assumed, chosen.id);
  }
  return {
    operation: input.operation,
    rehearsal: input.rehearsal,
    route: { ...way, model: chosen?.id ?? request.model ?? model.id, requestedModel: chosen?.requested ?? model.id },
    request: planned,
    // After a picture of the conversation the model keeps its shape where no other is asked for.
    expected: predict?.upscale
      ? enlarged(inputs, predict.upscale)
      : session && session.planned.pictures > 0 && planned.aspectRatio === null
        ? null
        : (picture?.expected ?? null),
    output: input.output,
    cost,
    deadlines: input.deadlines,
    warnings,
  };
}

function checkMaxCost(maxCostUsd: number | undefined, perImage: number, assumed: boolean, model: string): void {
  if (maxCostUsd === undefined) return;
  if (assumed) {
    throw new ToolError("price-unknown", { message: `The price of ${model} is not known, so the cap cannot be kept.` });
  }
  const cap = microUsdOf(maxCostUsd);
  if (perImage > cap) {
    throw new ToolError("over-max-cost", {
      message: `One picture costs ${formatUsd(perImage)}; --max-cost allows ${formatUsd(cap)}.`,
    });
  }
}
