// The library's door: `import { createImageGen } from "image-gen"`. An explicit list; what is not here is not promised.

export type {
  ClipEvent,
  ClipFailure,
  ClipOutcome,
  ClipPlan,
  ClipReport,
  ClipRequest,
  ClipSuccess,
  OnClipEvent,
} from "./core/clip.ts";
export { type Billed, type ErrorCode, errorTable, type ExitCode } from "./core/error-table.ts";
export type { Finishing, KeyColour } from "./core/finishing.ts";
export type { MicroUsd } from "./core/money.ts";
export type {
  CostBasis,
  CostReport,
  ErrorOutcome,
  ImageReport,
  StoredImageReport,
  Outcome,
  PictureError,
  RequestReport,
  RouteReport,
  SuccessOutcome,
  UsageReport,
} from "./core/outcome.ts";
export type { Deadlines, Estimate, OutputTarget, PictureFormat, Pixels, Plan } from "./core/plan.ts";
export type { OnProgress, ProgressEvent } from "./core/progress.ts";
export type {
  DocumentReport,
  GenerateRequest,
  PersonGeneration,
  PlannedRequest,
  Reference,
  ReferenceReport,
  ThinkingLevel,
  Tier,
} from "./core/request.ts";
export type {
  EditMode,
  MaskMode,
  PlannedPredict,
  PromptLanguage,
  ReferenceRole,
  SafetySetting,
  UpscaleFactor,
} from "./core/predict-options.ts";
export type { ReferencePolicy } from "./references/policy.ts";
export type { AuthMethod, EndpointName, Route } from "./core/route.ts";
export { Secret } from "./core/secret.ts";
export { type ErrorReport, isToolError, type Problem, ToolError } from "./core/tool-error.ts";
export type { Clock } from "./core/clock.ts";
export { type ClipContext, createVideoGen, type VideoGen } from "./generate/clip/create-video-gen.ts";
export {
  createImageGen,
  type Credentials,
  type GenerateContext,
  type ImageGen,
  type ImageGenOptions,
  type RehearsalEmulator,
} from "./generate/index.ts";
export { calculateImageCost, type ImageCost } from "./spend/calculate-image-cost.ts";
