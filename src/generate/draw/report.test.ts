import { describe, expect, test } from "vitest";
import type { TokenUsage } from "../../core/answer.ts";
import type { ErrorCode } from "../../core/error-table.ts";
import type { ImageReport } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import { ToolError } from "../../core/tool-error.ts";
import { endpointFor } from "../../google/endpoints/registry.ts";
import { createCatalogue } from "../../google/models/catalogue.ts";
import type { PictureResult } from "./picture-result.ts";
import { planRequest } from "../plan/plan.ts";
import { type ReportInput, reportOutcome, reportPicture } from "./report.ts";

const catalogue = createCatalogue();

function plan(count: number, metered = true): Plan {
  const name = metered ? "generativelanguage" : "cliproxyapi";
  return planRequest({
    request: { prompt: "a fox", count },
    operation: "01OPERATION",
    nowMs: Date.parse("2026-11-24T12:00:00Z"),
    catalogue,
    endpoint: endpointFor(name),
    way: { auth: "api-key", endpoint: name, baseUrl: "https://example.test", projectId: null, location: null },
    offered: null,
    rehearsal: false,
    output: { directory: "/out", stem: "image", format: null, extension: null, numbered: true },
    deadlines: { totalMs: 300_000, connectMs: 10_000, idleMs: 60_000 },
    problems: [],
    warnings: ["of the plan"],
  });
}

const image = (index: number): ImageReport => ({
  path: `/out/image_${index}.jpg`,
  mimeType: "image/jpeg",
  width: 1024,
  height: 1024,
  bytes: 10,
  sha256: "0".repeat(64),
  matchesRequest: true,
});

const usage = (more: Partial<TokenUsage> = {}): TokenUsage => ({
  promptTokens: 10,
  promptImageTokens: 0,
  imageTokens: 1120,
  textTokens: 2,
  thoughtTokens: 3,
  servedTier: null,
  ...more,
});

const empty: Omit<PictureResult, "index"> = {
  attempts: 1,
  text: null,
  usage: null,
  searchQueries: 0,
  modelVersion: null,
  responseId: null,
  warnings: [],
};

const drawn = (index: number, more: Partial<PictureResult> = {}): PictureResult => ({
  ...empty,
  index,
  usage: usage(),
  image: image(index),
  ...more,
});

const failed = (index: number, code: ErrorCode, more: Partial<PictureResult> = {}): PictureResult => ({
  ...empty,
  index,
  error: new ToolError(code),
  ...more,
});

const report = (count: number, results: readonly PictureResult[], more: Partial<ReportInput> = {}) =>
  reportOutcome({
    plan: plan(count),
    model: catalogue.default,
    results,
    durationMs: 1234.56,
    nowMs: 0,
    notStarted: null,
    ...more,
  });

/** 1120 picture tokens, 10 of the prompt, 5 of text and thinking. */
const PICTURE_MICRO_USD = 134_400 + 20 + 60;

describe("all pictures", () => {
  const outcome = report(2, [
    drawn(0, { attempts: 3, text: "first", modelVersion: "v1", responseId: "r0", warnings: ["w", "of the plan"] }),
    drawn(1, { text: "second", modelVersion: "v2", responseId: "r1", warnings: ["w"] }),
  ]);

  test("are ok, without errors", () => {
    expect(outcome).toMatchObject({ version: 1, status: "ok", operation: "01OPERATION", rehearsal: false });
    expect(outcome).not.toHaveProperty("errors");
    expect(outcome).not.toHaveProperty("error");
  });

  test("add up: attempts, tokens, cost", () => {
    expect(outcome).toMatchObject({
      attempts: 4,
      durationMs: 1235,
      usage: { promptTokens: 20, imageTokens: 2240, textTokens: 4, thoughtTokens: 6 },
      cost: { basis: "usage", actualMicroUsd: 2 * PICTURE_MICRO_USD, estimatedMicroUsd: 268_000 },
    });
  });

  test("are told with the last answer's names, every text, and each warning once", () => {
    expect(outcome).toMatchObject({
      route: { modelVersion: "v2" },
      responseId: "r1",
      text: "first\n\nsecond",
      warnings: ["of the plan", "w"],
    });
  });

  test("have their fields in the design's order", () => {
    expect(Object.keys(outcome)).toEqual([
      "version",
      "status",
      "operation",
      "rehearsal",
      "route",
      "request",
      "images",
      "text",
      "cost",
      "usage",
      "attempts",
      "durationMs",
      "responseId",
      "warnings",
    ]);
  });

  test("survive JSON", () => {
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
  });
});

describe("some of the pictures", () => {
  test("are partial, with what became of the others", () => {
    expect(report(2, [drawn(0), failed(1, "refused-safety", { usage: usage({ imageTokens: 0 }) })])).toMatchObject({
      status: "partial",
      images: [{ path: "/out/image_0.jpg" }],
      errors: [{ code: "refused-safety", image: 1 }],
      cost: { basis: "usage", actualMicroUsd: PICTURE_MICRO_USD + 80 },
    });
  });

  test("and those that were not started have their reason too", () => {
    const notStarted = new ToolError("interrupted", { billed: "no" });
    expect(report(3, [drawn(0)], { notStarted })).toMatchObject({
      status: "partial",
      errors: [{ code: "interrupted", billed: "no" }],
    });
  });
});

describe("no picture", () => {
  test("is an error, with what is known of the calls", () => {
    expect(report(1, [failed(0, "quota-exhausted", { attempts: 3 })])).toMatchObject({
      status: "error",
      error: { code: "quota-exhausted" },
      route: { model: "gemini-3-pro-image" },
      request: { prompt: "a fox", references: [] },
      usage: null,
      attempts: 3,
      cost: { actualMicroUsd: 0 },
    });
  });

  test.each([
    [["quota-exhausted", "timeout"], "timeout"],
    [["quota-exhausted", "not-published"], "not-published"],
    [["not-published", "connection-lost"], "connection-lost"],
    [["refused-safety", "quota-exhausted"], "refused-safety"],
  ] as const)("%j: %s matters most", (codes, code) => {
    const results = codes.map((one, index) => failed(index, one));
    expect(report(2, results)).toMatchObject({ status: "error", error: { code } });
  });

  test("interrupted before the first is interrupted", () => {
    const notStarted = new ToolError("interrupted", { billed: "no" });
    expect(report(2, [], { notStarted })).toMatchObject({
      status: "error",
      error: { code: "interrupted", exitCode: 130 },
      cost: { actualMicroUsd: 0, basis: "usage" },
      attempts: 0,
    });
  });
});

describe("the cost", () => {
  test("of a lost answer is unknown and never 0", () => {
    expect(report(1, [failed(0, "timeout")]).cost).toMatchObject({ basis: "unknown", actualMicroUsd: null });
  });

  test("of a picture that is kept elsewhere counts, by the list where no tokens came", () => {
    expect(report(1, [failed(0, "not-published")]).cost).toMatchObject({
      basis: "list-price",
      actualMicroUsd: 134_000,
    });
  });

  test("counts the searches of all calls, and the usage says how many; without a search it says nothing of them", () => {
    const searched = report(2, [drawn(0, { searchQueries: 2 }), drawn(1, { searchQueries: 1 })]);
    expect(searched.cost?.actualMicroUsd).toBe(2 * PICTURE_MICRO_USD + 3 * 14_000);
    expect(searched.usage).toMatchObject({ searchQueries: 3 });
    expect(report(1, [drawn(0)]).usage).not.toHaveProperty("searchQueries");
  });

  test("on an unmetered route is 0, and the list price is told", () => {
    expect(report(1, [drawn(0)], { plan: plan(1, false) }).cost).toMatchObject({
      basis: "unmetered",
      actualMicroUsd: 0,
      listPriceMicroUsd: PICTURE_MICRO_USD,
    });
  });
});

test("a picture's own report is about it alone, and the reports add up", () => {
  const results = [drawn(0), drawn(1), failed(2, "refused-safety", { usage: usage({ imageTokens: 0 }) })];
  const input: ReportInput = {
    plan: plan(3),
    model: catalogue.default,
    results: [],
    durationMs: 1,
    nowMs: 0,
    notStarted: null,
  };
  const own = results.map((result) => reportPicture(input, result));
  expect(own.map(({ status }) => status)).toEqual(["ok", "ok", "error"]);
  expect(own.every(({ request, cost }) => request?.count === 1 && cost?.estimatedMicroUsd === 134_000)).toBe(true);
  const sum = own.reduce((total, { cost }) => total + (cost?.actualMicroUsd ?? Number.NaN), 0);
  expect(sum).toBe(report(3, results).cost?.actualMicroUsd);
});
