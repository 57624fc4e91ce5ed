// What only Imagen takes: completed for an Imagen model, refused for every other, and refused where the model's task has no use
// for it. Ratio, size, tier and thinking are checked where all models' are.

import type { Pixels } from "../../core/plan.ts";
import type { PlannedPredict, ReferenceRole, UpscaleFactor } from "../../core/predict-options.ts";
import type { GenerateRequest } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Model, PredictRules } from "../../google/models/model.ts";
import type { PlannedInputs } from "./check-inputs.ts";
import { checkPredictValues } from "./check-predict-values.ts";

type Task = PredictRules["task"];

const everyTask: readonly Task[] = ["generate", "edit", "upscale"];

interface ImagenOption {
  readonly field: string;
  readonly asked: (request: GenerateRequest) => boolean;
  readonly tasks: readonly Task[];
}

const imagenOptions: readonly ImagenOption[] = [
  {
    field: "--negative-prompt",
    asked: ({ negativePrompt }) => negativePrompt !== undefined,
    tasks: ["generate", "edit"],
  },
  { field: "--no-watermark", asked: ({ watermark }) => watermark === false, tasks: ["generate", "edit"] },
  { field: "--edit-mode", asked: ({ editMode }) => editMode !== undefined, tasks: ["edit"] },
  { field: "--mask-mode", asked: ({ maskMode }) => maskMode !== undefined, tasks: ["edit"] },
  { field: "--mask-classes", asked: ({ maskClasses }) => maskClasses !== undefined, tasks: ["edit"] },
  { field: "--mask-dilation", asked: ({ maskDilation }) => maskDilation !== undefined, tasks: ["edit"] },
  { field: "--image-as", asked: ({ referenceRoles: roles }) => roles !== undefined, tasks: ["edit"] },
  { field: "--style-description", asked: (request) => request.styleDescription !== undefined, tasks: ["edit"] },
  { field: "--subject-description", asked: (request) => request.subjectDescription !== undefined, tasks: ["edit"] },
  { field: "--compute-control", asked: ({ computeControl }) => computeControl === true, tasks: ["edit"] },
  { field: "--safety", asked: ({ safetySetting }) => safetySetting !== undefined, tasks: everyTask },
  { field: "--guidance", asked: ({ guidanceScale }) => guidanceScale !== undefined, tasks: ["generate", "edit"] },
  // The SDK's configuration of edits has no such field, and enlarging has no use for the words.
  { field: "--no-enhance-prompt", asked: ({ enhancePrompt }) => enhancePrompt !== undefined, tasks: ["generate"] },
  { field: "--language", asked: ({ language }) => language !== undefined, tasks: ["generate", "edit"] },
  { field: "--storage-uri", asked: ({ storageUri }) => storageUri !== undefined, tasks: everyTask },
  { field: "--upscale", asked: ({ upscale }) => upscale !== undefined, tasks: ["upscale"] },
];

/** What generateContent takes and predict does not. */
const foreignOptions: readonly ImagenOption[] = [
  { field: "--temperature", asked: ({ temperature }) => temperature !== undefined, tasks: [] },
  { field: "--system", asked: ({ system }) => system !== undefined, tasks: [] },
  { field: "--session", asked: ({ session }) => session !== undefined, tasks: [] },
  { field: "--doc", asked: ({ documents = [] }) => documents.length > 0, tasks: [] },
  { field: "--seed", asked: ({ seed }) => seed !== undefined, tasks: ["generate", "edit"] },
  { field: "--transparent", asked: ({ transparent }) => transparent === true, tasks: ["generate", "edit"] },
];

/** `null` for a model that is no Imagen. Mistakes go to `problems`; the result is only meant when there were none. */
export function choosePredict(
  request: GenerateRequest,
  model: Model,
  referencesAsked: number,
  problems: Problem[],
): PlannedPredict | null {
  const rules = model.kind === "imagen" ? model.predict : undefined;
  if (rules === undefined) {
    for (const { field, asked } of imagenOptions) {
      if (asked(request)) problems.push(notTaken(field, model, "; only Imagen models do"));
    }
    return null;
  }
  for (const { field, asked, tasks } of [...imagenOptions, ...foreignOptions]) {
    if (asked(request) && !tasks.includes(rules.task)) problems.push(notTaken(field, model));
  }
  checkPredictValues(request, problems);
  checkSeed(request, rules, problems);
  if (request.negativePrompt !== undefined && !rules.negativePrompt && rules.task === "generate") {
    problems.push(notTaken("--negative-prompt", model, "; say in the prompt itself what should not be there"));
  }
  if (rules.task !== "generate" && referencesAsked === 0) {
    problems.push({
      code: "value-not-allowed",
      field: "--image",
      message: `${model.id} ${rules.task === "edit" ? "edits" : "enlarges"} a picture, and none was given: --image <path>.`,
    });
  }
  const roles = rules.task === "edit" ? chooseRoles(request, referencesAsked, problems) : [];
  if (rules.task === "edit" && referencesAsked > 0) {
    checkMask(request, roles, problems);
    checkDescriptions(request, roles, problems);
  }
  if (request.storageUri !== undefined) checkStorage(request, problems);
  return {
    task: rules.task,
    negativePrompt: request.negativePrompt ?? null,
    watermark: request.watermark ?? true,
    editMode: request.editMode ?? null,
    maskMode: request.maskMode ?? null,
    maskDilation: request.maskDilation ?? null,
    roles,
    upscale: rules.task === "upscale" ? (request.upscale ?? "x2") : null,
    ...sentAsGiven(request),
  };
}

function sentAsGiven(request: GenerateRequest): Partial<PlannedPredict> {
  const { maskClasses, styleDescription, subjectDescription, computeControl } = request;
  const { safetySetting, guidanceScale, enhancePrompt, language, storageUri } = request;
  return {
    ...(maskClasses === undefined ? {} : { maskClasses }),
    ...(styleDescription === undefined ? {} : { styleDescription }),
    ...(subjectDescription === undefined ? {} : { subjectDescription }),
    ...(computeControl === true ? { computeControl } : {}),
    ...(safetySetting === undefined ? {} : { safetySetting }),
    ...(guidanceScale === undefined ? {} : { guidanceScale }),
    ...(enhancePrompt === undefined ? {} : { enhancePrompt }),
    ...(language === undefined ? {} : { language }),
    ...(storageUri === undefined ? {} : { storageUri }),
  };
}

function notTaken(field: string, model: Model, more = ""): Problem {
  return { code: "option-not-offered", field, message: `${model.id} does not take ${field}${more}.` };
}

/** A picture with the mark is never the same twice, so Google refuses a seed with it (google-apis facts §7). */
function checkSeed({ seed, watermark = true }: GenerateRequest, { task }: PredictRules, problems: Problem[]): void {
  if (seed === undefined || !watermark || task === "upscale") return;
  problems.push({
    code: "option-not-offered",
    field: "--seed",
    message: "Imagen takes --seed only together with --no-watermark.",
    given: String(seed),
  });
}

/** One role for each picture; one that was given alone is everybody's. */
function chooseRoles({ referenceRoles: given = ["raw"] }: GenerateRequest, count: number, problems: Problem[]) {
  const [only = "raw"] = given;
  if (given.length === 1) return Array.from({ length: count }, () => only);
  if (given.length !== count) {
    problems.push({
      code: "value-not-allowed",
      field: "--image-as",
      message: `--image-as names ${given.length} roles for ${count} reference pictures.`,
      given: given.join(","),
      allowed: ["one role for each picture", "one role for all"],
    });
  }
  return given;
}

const needsMask: readonly string[] = ["inpaint-insertion", "inpaint-removal", "outpaint"];

function checkMask(request: GenerateRequest, roles: readonly ReferenceRole[], problems: Problem[]): void {
  const { editMode, maskMode, maskDilation, maskClasses } = request;
  const masks = roles.filter((role) => role === "mask").length;
  const refuse = (field: string, message: string): void => {
    problems.push({ code: "value-not-allowed", field, message });
  };
  if (masks > 1) refuse("--image-as", `${masks} pictures have the role mask; one mask is taken.`);
  if (masks > 0 && maskMode !== undefined) {
    refuse(
      "--mask-mode",
      "--mask-mode lets the model find the mask, but a picture has the role mask: give one of the two.",
    );
  }
  if (maskMode === "semantic" && maskClasses === undefined) {
    refuse("--mask-mode", "--mask-mode semantic needs the classes of what to change: --mask-classes 8 for a dog.");
  }
  if (maskMode !== "semantic" && maskClasses !== undefined) {
    refuse("--mask-classes", "--mask-classes needs --mask-mode semantic.");
  }
  const hasMask = masks > 0 || maskMode !== undefined;
  if (hasMask && !roles.includes("raw"))
    refuse("--image-as", "There is a mask, but no picture with the role raw to edit.");
  if (!hasMask && editMode !== undefined && needsMask.includes(editMode)) {
    refuse(
      "--edit-mode",
      `--edit-mode ${editMode} needs a mask: a picture with the role mask (--image-as raw,mask), or --mask-mode.`,
    );
  }
  if (!hasMask && maskDilation !== undefined)
    refuse("--mask-dilation", "--mask-dilation widens a mask, and there is none.");
}

/** What is done to a picture on this machine cannot be done to one that never comes here. */
function checkStorage(request: GenerateRequest, problems: Problem[]): void {
  const { transparent, quality, format, output = "" } = request;
  const needsPicture = [
    ["--transparent", transparent === true],
    ["--quality", quality !== undefined],
    ["--format webp", format === "webp"],
    ["--output with .webp", output.toLowerCase().endsWith(".webp")],
  ] as const;
  for (const [asked, isAsked] of needsPicture) {
    if (!isAsked) continue;
    problems.push({
      code: "option-not-offered",
      field: asked.split(" ")[0] ?? asked,
      message: `${asked} needs the picture on this machine, and --storage-uri leaves it in the bucket: leave one of the two out.`,
    });
  }
}

/** Words about a picture that was not given would be dropped without a sound. */
function checkDescriptions(request: GenerateRequest, roles: readonly ReferenceRole[], problems: Problem[]): void {
  const needs = [
    ["--style-description", request.styleDescription !== undefined, "style"],
    ["--subject-description", request.subjectDescription !== undefined, "subject"],
    ["--compute-control", request.computeControl === true, "control"],
  ] as const;
  for (const [field, isGiven, role] of needs) {
    if (!isGiven || roles.some((each) => each === role || each.startsWith(`${role}-`))) continue;
    problems.push({
      code: "value-not-allowed",
      field,
      message: `${field} is about a picture with the role ${role}, and there is none: --image-as ${role}.`,
    });
  }
}

/** The pixels of an enlarged picture; `null` when those of the picture are not known. */
export function enlarged({ references }: Pick<PlannedInputs, "references">, factor: UpscaleFactor): Pixels | null {
  const [picture] = references;
  const times = Number(factor.slice(1));
  if (typeof picture?.width !== "number" || typeof picture.height !== "number") return null;
  return { width: picture.width * times, height: picture.height * times };
}
