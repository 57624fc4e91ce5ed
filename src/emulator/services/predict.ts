// Imagen's predict, once the service has checked who calls: order → pictures → predictions, the bill, faults on the way.
// Shape of the answer: facts on Google's APIs, section 7. Nothing that is filtered is billed.

import { randomUUID } from "node:crypto";
import type { AnswerShape } from "../answer-shape.ts";
import type { ImagenModel } from "../imagen-table.ts";
import type { Json, JsonObject } from "../json.ts";
import { latencyOf } from "../latency.ts";
import { damageBase64, damagePicture } from "../picture-damage.ts";
import { makeThumbnails, type Thumbnail } from "../pictures/thumbnails.ts";
import type { Purchase, Reply } from "../reply.ts";
import { type ImagenOrder, readImagenOrder } from "../requests/predict-rules.ts";
import { contentTypeOf, googleStreamError, writeAnswer } from "../serialise.ts";
import type { ServiceContext } from "./service-context.ts";

const filterReason =
  "Unable to show generated images. All images were filtered out because they violated Vertex AI's usage guidelines. You will not be charged for blocked images. Try rephrasing the prompt. If you think this was an error, send feedback. Support codes: 42876398";

/** Answers a request (as the schema returned it); stops with 400 when the model cannot do it. */
export async function predict(
  request: JsonObject,
  model: ImagenModel,
  shape: AnswerShape,
  context: ServiceContext,
): Promise<Reply> {
  const order = readImagenOrder(request, model);
  const { predictions, imageCount } = await answer(order, shape, context);
  const document: JsonObject = predictions.length === 0 ? {} : { predictions };
  const writing = { wrap: (chunk: JsonObject) => chunk, indents: true, streamError: googleStreamError };
  const conversation = { prompt: order.prompt, pictureCount: order.given.length };
  const purchase: Purchase = {
    model: model.id,
    imageCount,
    imageSize: order.size,
    microUsd: imageCount * model.microUsdPerPicture,
  };
  return {
    status: 200,
    headers: { "content-type": contentTypeOf("json") },
    pieces: writeAnswer([document], "json", writing, shape.text),
    latencyMs: latencyOf({ size: order.size, thinkingLevel: null, conversation }, context.latency),
    ...(imageCount === 0 ? {} : { purchase }),
  };
}

/** A refusal that names a block drops the predictions altogether; one that names a reason puts it in their place. */
async function answer(order: ImagenOrder, shape: AnswerShape, context: ServiceContext) {
  const { refusal } = shape;
  if (refusal !== null || shape.textOnly !== null) {
    const isSilent = refusal?.finishReason === null || !order.includesReason;
    const reason = refusal?.message ?? filterReason;
    return { predictions: isSilent ? [] : [{ raiFilteredReason: reason }], imageCount: 0 };
  }
  const thumbnails = await makeThumbnails(order.given);
  const predictions: Json[] = [];
  for (let index = 0; index < order.sampleCount; index += 1) {
    predictions.push(await predictionOf(order, index, thumbnails, shape, context));
  }
  return { predictions: shape.losesPicture ? [] : predictions, imageCount: order.sampleCount };
}

async function predictionOf(
  order: ImagenOrder,
  index: number,
  thumbnails: readonly Thumbnail[],
  shape: AnswerShape,
  { painter }: ServiceContext,
): Promise<JsonObject> {
  const pixels = shape.pixels ?? order.pixels;
  const { model, mimeType, quality, sampleCount } = order;
  const number = sampleCount === 1 ? [] : [`${index + 1} of ${sampleCount}`];
  const caption = [model.id, `${pixels.width} × ${pixels.height}`, ...number].join(" · ");
  let bytes = await painter.paint({ prompt: order.prompt, caption, ...pixels, mimeType, quality, thumbnails });
  if (shape.damage !== null) bytes = await damagePicture(bytes, shape.damage);
  // Where a person's bucket would be there is nothing: the address alone can be looked at.
  if (order.storageUri !== null) {
    const folder = `${order.storageUri.replace(/\/$/, "")}/${randomUUID()}`;
    return { mimeType: shape.mimeLabel ?? mimeType, gcsUri: `${folder}/sample_${index}.${extensionOf(mimeType)}` };
  }
  const clean = bytes.toString("base64");
  return {
    mimeType: shape.mimeLabel ?? mimeType,
    bytesBase64Encoded: shape.base64 === null ? clean : damageBase64(clean, shape.base64),
  };
}

function extensionOf(mimeType: ImagenOrder["mimeType"]): string {
  return mimeType === "image/png" ? "png" : "jpg";
}
