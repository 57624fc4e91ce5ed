// The plan of a clip: every rule about lengths, sizes, frames, extension and price, applied before anything is sent. Pure.

import type { ClipPlan, ClipRequest, PlannedClip } from "../../core/clip.ts";
import { formatUsd, microUsdOf } from "../../core/money.ts";
import type { Deadlines, OutputTarget } from "../../core/plan.ts";
import type { ReferenceReport } from "../../core/request.ts";
import { type Problem, problemsError, ToolError } from "../../core/tool-error.ts";
import type { Endpoint } from "../../google/endpoints/endpoint.ts";
import type { Catalogue } from "../../google/models/catalogue.ts";
import type { ClipRules, Model } from "../../google/models/model.ts";
import { estimateClip } from "../../spend/estimate-clip.ts";
import type { Way } from "../connect.ts";
import { assumedPrice } from "./assumed-price.ts";
import { checkClipOptions, checkPictureLinks } from "./check-clip-options.ts";
import { checkExtension, clipSizes, resolutionOf } from "./check-extension.ts";
import { chooseClipModel } from "./choose-clip-model.ts";
import { chooseSeconds } from "./choose-seconds.ts";
import type { LoadedClipInputs } from "./load-clip-inputs.ts";

export interface ClipPlanInput {
  readonly request: ClipRequest;
  readonly operation: string;
  readonly nowMs: number;
  readonly catalogue: Catalogue;
  readonly endpoint: Endpoint;
  readonly way: Way;
  readonly rehearsal: boolean;
  readonly output: OutputTarget;
  readonly deadlines: Deadlines;
  readonly patienceMs: number;
  readonly inputs: Omit<LoadedClipInputs, "inputs">;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

const RATIOS: readonly string[] = ["16:9", "9:16"];

/**
 * @throws ToolError with all mistakes at once (exit 2 or 3), or `over-max-cost` / `price-unknown` (exit 4).
 */
export function planClip(input: ClipPlanInput): ClipPlan {
  const { request, endpoint, way, inputs } = input;
  const problems: Problem[] = [...input.problems, ...inputs.problems];
  const warnings: string[] = [...input.warnings, ...inputs.warnings];
  const chosen = chooseClipModel(
    { requested: request.model, allowRetired: request.allowRetired === true, ...input, endpoint },
    problems,
    warnings,
  );
  checkPrompt(request, problems);
  checkTogether(request, problems);
  checkClipOptions(request, chosen, endpoint, problems);
  checkPictureLinks([inputs.firstFrame, inputs.lastFrame, ...inputs.references], endpoint, problems);
  const shape = chosen ? chooseShape(request, chosen, endpoint, inputs, problems, warnings) : null;
  const [first, ...rest] = problems;
  if (first) throw problemsError([first, ...rest]);
  if (!chosen || !shape) throw new Error("A clip without a model was let through.");
  const cost = priceOf(chosen, shape, input);
  const planned: PlannedClip = {
    prompt: request.prompt,
    ...shape,
    audio: request.audio ?? null,
    negativePrompt: request.negativePrompt ?? null,
    seed: request.seed ?? null,
    personGeneration: request.personGeneration ?? null,
    storageUri: request.storageUri ?? null,
    firstFrame: inputs.firstFrame,
    lastFrame: inputs.lastFrame,
    references: inputs.references,
    extends: inputs.extends,
    ...uploadOf(inputs, chosen, endpoint),
  };
  const route = { ...way, model: chosen.id, requestedModel: request.model ?? chosen.id };
  const isAssumed = cost.assumed && cost.metered;
  if (isAssumed && request.maxCostUsd !== undefined) throw assumedPrice({ route, request: planned });
  if (isAssumed)
    warnings.push(`Google's own price of ${chosen.id} in ${shape.resolution} is not known: it is assumed.`);
  const size = clipSizes[shape.resolution] ?? { width: 1280, height: 720 };
  const upright = shape.aspectRatio === "9:16";
  const before = inputs.extends === null ? 0 : (inputs.extends.header?.seconds ?? null);
  return {
    kind: "clip",
    operation: input.operation,
    rehearsal: input.rehearsal,
    route,
    wire: chosen.clip.wire,
    request: planned,
    expected: {
      width: upright ? size.height : size.width,
      height: upright ? size.width : size.height,
      seconds: before === null ? null : before + shape.seconds,
    },
    output: input.output,
    cost,
    deadlines: input.deadlines,
    patienceMs: input.patienceMs,
    warnings,
  };
}

/** On an endpoint that reads the clip from its own storage. */
function uploadOf(
  { extends: extended }: Pick<LoadedClipInputs, "extends">,
  model: Model & { readonly clip: ClipRules },
  endpoint: Endpoint,
): Pick<PlannedClip, "uploads"> {
  const bytes = extended?.bytes ?? null;
  const isInline = model.clip.extension[endpoint.name]?.inline ?? true;
  return bytes === null || isInline ? {} : { uploads: { bytes } };
}

function checkPrompt({ prompt }: ClipRequest, problems: Problem[]): void {
  if (typeof prompt === "string" && prompt.trim() !== "") return;
  problems.push({ code: "prompt-empty", field: "prompt", message: "The prompt is empty." });
}

/** Frames, references and a clip exclude each other in part: google-apis facts §8.1. */
function checkTogether(request: ClipRequest, problems: Problem[]): void {
  const { firstFrame, lastFrame, references = [], extendVideo } = request;
  const no = (field: string, message: string): void =>
    void problems.push({ code: "option-not-offered", field, message });
  if (firstFrame !== undefined && extendVideo !== undefined) {
    no("--image", "A clip that is extended begins where it ends: --image and --extend-video exclude each other.");
  }
  if (lastFrame !== undefined && firstFrame === undefined && extendVideo === undefined) {
    no("--last-frame", "A last frame needs something to come from: give --image or --extend-video too.");
  }
  if (references.length > 0 && (firstFrame ?? lastFrame ?? extendVideo) !== undefined) {
    no("--reference", "Reference pictures cannot be combined with frames or a clip to extend.");
  }
}

type Shape = Pick<PlannedClip, "seconds" | "resolution" | "aspectRatio">;

function chooseShape(
  request: ClipRequest,
  model: Model & { readonly clip: ClipRules },
  endpoint: Endpoint,
  inputs: Pick<LoadedClipInputs, "firstFrame" | "lastFrame" | "references" | "extends">,
  problems: Problem[],
  warnings: string[],
): Shape {
  const { extends: extended, firstFrame, lastFrame, references } = inputs;
  const before = problems.length;
  const header = extended?.header ?? null;
  const extendable = extended === null ? [] : (model.clip.extension[endpoint.name]?.resolutions ?? []);
  // Of a clip that cannot be looked at, or has a size that is refused below, the dearest that it may be.
  const usual = extendable.find((one) => header !== null && one === resolutionOf(header)) ?? extendable.at(-1);
  const resolution = chooseResolution(request, model, usual, problems);
  const aspectRatio = request.aspectRatio ?? ratioOf(header ?? firstFrame) ?? "16:9";
  if (!RATIOS.includes(aspectRatio)) {
    problems.push({
      code: "ratio-not-offered",
      field: "--ar",
      message: `${model.id} makes clips of ${RATIOS.join(" and ")}.`,
      given: aspectRatio,
      allowed: RATIOS,
    });
  }
  warnOfFrames(aspectRatio, { "--image": firstFrame, "--last-frame": lastFrame }, warnings);
  if (references.length > model.clip.referenceLimit) {
    problems.push({
      code: "too-many-references",
      field: "--reference",
      message: `${references.length} reference pictures were given; ${model.id} takes at most ${model.clip.referenceLimit}.`,
      given: String(references.length),
    });
  }
  if (extended !== null) {
    checkExtension({ extended, resolution, aspectRatio, request, model, endpoint }, problems, warnings);
    const seconds = model.clip.extension[endpoint.name]?.addsSeconds ?? 0;
    return { seconds, resolution, aspectRatio };
  }
  const isBetween = firstFrame !== null && lastFrame !== null;
  const seconds = chooseSeconds(request, model, { resolution, references: references.length, isBetween }, problems);
  if (problems.length === before) warnOfStill(request, inputs, warnings);
  return { seconds, resolution, aspectRatio };
}

function chooseResolution(request: ClipRequest, model: Model, usual: string | undefined, problems: Problem[]): string {
  const offered = Object.keys(model.prices.perSecond ?? {});
  const asked = (request.resolution ?? usual ?? "720p").toLowerCase();
  if (!offered.includes(asked)) {
    problems.push({
      code: "size-not-offered",
      field: "--resolution",
      message: `${model.id} makes clips of ${offered.join(", ")}.`,
      given: asked,
      allowed: offered,
    });
  }
  return asked;
}

function ratioOf(size: { readonly width: number | null; readonly height: number | null } | null): string | null {
  if (!size?.width || !size.height) return null;
  return size.width >= size.height ? "16:9" : "9:16";
}

/** 2 %, as for pictures. */
const TOLERANCE = 0.02;

function warnOfFrames(
  aspectRatio: string,
  frames: Readonly<Record<string, ReferenceReport | null>>,
  warnings: string[],
): void {
  const wanted = aspectRatio === "9:16" ? 9 / 16 : 16 / 9;
  for (const [field, frame] of Object.entries(frames)) {
    if (!frame?.width || !frame.height) continue;
    const has = frame.width / frame.height;
    if (Math.abs(has / wanted - 1) <= TOLERANCE) continue;
    warnings.push(
      `${field} has ${frame.width} x ${frame.height} pixels and the clip is ${aspectRatio}: the provider will cut it or put bars beside it.`,
    );
  }
}

function warnOfStill(
  request: ClipRequest,
  { firstFrame, references }: Pick<LoadedClipInputs, "firstFrame" | "references">,
  warnings: string[],
): void {
  if (firstFrame !== null || references.length > 0) return;
  if (!/\b(?:still|photo(?:graph)?|picture|poster|logo|icon|wallpaper)\b/i.test(request.prompt)) return;
  warnings.push(
    "The prompt asks for something that stands still: image-gen draws it for a fraction of this (image-gen cost compare).",
  );
}

function priceOf(
  model: Model,
  shape: Shape,
  { request, inputs, endpoint, rehearsal }: ClipPlanInput,
): ClipPlan["cost"] {
  const { maxCostUsd, prompt } = request;
  const frames = [inputs.firstFrame, inputs.lastFrame].filter((frame) => frame !== null);
  const pictures = frames.length + inputs.references.length;
  const metered = endpoint.metered && !rehearsal;
  const cost = estimateClip({ model, ...shape, prompt, pictures, metered });
  if (cost === null) {
    throw new ToolError("price-unknown", {
      message: `The price of ${model.id} in ${shape.resolution} is not known, so nothing can be held for it.`,
    });
  }
  if (maxCostUsd !== undefined && cost.estimatedMicroUsd > microUsdOf(maxCostUsd)) {
    throw new ToolError("over-max-cost", {
      message: `The clip costs ${formatUsd(cost.estimatedMicroUsd)}; --max-cost allows ${formatUsd(microUsdOf(maxCostUsd))}.`,
      nextStep: "Raise --max-cost, or take a shorter clip, a smaller resolution or a cheaper model.",
    });
  }
  return cost;
}
