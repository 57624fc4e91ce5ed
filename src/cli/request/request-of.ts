// The request as the library wants it, from operands and settings. Only what was given; defaults are the library's.

import type { GenerateRequest } from "../../core/request.ts";
import type { SettingValues } from "../../settings/resolve.ts";

export function requestOf(
  prompt: string,
  values: SettingValues,
  given: Pick<GenerateRequest, "references" | "documents" | "variables"> = {},
): GenerateRequest {
  const { model, aspectRatio, size, count, output, tier, seed, temperature, thinking, search, system } = values;
  return {
    prompt,
    ...given,
    ...(model === null ? {} : { model }),
    ...(aspectRatio === null ? {} : { aspectRatio }),
    ...(size === null ? {} : { size }),
    ...(count === null ? {} : { count }),
    ...(output === null ? {} : { output }),
    ...(values.session === null ? {} : { session: values.session }),
    ...(values.style === null ? {} : { style: values.style }),
    ...(values.format === null ? {} : { format: values.format }),
    ...(values.quality === null ? {} : { quality: values.quality }),
    ...(values.embedMetadata === null ? {} : { embedMetadata: values.embedMetadata }),
    ...(values.transparent === null ? {} : { transparent: values.transparent }),
    ...(values.keyColour === null ? {} : { keyColour: values.keyColour }),
    ...(values.strict === null ? {} : { strict: values.strict }),
    ...(tier === null ? {} : { tier }),
    ...(seed === null ? {} : { seed }),
    ...(temperature === null ? {} : { temperature }),
    ...(thinking === null ? {} : { thinking }),
    ...(search === null ? {} : { search }),
    ...(system === null ? {} : { system }),
    ...(values.personGeneration === null ? {} : { personGeneration: values.personGeneration }),
    ...(values.negativePrompt === null ? {} : { negativePrompt: values.negativePrompt }),
    ...(values.watermark === false ? { watermark: false } : {}),
    ...(values.editMode === null ? {} : { editMode: values.editMode }),
    ...(values.maskMode === null ? {} : { maskMode: values.maskMode }),
    ...(values.maskDilation === null ? {} : { maskDilation: values.maskDilation }),
    ...(values.referenceRoles === null ? {} : { referenceRoles: values.referenceRoles }),
    ...(values.maskClasses === null ? {} : { maskClasses: values.maskClasses }),
    ...(values.styleDescription === null ? {} : { styleDescription: values.styleDescription }),
    ...(values.subjectDescription === null ? {} : { subjectDescription: values.subjectDescription }),
    ...(values.computeControl === null ? {} : { computeControl: values.computeControl }),
    ...(values.safetySetting === null ? {} : { safetySetting: values.safetySetting }),
    ...(values.guidanceScale === null ? {} : { guidanceScale: values.guidanceScale }),
    ...(values.enhancePrompt === false ? { enhancePrompt: false } : {}),
    ...(values.language === null ? {} : { language: values.language }),
    ...(values.storageUri === null ? {} : { storageUri: values.storageUri }),
    ...(values.upscale === null ? {} : { upscale: values.upscale }),
    ...(values.allowRetired === null ? {} : { allowRetired: values.allowRetired }),
    ...(values.resize === false ? { resizeReferences: false } : {}),
    ...(values.maxCostUsd === null ? {} : { maxCostUsd: values.maxCostUsd }),
    ...(values.budget === null ? {} : { budgetUsd: values.budget / 1_000_000 }),
    ...(values.idempotencyKey === null ? {} : { idempotencyKey: values.idempotencyKey }),
  };
}
