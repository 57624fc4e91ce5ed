// Sample values of the library's shapes, for tests of what is shown.

import type { CostReport, ErrorOutcome, ImageReport, SuccessOutcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import { reportError, ToolError, type ToolErrorDetails } from "../../core/tool-error.ts";
import type { ErrorCode } from "../../core/error-table.ts";

const sampleModel = "sample-image-model";

export function samplePlan(changes: Partial<Plan> = {}): Plan {
  return {
    operation: "01JD0000000000000000000000",
    rehearsal: false,
    route: {
      auth: "api-key",
      endpoint: "generativelanguage",
      baseUrl: "http://127.0.0.1:1",
      model: sampleModel,
      requestedModel: sampleModel,
      projectId: null,
      location: null,
    },
    request: {
      prompt: "แมวน้ำ 🦊 in the snow",
      aspectRatio: "16:9",
      size: "1K",
      count: 1,
      tier: "standard",
      seed: null,
      temperature: null,
      thinking: null,
      search: false,
      system: null,
      personGeneration: null,
      references: [],
      documents: [],
    },
    expected: { width: 1376, height: 768 },
    output: { directory: "/pictures", stem: "image", format: null, extension: null, numbered: true },
    cost: {
      perImageMicroUsd: 134_000,
      referencesMicroUsd: 0,
      estimatedMicroUsd: 134_000,
      worstCaseMicroUsd: 300_000,
      pricedAsOf: "2026-09-24",
      assumed: false,
      metered: true,
    },
    deadlines: { totalMs: 300_000, connectMs: 10_000, idleMs: 60_000 },
    warnings: [],
    ...changes,
  };
}

export function sampleImage(changes: Partial<ImageReport> = {}): ImageReport {
  return {
    path: "/pictures/image_0.jpg",
    mimeType: "image/jpeg",
    width: 1376,
    height: 768,
    bytes: 1_258_291,
    sha256: "0".repeat(64),
    matchesRequest: true,
    ...changes,
  };
}

export function sampleCost(changes: Partial<CostReport> = {}): CostReport {
  return {
    currency: "USD",
    estimatedMicroUsd: 134_000,
    actualMicroUsd: 134_400,
    listPriceMicroUsd: 134_400,
    basis: "usage",
    pricedAsOf: "2026-09-24",
    freeTier: false,
    ...changes,
  };
}

export function sampleSuccess(changes: Partial<SuccessOutcome> = {}): SuccessOutcome {
  const { operation, request, route } = samplePlan();
  return {
    version: 1,
    status: "ok",
    operation,
    rehearsal: false,
    route: { auth: route.auth, endpoint: route.endpoint, model: route.model, modelVersion: null },
    request,
    images: [sampleImage()],
    text: null,
    cost: sampleCost(),
    usage: { promptTokens: 5, imageTokens: 1120, textTokens: 0, thoughtTokens: 200 },
    attempts: 1,
    durationMs: 12_000,
    responseId: null,
    warnings: [],
    ...changes,
  };
}

export function sampleFailure(code: ErrorCode, details: ToolErrorDetails = {}): ErrorOutcome {
  return {
    version: 1,
    status: "error",
    operation: samplePlan().operation,
    rehearsal: false,
    error: reportError(new ToolError(code, details)),
  };
}
