// Whether a model goes on with this very clip: length, size and shape from the clip's own header, before anything is paid.

import type { ClipHeader, ClipRequest, ExtendedReport } from "../../core/clip.ts";
import type { Pixels } from "../../core/plan.ts";
import type { Problem } from "../../core/tool-error.ts";
import type { Endpoint } from "../../google/endpoints/endpoint.ts";
import { megabytes } from "../plan/plan-size.ts";
import { defaultVideoModel } from "../../google/models/video.ts";
import type { ClipRules, ExtensionRules, Model } from "../../google/models/model.ts";

/** Lying; an upright clip has them the other way round. */
export const clipSizes: Readonly<Record<string, Pixels>> = {
  "360p": { width: 640, height: 360 },
  "720p": { width: 1280, height: 720 },
  "1080p": { width: 1920, height: 1080 },
  "4k": { width: 3840, height: 2160 },
};

/** Half a frame more than the limit is still within it: headers round. */
const SLACK_SECONDS = 0.05;

/** Clips that Veo takes are H.264 or H.265; others are refused before paying. */
const CODECS: ReadonlySet<string> = new Set(["avc", "hevc"]);

/** `null` for a size that no model makes. */
export function resolutionOf({ width, height }: Pick<ClipHeader, "width" | "height">): string | null {
  const found = Object.entries(clipSizes).find(
    ([, size]) => (size.width === width && size.height === height) || (size.width === height && size.height === width),
  );
  return found?.[0] ?? null;
}

export interface ExtensionQuestion {
  readonly extended: ExtendedReport;
  readonly resolution: string;
  readonly aspectRatio: string;
  readonly request: ClipRequest;
  readonly model: Model & { readonly clip: ClipRules };
  readonly endpoint: Endpoint;
}

/** Mistakes go to `problems`. */
export function checkExtension(question: ExtensionQuestion, problems: Problem[], warnings: string[]): void {
  const { extended, request, model, endpoint } = question;
  const rules = model.clip.extension[endpoint.name];
  if (rules === undefined) {
    const can = `${defaultVideoModel("aiplatform")} on Vertex AI (--auth adc or vertex-key) does.`;
    problems.push(no(question, `${model.id} does not extend clips on ${endpoint.label}. ${can}`, "option-not-offered"));
    return;
  }
  checkPlace(question, rules, problems);
  if (extended.header !== null) checkHeader(question, extended.header, rules, problems);
  const { durationSeconds, lastFrame } = request;
  if (durationSeconds !== undefined && durationSeconds !== rules.addsSeconds) {
    problems.push({
      code: "value-not-allowed",
      field: "--duration",
      message: `An extension by ${model.id} adds ${rules.addsSeconds} seconds, neither more nor less.`,
      given: String(durationSeconds),
      allowed: [String(rules.addsSeconds)],
    });
  }
  if (lastFrame === undefined) return;
  if (rules.lastFrame === "no") {
    problems.push({
      code: "option-not-offered",
      field: "--last-frame",
      message: `${endpoint.label} takes a last frame only together with a first one; Vertex AI (--endpoint aiplatform) may take it for an extension.`,
    });
  } else {
    warnings.push(
      "Google describes last frames for clips that begin with a picture; for an extension the model may refuse it, which costs nothing.",
    );
  }
}

function no(question: ExtensionQuestion, message: string, code: Problem["code"] = "clip-not-extendable"): Problem {
  const { extendVideo } = question.request;
  return { code, field: "--extend-video", message, ...(extendVideo === undefined ? {} : { given: extendVideo }) };
}

/** As base64 within a request of 100 MB. */
const MOST_INLINE_BYTES = 70_000_000;

/** Vertex AI takes a file or what lies in a bucket, the Gemini API what it has made itself: by its address, or uploaded again. */
function checkPlace(question: ExtensionQuestion, rules: ExtensionRules, problems: Problem[]): void {
  const { extended, endpoint } = question;
  const { uri, bytes } = extended;
  const lies = uri === undefined ? "file" : uri.toLowerCase().startsWith("gs:") ? "bucket" : "address";
  if (rules.inline && lies === "address") {
    const message = `${endpoint.label} extends a file or a clip in Cloud Storage (gs://bucket/object), not one behind an address: download it and give its path.`;
    problems.push(no(question, message, "option-not-offered"));
  } else if (rules.inline && (bytes ?? 0) > MOST_INLINE_BYTES) {
    const message = `The clip has ${megabytes(bytes ?? 0)}; a request to ${endpoint.label} holds at most ${megabytes(MOST_INLINE_BYTES)} of it. Put it into Cloud Storage and give gs://bucket/object.`;
    problems.push({
      ...no(question, message),
      allowed: [`up to ${megabytes(MOST_INLINE_BYTES)}`, "gs://bucket/object"],
    });
  } else if (!rules.inline && lies === "bucket") {
    const message = `${endpoint.label} does not read Cloud Storage: give the clip's path, or the address that it gave it. Vertex AI (--endpoint aiplatform) takes gs://bucket/object.`;
    problems.push(no(question, message, "option-not-offered"));
  }
}

function checkHeader(
  question: ExtensionQuestion,
  header: ClipHeader,
  rules: ExtensionRules,
  problems: Problem[],
): void {
  const { model, resolution, aspectRatio, request } = question;
  const { seconds, width, height, codec } = header;
  if (codec === null || !CODECS.has(codec)) {
    const seen = codec === null ? "a codec that is not known" : codec.toUpperCase();
    problems.push({
      ...no(question, `The clip has pictures in ${seen}; H.264 and H.265 are taken.`),
      allowed: ["H.264", "H.265"],
    });
  }
  const { leastSeconds, mostSeconds, resolutions } = rules;
  if (seconds < leastSeconds - SLACK_SECONDS || seconds > mostSeconds + SLACK_SECONDS) {
    problems.push({
      ...no(
        question,
        `The clip is ${seconds} s long; ${model.id} extends clips of ${leastSeconds} to ${mostSeconds} s.`,
      ),
      allowed: [`${leastSeconds} to ${mostSeconds} s`],
    });
  }
  const own = resolutionOf(header);
  if (own === null || !resolutions.includes(own)) {
    problems.push({
      ...no(
        question,
        `The clip has ${width} x ${height} pixels; ${model.id} extends ${resolutions.join(" and ")}, 16:9 or 9:16.`,
      ),
      allowed: resolutions,
    });
  } else if (request.resolution !== undefined && resolution !== own) {
    problems.push({
      code: "size-not-offered",
      field: "--resolution",
      message: `The clip is ${own}, and an extension keeps that.`,
      given: resolution,
      allowed: [own],
    });
  }
  if (request.aspectRatio !== undefined && aspectRatio !== (width >= height ? "16:9" : "9:16")) {
    problems.push({
      code: "ratio-not-offered",
      field: "--ar",
      message: `The clip has ${width} x ${height} pixels, and an extension keeps its shape.`,
      given: aspectRatio,
    });
  }
}
