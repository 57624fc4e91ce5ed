import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { Outcome, SuccessOutcome } from "../core/outcome.ts";
import type { AuthMethod, EndpointName } from "../core/route.ts";
import { useEmulator } from "./testing/emulated.ts";

const { emulator, folder, open } = useEmulator({ keepBodies: true });

function success(outcome: Outcome): SuccessOutcome {
  if (outcome.status === "error") throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
  return outcome;
}

const picture = (background: string, width = 12): Promise<Buffer> =>
  sharp({ create: { width, height: 10, channels: 3, background } })
    .png()
    .toBuffer();

interface SentPart {
  readonly text?: string;
  readonly inlineData?: { readonly mimeType: string; readonly data: string };
}

/** The parts of the last billed request. */
function sentParts(): readonly SentPart[] {
  const bodies = emulator()
    .requests()
    .flatMap(({ billed, body }) => (billed && body !== null ? [body] : []));
  const body: { contents?: { parts: SentPart[] }[]; request?: { contents: { parts: SentPart[] }[] } } = JSON.parse(
    bodies.at(-1) ?? "{}",
  );
  return (body.contents ?? body.request?.contents)?.[0]?.parts ?? [];
}

const hashOf = (data: string): string => createHash("sha256").update(Buffer.from(data, "base64")).digest("hex");

const connections: readonly { auth: AuthMethod; endpoint: EndpointName; projectId?: string }[] = [
  { auth: "proxy", endpoint: "cliproxyapi" },
  { auth: "api-key", endpoint: "generativelanguage" },
  { auth: "vertex-key", endpoint: "aiplatform" },
  { auth: "oauth", endpoint: "aiplatform", projectId: "a-project" },
  { auth: "oauth", endpoint: "generativelanguage" },
  { auth: "oauth", endpoint: "cloudcode-pa" },
];

describe("reference pictures", () => {
  test.each(connections)(
    "reach the model over $auth on $endpoint, in the order given, as reported",
    async (connection) => {
      writeFileSync(join(folder(), "a.png"), await picture("#f00", 20));
      writeFileSync(join(folder(), "notes.md"), "Some notes.");
      const outcome = success(
        await open(connection).generate({
          prompt: "a fox",
          references: [await picture("#00f", 30), "a.png", Readable.from([await picture("#0f0", 40)])],
          documents: ["notes.md"],
        }),
      );
      const [prompt, document, ...pictures] = sentParts();
      expect(prompt).toEqual({ text: "a fox" });
      expect(document?.text).toContain("\nSome notes.\n");
      expect(pictures.map(({ inlineData }) => hashOf(inlineData?.data ?? ""))).toEqual(
        outcome.request.references.map(({ sha256 }) => sha256),
      );
      expect(outcome.request.references.map(({ width }) => width)).toEqual([30, 20, 40]);
      expect(outcome.request.documents).toMatchObject([{ name: "notes.md", bytes: 11 }]);
    },
  );

  test("stand in the record beside the picture, without their bytes", async () => {
    await open().generate({ prompt: "a fox", output: "fox.jpg", references: [await picture("#f00")] });
    const record = readFileSync(join(folder(), "fox.json"), "utf8");
    expect(JSON.parse(record).request.references).toMatchObject([{ mimeType: "image/png", width: 12, height: 10 }]);
    expect(record).not.toContain(sentParts()[1]?.inlineData?.data);
  });

  test("leave nothing behind of where they were taken and by whom", async () => {
    const marked = sharp(await picture("#f00"))
      .withExif({ IFD0: { Artist: "CANARY" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "51/1 30/1 0/1" } })
      .jpeg();
    await open().generate({ prompt: "a fox", references: [await marked.toBuffer()] });
    const sent = Buffer.from(sentParts()[1]?.inlineData?.data ?? "", "base64").toString("latin1");
    expect(sent).not.toMatch(/CANARY|Exif|GPS/);
  });

  test("that are wrong stop the request with all that is wrong, and nothing is sent", async () => {
    writeFileSync(join(folder(), "fake.png"), "hello");
    mkdirSync(join(folder(), "sub"));
    const outcome = await open().generate({
      prompt: "",
      size: "9K",
      references: ["fake.png", "missing.png", "sub", "https://127.0.0.1/x", "../outside.png"],
      documents: ["missing.md"],
    });
    if (outcome.status !== "error") throw new Error("It was not refused.");
    expect(outcome.error).toMatchObject({ exitCode: 2, billed: "no" });
    expect(outcome.error.problems?.map(({ code }) => code).toSorted()).toEqual([
      "prompt-empty",
      "reference-forbidden",
      "reference-not-usable",
      "reference-unreadable",
      "reference-unreadable",
      "reference-unreadable",
      "reference-unreadable",
      "size-not-offered",
    ]);
    expect(emulator().requests()).toEqual([]);
  });

  test("lie below the working folder unless the policy says otherwise", async () => {
    writeFileSync(`${folder()}-outside.png`, await picture("#f00"));
    const request = { prompt: "a fox", references: [`${folder()}-outside.png`] };
    expect(await open().generate(request)).toMatchObject({ error: { code: "reference-forbidden", exitCode: 2 } });
    const policy = { files: "anything", urls: "none" } as const;
    expect(await open({ references: policy }).generate(request)).toMatchObject({ status: "ok" });
  });

  test("are counted: the model's limit is said before anything is bought", async () => {
    const bytes = await picture("#f00");
    const references = Array.from({ length: 15 }, () => bytes);
    expect(await open().generate({ prompt: "a fox", references })).toMatchObject({
      error: { code: "too-many-references", message: expect.stringContaining("at most 14") as unknown },
    });
    expect(await open().generate({ prompt: "a fox", references: references.slice(1) })).toMatchObject({ status: "ok" });
  });

  test("too large for the endpoint together are refused with the numbers", async () => {
    let state = 7;
    const noise = Buffer.from(
      Buffer.alloc(2500 * 2500 * 3).map(() => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return state >>> 24;
      }),
    );
    const heavy = await sharp(noise, { raw: { width: 2500, height: 2500, channels: 3 } })
      .jpeg({ quality: 95 })
      .toBuffer();
    const references = Array.from({ length: 4 }, () => heavy);
    const outcome = await open({ auth: "oauth", endpoint: "cloudcode-pa" }).generate({ prompt: "a fox", references });
    expect(outcome).toMatchObject({
      error: {
        code: "input-too-large",
        message: expect.stringMatching(/would have \d+\.\d MB.*at most 20\.0 MB/) as unknown,
      },
    });
    expect(
      emulator()
        .requests()
        .filter(({ rpc }) => rpc === "generateContent"),
    ).toEqual([]);
  });

  test("keep the shape that they have unless one is asked for", async () => {
    const wide = await sharp({ create: { width: 160, height: 90, channels: 3, background: "#123" } })
      .png()
      .toBuffer();
    const outcome = success(await open().generate({ prompt: "a fox", references: [wide] }));
    expect(outcome.images[0]).toMatchObject({ width: 1376, height: 768, matchesRequest: true });
  });
});

describe("objects of Cloud Storage", () => {
  const request = { prompt: "a fox", references: ["gs://bucket/fox.png"] };

  test("are linked to on Vertex AI, which reads them by itself", async () => {
    const outcome = success(await open({ auth: "vertex-key", endpoint: "aiplatform" }).generate(request));
    expect(outcome.request.references).toMatchObject([{ uri: "gs://bucket/fox.png", sha256: null }]);
    expect(sentParts()[1]).toEqual({ fileData: { mimeType: "image/png", fileUri: "gs://bucket/fox.png" } });
  });

  test("are refused where they cannot be read", async () => {
    expect(await open().generate(request)).toMatchObject({ error: { code: "option-not-offered", exitCode: 2 } });
  });

  test("with other names make another request", async () => {
    const library = open({ auth: "vertex-key", endpoint: "aiplatform" });
    const unseen = { deliver: () => Promise.reject(new Error("nobody looks")) };
    const first = await library.generate(request, unseen);
    const other = await library.generate({ ...request, references: ["gs://bucket/dog.png"] }, unseen);
    expect(other.operation).not.toBe(first.operation);
  });
});

describe("the price", () => {
  test("said before counts reference pictures, for each picture that is drawn", async () => {
    const bytes = await picture("#f00");
    const plan = await open().plan({ prompt: "a fox", count: 3, references: [bytes, bytes] });
    expect(plan.cost).toMatchObject({
      perImageMicroUsd: 134_000,
      referencesMicroUsd: 2_240,
      estimatedMicroUsd: 408_720,
    });
  });

  test("cap of one picture counts them too", async () => {
    const request = { prompt: "a fox", references: [await picture("#f00")], maxCostUsd: 0.1345 };
    expect(await open().generate(request)).toMatchObject({ error: { code: "over-max-cost" } });
  });
});

describe("the same request", () => {
  test("is known by what is in the pictures, wherever they come from", async () => {
    const bytes = await picture("#f00");
    writeFileSync(join(folder(), "a.png"), bytes);
    const unseen = { deliver: () => Promise.reject(new Error("nobody looks")) };
    const first = await open().generate({ prompt: "a fox", references: [bytes] }, unseen);
    const again = await open().generate({ prompt: "a fox", references: ["a.png"] }, unseen);
    expect(again.operation).toBe(first.operation);
    const other = await open().generate({ prompt: "a fox", references: [Readable.from([await picture("#00f")])] });
    expect(other.operation).not.toBe(first.operation);
  });
});

describe("a plan", () => {
  test("downloads nothing and says so", async () => {
    const plan = await open().plan({ prompt: "a fox", references: ["https://pictures.example/a.png"] });
    expect(plan.request.references).toEqual([{ sha256: null, mimeType: null, width: null, height: null }]);
  });

  test("refuses what the run would refuse", async () => {
    await expect(open().plan({ prompt: "a fox", references: ["missing.png"] })).rejects.toMatchObject({
      code: "reference-unreadable",
    });
  });
});
