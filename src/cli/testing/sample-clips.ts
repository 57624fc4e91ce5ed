// Sample values of the library's shapes for clips, for tests of what is shown.

import type { ClipFailure, ClipPlan, ClipReport, ClipSuccess } from "../../core/clip.ts";
import type { ErrorCode } from "../../core/error-table.ts";
import { reportError, ToolError, type ToolErrorDetails } from "../../core/tool-error.ts";
import { sampleCost } from "./samples.ts";

export function sampleClipPlan(changes: Partial<ClipPlan> = {}): ClipPlan {
  return {
    kind: "clip",
    operation: "01JD0000000000000000000000",
    rehearsal: false,
    wire: "predict",
    route: {
      auth: "adc",
      endpoint: "aiplatform",
      baseUrl: "http://127.0.0.1:1",
      model: "sample-video-model",
      requestedModel: "sample-video-model",
      projectId: null,
      location: null,
    },
    request: {
      prompt: "Fade transition to credits",
      seconds: 7,
      resolution: "720p",
      aspectRatio: "16:9",
      audio: null,
      negativePrompt: null,
      seed: null,
      personGeneration: null,
      storageUri: null,
      firstFrame: null,
      lastFrame: null,
      references: [],
      extends: null,
    },
    expected: { width: 1280, height: 720, seconds: 7 },
    output: { directory: "/videos", stem: "video", format: null, extension: ".mp4", numbered: true },
    cost: {
      perSecondMicroUsd: 100_000,
      seconds: 7,
      inputMicroUsd: 0,
      estimatedMicroUsd: 700_000,
      tokens: null,
      assumed: false,
      pricedAsOf: "2026-09-24",
      metered: true,
    },
    deadlines: { totalMs: 300_000, connectMs: 10_000, idleMs: 60_000 },
    patienceMs: 900_000,
    warnings: [],
    ...changes,
  };
}

export function sampleClip(changes: Partial<ClipReport> = {}): ClipReport {
  return {
    path: "/videos/video_0.mp4",
    uri: null,
    mimeType: "video/mp4",
    seconds: 7,
    width: 1280,
    height: 720,
    codec: "avc",
    hasAudio: true,
    bytes: 1_258_291,
    sha256: "0".repeat(64),
    matchesRequest: true,
    ...changes,
  };
}

export function sampleClipSuccess(changes: Partial<ClipSuccess> = {}): ClipSuccess {
  const { operation, request, route } = sampleClipPlan();
  return {
    version: 1,
    status: "ok",
    operation,
    rehearsal: false,
    route: { auth: route.auth, endpoint: route.endpoint, model: route.model, modelVersion: null },
    request,
    videos: [sampleClip()],
    usage: null,
    cost: sampleCost({
      estimatedMicroUsd: 700_000,
      actualMicroUsd: 700_000,
      listPriceMicroUsd: 700_000,
      basis: "list-price",
    }),
    attempts: 1,
    durationMs: 42_000,
    handle: "operations/1",
    warnings: [],
    ...changes,
  };
}

export function sampleClipFailure(code: ErrorCode, details: ToolErrorDetails = {}): ClipFailure {
  const { operation } = sampleClipPlan();
  return {
    version: 1,
    status: "error",
    operation,
    rehearsal: false,
    handle: "operations/1",
    error: reportError(new ToolError(code, details)),
  };
}
