// Values that only Imagen takes, each by itself: is it one that is allowed? What fits together is choose-predict's business.

import {
  editModes,
  maskModes,
  promptLanguages,
  referenceRoles,
  safetySettings,
  upscaleFactors,
} from "../../core/predict-options.ts";
import type { GenerateRequest } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import { isBucketAddress } from "./bucket-address.ts";
import { notAllowed } from "./not-allowed.ts";

/** Of one semantic mask. Source: @google/genai 2.32.0, MaskReferenceConfig.segmentationClasses. */
const MOST_CLASSES = 5;
/**
 * The facts give 60 and no range; Google's reference (VisionGenerativeModelParams) calls 21 and more strong and names no end.
 * 500 is a limit of ours, 2026-11-24: far beyond anything suggested, and it catches a slip of the finger.
 */
const MOST_GUIDANCE = 500;

export function checkPredictValues(request: GenerateRequest, problems: Problem[]): void {
  const choices = [
    ["--edit-mode", request.editMode, editModes],
    ["--mask-mode", request.maskMode, maskModes],
    ["--safety", request.safetySetting, safetySettings],
    ["--language", request.language, promptLanguages],
    ["--upscale", request.upscale, upscaleFactors],
    ...(request.referenceRoles ?? []).map((role) => ["--image-as", role, referenceRoles] as const),
  ] as const;
  for (const [field, given, allowed] of choices) {
    if (given === undefined || (allowed as readonly string[]).includes(given)) continue;
    problems.push(notAllowed(field, given, allowed));
  }
  checkNumbers(request, problems);
  checkTexts(request, problems);
}

function checkNumbers({ maskDilation, maskClasses, guidanceScale }: GenerateRequest, problems: Problem[]): void {
  if (maskDilation !== undefined && !(maskDilation >= 0 && maskDilation <= 1)) {
    problems.push(notAllowed("--mask-dilation", maskDilation, ["a number from 0 to 1"]));
  }
  if (guidanceScale !== undefined && !(guidanceScale >= 0 && guidanceScale <= MOST_GUIDANCE)) {
    problems.push(notAllowed("--guidance", guidanceScale, [`a number from 0 to ${MOST_GUIDANCE}`]));
  }
  if (maskClasses === undefined) return;
  const isCounted = maskClasses.length >= 1 && maskClasses.length <= MOST_CLASSES;
  const areIds = maskClasses.every((id) => Number.isInteger(id) && id >= 0);
  if (isCounted && areIds && new Set(maskClasses).size === maskClasses.length) return;
  const allowed = `1 to ${MOST_CLASSES} different whole numbers from 0`;
  problems.push(notAllowed("--mask-classes", maskClasses.join(",") || "empty", [allowed]));
}

function checkTexts(request: GenerateRequest, problems: Problem[]): void {
  const texts = [
    ["--negative-prompt", request.negativePrompt],
    ["--style-description", request.styleDescription],
    ["--subject-description", request.subjectDescription],
  ] as const;
  for (const [field, text] of texts) {
    if (text !== undefined && text.trim() === "") {
      problems.push(notAllowed(field, JSON.stringify(text), ["some words"]));
    }
  }
  const { storageUri } = request;
  if (storageUri !== undefined && !isBucketAddress(storageUri)) {
    problems.push(notAllowed("--storage-uri", storageUri, ["gs://bucket/folder"]));
  }
}
