// Veo over predictLongRunning: an operation is started, asked for, and its clip handed out: within the answer on Vertex AI,
// as a file to download on the Gemini API. Leaves who calls to the services. Shapes: facts on Google's APIs, section 8.1.

import { createHash, randomUUID } from "node:crypto";
import type { Call } from "../call.ts";
import { stateOf } from "../files/file-store.ts";
import { refuse } from "../google-error.ts";
import type { JsonObject } from "../json.ts";
import type { LatencySetting } from "../latency.ts";
import type { Backend } from "../model-table.ts";
import { jsonReply, type Purchase, type Reply } from "../reply.ts";
import type { ServiceContext } from "../services/service-context.ts";
import { makeClip } from "./clip-maker.ts";
import type { OperationFault, VideoOperation } from "./operation-shelf.ts";
import type { VideoModel } from "./video-models.ts";
import { readVideoOrder, type VideoOrder } from "./video-rules.ts";

export interface VideoStart {
  readonly backend: Backend;
  /** The request as the schema returned it. */
  readonly request: JsonObject;
  readonly model: VideoModel;
  /** What the operation's name begins with: the model's resource name. */
  readonly resource: string;
  readonly fault: OperationFault | null;
  /** Whose uploaded files may be named; null where there are none. */
  readonly owner: string | null;
}

/** Starts an operation; stops with 400 when the model cannot do it. It is billed here, if it will make a clip. */
export function startVideo(start: VideoStart, context: ServiceContext): Reply {
  const { backend, request, model, resource, fault } = start;
  const nowMs = context.clock.nowMs();
  const order = readVideoOrder(request, backend, model, (uri) => {
    const id = /\/v1(?:alpha|beta)?\/files\/([a-z0-9-]+)(?::download(?:\?alt=media)?)?$/.exec(uri)?.[1] ?? "";
    const made = context.operations.findById(id);
    if (made !== undefined) return { madeSeconds: made.order.givenSeconds + made.order.newSeconds };
    const file = start.owner === null ? undefined : context.files.find(id, start.owner, nowMs);
    return file === undefined ? null : { file, isReady: stateOf(file, nowMs) === "ACTIVE" };
  });
  const id = backend === "vertex" ? randomUUID() : randomUUID().replaceAll("-", "").slice(0, 12);
  const takesMs = fault?.takesMs ?? latencyOf(order, context.latency);
  const name = `${resource}/operations/${id}`;
  context.operations.add({ name, id, order, startedMs: nowMs, readyMs: nowMs + takesMs, fault });
  const makesClip = fault?.end === undefined || fault.end === "expired" || fault.end === "never";
  return { ...jsonReply(200, { name }), ...(makesClip ? { purchase: purchaseOf(order) } : {}) };
}

function purchaseOf({ model, resolution, newSeconds, sampleCount }: VideoOrder): Purchase {
  const seconds = newSeconds * sampleCount;
  const microUsd = (model.perSecondMicroUsd[resolution] ?? 0) * seconds;
  return { model: model.id, imageCount: 0, imageSize: null, videoSeconds: seconds, microUsd };
}

/** Measured times go from 11 s to 6 min. */
export function latencyOf(order: VideoOrder, setting: LatencySetting): number {
  if (setting === "none") return 0;
  if (setting !== "measured") return setting;
  const share = createHash("sha256").update(order.prompt).digest().readUInt16LE(8) / 65_536;
  return Math.round(11_000 + share * (order.resolution === "720p" ? 80_000 : 349_000));
}

/** The state of an operation, with its clips once it is done. */
export async function describeOperation(name: string, call: Call, context: ServiceContext): Promise<Reply> {
  const operation = context.operations.find(name);
  const nowMs = context.clock.nowMs();
  const isReady = operation !== undefined && nowMs >= operation.readyMs;
  if (operation === undefined || (isReady && operation.fault?.end === "expired")) {
    return refuse({ code: 404, message: `The operation ${name.slice(0, 300)} was not found.` });
  }
  const { order, fault } = operation;
  if (!isReady || fault?.end === "never") return jsonReply(200, { name });
  const done = { name, done: true };
  if (fault?.end === "failed") {
    const message = fault.message ?? "Video generation failed due to an internal issue. Please try again.";
    return jsonReply(200, { ...done, error: { code: fault.code ?? 13, message } });
  }
  const response =
    fault?.end === "filtered"
      ? { raiMediaFilteredCount: order.sampleCount, raiMediaFilteredReasons: [fault.message ?? filteredReason] }
      : {
          ...(order.backend === "vertex" ? { raiMediaFilteredCount: 0 } : {}),
          ...(await clipsOf(operation, call, context)),
        };
  if (order.backend === "gemini") {
    return jsonReply(200, {
      ...done,
      response: {
        "@type": "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse",
        generateVideoResponse: response,
      },
    });
  }
  return jsonReply(200, {
    ...done,
    response: { "@type": "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse", ...response },
  });
}

const filteredReason =
  "Veo could not generate videos because the input image violates Vertex AI's usage guidelines. If you think this was an error, send feedback. Support codes: 17301594";

async function clipsOf(operation: VideoOperation, call: Call, context: ServiceContext): Promise<JsonObject> {
  const { order, id, fault } = operation;
  const samples = Array.from({ length: order.sampleCount }, (_, index) => index);
  if (order.backend === "gemini") {
    const uri = fault?.link ?? `${ownAddress(call)}/v1beta/files/${id}:download?alt=media`;
    return { generatedSamples: samples.map(() => ({ video: { uri } })) };
  }
  const { storageUri } = order;
  if (storageUri !== null) {
    const folder = `${storageUri.replace(/\/$/, "")}/${id}`;
    return { videos: samples.map((index) => ({ gcsUri: `${folder}/sample_${index}.mp4`, mimeType: "video/mp4" })) };
  }
  const clip = await clipOf(operation, context);
  const bytesBase64Encoded = clip.toString("base64");
  return { videos: samples.map(() => ({ bytesBase64Encoded, mimeType: "video/mp4" })) };
}

/** The address that the caller has used, so that what it is told to download comes here too. */
export function ownAddress(call: Call): string {
  return `http://${call.headers.host ?? "127.0.0.1"}${call.route.host === null ? "" : `/${call.route.host}`}`;
}

/** The file of a finished operation. */
export async function downloadClip(id: string, context: ServiceContext): Promise<Reply> {
  const operation = context.operations.findById(id);
  if (operation === undefined || context.clock.nowMs() < operation.readyMs || operation.order.backend !== "gemini") {
    return refuse({ code: 404, message: `The file files/${id.slice(0, 100)} was not found.` });
  }
  const clip = await clipOf(operation, context);
  return {
    status: 200,
    headers: { "content-type": "video/mp4", "content-length": String(clip.length) },
    pieces: [clip],
  };
}

export async function clipOf(operation: VideoOperation, context: ServiceContext): Promise<Buffer> {
  const clip = await context.operations.clip(operation, () => makeClip(operation.order, context.painter));
  const { clip: damage, padBytes = 0 } = operation.fault ?? {};
  if (damage === "truncated") return clip.subarray(0, Math.floor(clip.length / 2));
  if (damage === "not-a-video") return Buffer.from("<!doctype html><title>Not a video</title>\n");
  return padBytes > 0 ? Buffer.concat([clip, freeBox(padBytes)]) : clip;
}

/** A box that players pass over: makes a clip as large as a test needs it. */
function freeBox(bytes: number): Buffer {
  const box = Buffer.alloc(Math.max(8, bytes), 7);
  box.writeUInt32BE(box.length, 0);
  box.write("free", 4, "latin1");
  return box;
}
