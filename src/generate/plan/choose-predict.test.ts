import { describe, expect, test } from "vitest";
import type { GenerateRequest } from "../../core/request.ts";
import type { Problem } from "../../core/tool-error.ts";
import { createCatalogue } from "../../google/models/catalogue.ts";
import type { PredictRules } from "../../google/models/model.ts";
import { choosePredict, enlarged } from "./choose-predict.ts";

const { models } = createCatalogue();

function choose(task: PredictRules["task"] | "none", request: Partial<GenerateRequest> = {}, references = 0) {
  // The newest of each comes last.
  const model = models.findLast(({ kind, predict }) => kind !== "video" && (predict?.task ?? "none") === task);
  const problems: Problem[] = [];
  if (!model) throw new Error(`There is no model to ${task}.`);
  const planned = choosePredict({ prompt: "a fox", ...request }, model, references, problems);
  return { planned, problems, fields: problems.map(({ field }) => field).toSorted() };
}

/** As a caller without types would write it. */
const wrongly = (request: object) => request as Partial<GenerateRequest>;

describe("drawing", () => {
  test("needs nothing, and keeps the mark", () => {
    expect(choose("generate")).toEqual({
      planned: {
        task: "generate",
        negativePrompt: null,
        watermark: true,
        editMode: null,
        maskMode: null,
        maskDilation: null,
        roles: [],
        upscale: null,
      },
      problems: [],
      fields: [],
    });
  });

  test("takes a seed only without the mark", () => {
    expect(choose("generate", { seed: 7 }).problems).toMatchObject([
      { code: "option-not-offered", field: "--seed", message: expect.stringContaining("--no-watermark") },
    ]);
    expect(choose("generate", { seed: 7, watermark: false }).problems).toEqual([]);
  });

  test("refuses what is for editing and enlarging, and what generateContent takes, all at once", () => {
    const { fields } = choose("generate", {
      negativePrompt: "a hen",
      editMode: "outpaint",
      maskMode: "background",
      maskDilation: 0.5,
      referenceRoles: ["style"],
      upscale: "x4",
      temperature: 1,
      system: "be kind",
      session: "s",
      documents: ["a.txt"],
    });
    expect(fields).toEqual([
      "--doc",
      "--edit-mode",
      "--image-as",
      "--mask-dilation",
      "--mask-mode",
      "--negative-prompt",
      "--session",
      "--system",
      "--temperature",
      "--upscale",
    ]);
  });

  test("of the first of Imagen 3 takes what should not be in it", () => {
    const first = models.find(({ predict }) => predict?.task === "generate" && predict.negativePrompt);
    const problems: Problem[] = [];
    if (!first) throw new Error("There is none.");
    expect(choosePredict({ prompt: "a", negativePrompt: "a hen" }, first, 0, problems)).toMatchObject({
      negativePrompt: "a hen",
    });
    expect(problems).toEqual([]);
  });
});

describe("editing", () => {
  test("takes pictures as raw, or all in one role, or each in its own", () => {
    expect(choose("edit", {}, 2).planned?.roles).toEqual(["raw", "raw"]);
    expect(choose("edit", { referenceRoles: ["style"] }, 2).planned?.roles).toEqual(["style", "style"]);
    expect(choose("edit", { referenceRoles: ["raw", "mask"] }, 2).planned?.roles).toEqual(["raw", "mask"]);
  });

  test.each<[string, Partial<GenerateRequest>, number, string]>([
    ["no picture", {}, 0, "--image"],
    ["fewer pictures than roles", { referenceRoles: ["raw", "mask"] }, 1, "--image-as"],
    ["more pictures than roles", { referenceRoles: ["raw", "mask"] }, 3, "--image-as"],
    ["two masks", { referenceRoles: ["raw", "mask", "mask"] }, 3, "--image-as"],
    ["a mask of nothing", { referenceRoles: ["style", "mask"] }, 2, "--image-as"],
    ["a mask twice", { referenceRoles: ["raw", "mask"], maskMode: "background" }, 2, "--mask-mode"],
    ["an edit of a part without the part", { editMode: "inpaint-removal" }, 1, "--edit-mode"],
    ["a mask that is widened and not there", { maskDilation: 0.1 }, 1, "--mask-dilation"],
    ["a mask beyond itself", { maskMode: "foreground", maskDilation: 1.01 }, 1, "--mask-dilation"],
    ["a mask of no number", { maskMode: "foreground", maskDilation: Number.NaN }, 1, "--mask-dilation"],
    ["a mode that is none", wrongly({ editMode: "__proto__" }), 1, "--edit-mode"],
    ["a mask mode that is none", wrongly({ maskMode: "everything" }), 1, "--mask-mode"],
    ["a role that is none", wrongly({ referenceRoles: ["constructor"] }), 1, "--image-as"],
    ["words that are none", { negativePrompt: "  " }, 1, "--negative-prompt"],
  ])("%s is refused", (_, request, references, field) => {
    expect(choose("edit", request, references)).toMatchObject({
      fields: [field],
      problems: [{ code: "value-not-allowed" }],
    });
  });

  test.each<[Partial<GenerateRequest>, number]>([
    [{ editMode: "inpaint-insertion", maskMode: "foreground", maskDilation: 0 }, 1],
    [{ editMode: "outpaint", referenceRoles: ["raw", "mask"], maskDilation: 1 }, 2],
    [{ editMode: "bgswap" }, 1],
    [{ referenceRoles: ["subject-person", "style", "control-canny"] }, 3],
    [{ negativePrompt: "a hen", seed: 3, watermark: false }, 1],
  ])("%j is taken", (request, references) => {
    expect(choose("edit", request, references).problems).toEqual([]);
  });
});

describe("enlarging", () => {
  test("is twice as large where nothing else is asked for", () => {
    expect(choose("upscale", {}, 1)).toMatchObject({ planned: { upscale: "x2" }, problems: [] });
    expect(choose("upscale", { upscale: "x4" }, 1).planned?.upscale).toBe("x4");
  });

  test("refuses no picture, other factors, and what changes a picture", () => {
    expect(choose("upscale").fields).toEqual(["--image"]);
    expect(choose("upscale", wrongly({ upscale: "x5" }), 1).fields).toEqual(["--upscale"]);
    const changes = { seed: 1, watermark: false, negativePrompt: "a", transparent: true, editMode: "style" } as const;
    expect(choose("upscale", changes, 1).fields).toEqual([
      "--edit-mode",
      "--negative-prompt",
      "--no-watermark",
      "--seed",
      "--transparent",
    ]);
  });

  test("tells the pixels, where those of the picture are known", () => {
    const reference = { sha256: "0", mimeType: "image/png", width: 30, height: 20 };
    expect(enlarged({ references: [reference] }, "x3")).toEqual({ width: 90, height: 60 });
    expect(enlarged({ references: [{ ...reference, width: null, height: null }] }, "x3")).toBeNull();
  });
});

test("a model that is no Imagen refuses each of Imagen's options and nothing else", () => {
  const { planned, fields } = choose("none", {
    negativePrompt: "a hen",
    watermark: false,
    editMode: "style",
    maskMode: "background",
    maskDilation: 0,
    referenceRoles: ["raw"],
    upscale: "x2",
    temperature: 1,
    seed: 1,
  });
  expect(planned).toBeNull();
  expect(fields).toEqual([
    "--edit-mode",
    "--image-as",
    "--mask-dilation",
    "--mask-mode",
    "--negative-prompt",
    "--no-watermark",
    "--upscale",
  ]);
  expect(choose("none", { watermark: true, allowRetired: true }).problems).toEqual([]);
});

describe("what is sent as it was given", () => {
  const raw = { referenceRoles: ["raw"] } as const;

  test("drawing: filter, guidance, the prompt as it is, language, bucket", () => {
    const wish = {
      safetySetting: "block-none",
      guidanceScale: 21,
      enhancePrompt: false,
      language: "ko",
      storageUri: "gs://bucket/foxes",
    } as const;
    expect(choose("generate", wish)).toMatchObject({ planned: wish, problems: [] });
  });

  test("editing: classes of a semantic mask, descriptions, a control picture to be made", () => {
    const masked = { ...raw, maskMode: "semantic", maskClasses: [8] } as const;
    expect(choose("edit", masked, 1)).toMatchObject({
      planned: { maskMode: "semantic", maskClasses: [8] },
      fields: [],
    });
    const described = {
      referenceRoles: ["style", "subject-animal", "control-canny"],
      styleDescription: "ink",
      subjectDescription: "a fox",
      computeControl: true,
    } as const;
    const { referenceRoles: roles, ...said } = described;
    expect(choose("edit", described, 3)).toMatchObject({ planned: { ...said, roles }, fields: [] });
  });

  test.each([
    ["--mask-mode", { maskMode: "semantic" }],
    ["--mask-classes", { maskMode: "foreground", maskClasses: [1] }],
    ["--mask-classes", { maskMode: "semantic", maskClasses: [] }],
    ["--mask-classes", { maskMode: "semantic", maskClasses: [1, 2, 3, 4, 5, 6] }],
    ["--mask-classes", { maskMode: "semantic", maskClasses: [1, 1] }],
    ["--mask-classes", { maskMode: "semantic", maskClasses: [1.5] }],
    ["--style-description", { styleDescription: "ink" }],
    ["--style-description", { referenceRoles: ["style"], styleDescription: " " }],
    ["--subject-description", { subjectDescription: "a fox" }],
    ["--compute-control", { computeControl: true }],
    ["--guidance", { guidanceScale: 501 }],
    ["--guidance", { guidanceScale: Number.NaN }],
    ["--safety", { safetySetting: "block-some" }],
    ["--language", { language: "de" }],
    ["--storage-uri", { storageUri: "bucket/foxes" }],
    ["--no-enhance-prompt", { enhancePrompt: false }],
  ])("editing refuses %s: %j", (field, wish) => {
    expect(choose("edit", wrongly({ ...raw, ...wish }), 1).fields).toEqual([field]);
  });

  const everything = {
    maskClasses: [1],
    styleDescription: "ink",
    subjectDescription: "a fox",
    computeControl: true,
    guidanceScale: 4,
    enhancePrompt: false,
    language: "en",
  } as const;

  test("enlarging takes none of it but filter and bucket", () => {
    const both = { safetySetting: "block-none", storageUri: "gs://bucket/foxes" } as const;
    expect(choose("upscale", both, 1)).toMatchObject({ planned: both, problems: [] });
    expect(choose("upscale", everything, 1).fields).toHaveLength(7);
  });

  test("other models take none of it, and say who does", () => {
    const { problems } = choose("none", {
      ...everything,
      safetySetting: "block-none",
      storageUri: "gs://bucket/foxes",
    });
    expect(problems).toHaveLength(9);
    for (const { message } of problems) expect(message).toContain("only Imagen models do");
  });
});
