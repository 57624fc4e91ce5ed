// An order and a picture → the answer's chunks in Google's shape, what they cost and how long they took.
// Leaves writing them as JSON or as a stream to serialise.ts. Shapes: facts on Google's APIs, sections 1.3 and 1.4.

import type { AnswerShape } from "./answer-shape.ts";
import type { JsonObject } from "./json.ts";
import { damageBase64, damagePicture } from "./picture-damage.ts";
import type { Painter } from "./pictures/painter.ts";
import type { Thumbnail } from "./pictures/thumbnails.ts";
import { priceOf, searchQueryMicroUsd } from "./prices.ts";
import type { Purchase } from "./reply.ts";
import type { PictureOrder } from "./requests/generate-content-rules.ts";
import { signThought } from "./requests/thought-signature.ts";
import { countUsage } from "./usage.ts";

/** The chunks of one answer; the last one carries the end and the usage. */
export interface Answer {
  readonly chunks: readonly JsonObject[];
  readonly purchase: Purchase | undefined;
}

/** An order with its reference pictures made small, to be shown in the answer. */
interface ShownOrder extends PictureOrder {
  readonly thumbnails: readonly Thumbnail[];
}

/** What an answer is made with. */
export interface AnswerTools {
  readonly painter: Painter;
  /** A fresh response id. */
  responseId(): string;
}

/** Answers an order. */
export async function answerOrder(order: ShownOrder, shape: AnswerShape, tools: AnswerTools): Promise<Answer> {
  const envelope = { modelVersion: shape.modelVersion ?? order.model.id, responseId: tools.responseId() };
  if (shape.refusal !== null) return refusedAnswer(order, shape.refusal, shape, envelope);
  if (shape.textOnly !== null) return textAnswer(order, shape.textOnly, shape, envelope);
  return pictureAnswer(order, shape, tools, envelope);
}

type Envelope = { modelVersion: string; responseId: string };

function refusedAnswer(
  order: ShownOrder,
  refusal: NonNullable<AnswerShape["refusal"]>,
  shape: AnswerShape,
  envelope: Envelope,
): Answer {
  const isBlocked = refusal.finishReason === null;
  const usage = usageOf(
    shape,
    countUsage(order, { imageCount: 0, textLength: 0, kind: isBlocked ? "blocked" : "refusal" }).metadata,
  );
  if (isBlocked) {
    // `blockReasonMessage` is Vertex AI's alone.
    const message =
      refusal.message !== null && order.backend === "vertex" ? { blockReasonMessage: refusal.message } : {};
    return {
      chunks: [{ promptFeedback: { blockReason: refusal.blockReason, ...message }, ...usage, ...envelope }],
      purchase: undefined,
    };
  }
  const candidate: JsonObject = {
    content: {},
    finishReason: refusal.finishReason,
    index: 0,
    finishMessage: refusal.message ?? refusalMessage(refusal.finishReason ?? ""),
  };
  return { chunks: [{ candidates: [candidate], ...usage, ...envelope }], purchase: undefined };
}

function refusalMessage(finishReason: string): string {
  if (finishReason === "IMAGE_PROHIBITED_CONTENT") {
    return "Unable to show the generated image due to interests of third-party content providers. Please edit your prompt and try again. If you think this was an error, send feedback. Support code: 35561574.";
  }
  const cause =
    finishReason === "IMAGE_SAFETY"
      ? "The image was filtered because it may violate the usage policy."
      : "The model could not generate the image based on the prompt provided.";
  return `Unable to show the generated image. ${cause} You will not be charged for this request. Try rephrasing the prompt.`;
}

function textAnswer(order: ShownOrder, text: string, shape: AnswerShape, envelope: Envelope): Answer {
  const usage = countUsage(order, { imageCount: 0, textLength: text.length, kind: "answer" });
  const purchase: Purchase = {
    model: order.model.id,
    imageCount: 0,
    imageSize: null,
    microUsd: priceOf(order.model.id, order.tier, usage.billed),
  };
  return { chunks: [turn([{ text }], envelope), ending(usageOf(shape, usage.metadata), envelope)], purchase };
}

async function pictureAnswer(
  order: ShownOrder,
  shape: AnswerShape,
  tools: AnswerTools,
  envelope: Envelope,
): Promise<Answer> {
  const { model } = order;
  const picture = async (note: string): Promise<JsonObject> => picturePart(order, shape, tools, note);
  const text = order.wantsText ? `Here is your picture at ${order.ratio}.` : "";
  const chunks: JsonObject[] = [];
  if (order.includeThoughts)
    chunks.push(
      turn(
        [{ text: "**Composing the scene**\n\nI place the horizon low and let the light lead.", thought: true }],
        envelope,
      ),
    );
  if (text !== "") chunks.push(turn([{ text }], envelope));
  const wanted = 1 + shape.drafts + shape.thoughtPictures;
  const { usage, imageCount } = withinLimit(order, wanted, text.length);
  for (let index = 0; index < imageCount; index += 1) {
    const isThought = index < shape.thoughtPictures;
    const isLast = index === wanted - 1;
    if (isLast && shape.losesPicture) continue;
    const part = await picture(
      isThought ? `thought ${index + 1}` : isLast ? "" : `draft ${index + 1 - shape.thoughtPictures}`,
    );
    chunks.push(turn([isThought ? { ...part, thought: true } : part], envelope));
  }
  const queries = order.usesSearch ? [order.conversation.prompt.slice(0, 100)] : [];
  const finishReason = imageCount < wanted ? "MAX_TOKENS" : "STOP";
  chunks.push(ending(usageOf(shape, usage.metadata), envelope, { queries, finishReason }));
  const purchase: Purchase = {
    model: model.id,
    imageCount,
    imageSize: order.size,
    microUsd: priceOf(model.id, order.tier, usage.billed) + queries.length * searchQueryMicroUsd,
  };
  return { chunks, purchase };
}

/** As many pictures as `maxOutputTokens` leaves room for: they come whole or not at all. */
function withinLimit(order: PictureOrder, wanted: number, textLength: number) {
  for (let imageCount = wanted; ; imageCount -= 1) {
    const usage = countUsage(order, { imageCount, textLength, kind: "answer" });
    if (imageCount === 0 || usage.billed.image + usage.billed.text <= order.maxOutputTokens)
      return { usage, imageCount };
  }
}

async function picturePart(
  order: ShownOrder,
  shape: AnswerShape,
  tools: AnswerTools,
  note: string,
): Promise<JsonObject> {
  const { conversation, mimeType, quality } = order;
  const pixels = shape.pixels ?? order.pixels;
  const references =
    conversation.pictureCount === 0
      ? []
      : [`${conversation.pictureCount} reference picture${conversation.pictureCount === 1 ? "" : "s"}`];
  const caption = [
    order.model.id,
    `${pixels.width} × ${pixels.height}`,
    ...references,
    ...(note === "" ? [] : [note]),
  ].join(" · ");
  let bytes = await tools.painter.paint({
    prompt: conversation.prompt,
    caption,
    ...pixels,
    mimeType,
    quality,
    thumbnails: order.thumbnails,
  });
  if (shape.damage !== null) bytes = await damagePicture(bytes, shape.damage);
  const clean = bytes.toString("base64");
  const data = shape.base64 === null ? clean : damageBase64(clean, shape.base64);
  const part: JsonObject = { inlineData: { mimeType: shape.mimeLabel ?? mimeType, data } };
  if (order.model.signsThoughts) part["thoughtSignature"] = signThought(data);
  return part;
}

function turn(parts: JsonObject[], envelope: Envelope): JsonObject {
  return { candidates: [{ content: { parts, role: "model" }, index: 0 }], ...envelope };
}

/** The last chunk; it also tells what was searched for, where the model searched. */
function ending(
  usage: JsonObject,
  envelope: Envelope,
  { queries, finishReason }: { readonly queries: readonly string[]; readonly finishReason: string } = {
    queries: [],
    finishReason: "STOP",
  },
): JsonObject {
  const grounding = queries.length === 0 ? {} : { groundingMetadata: { webSearchQueries: [...queries] } };
  return {
    candidates: [{ content: { parts: [{ text: "" }], role: "model" }, finishReason, index: 0, ...grounding }],
    ...usage,
    ...envelope,
  };
}

function usageOf(shape: AnswerShape, counted: JsonObject): JsonObject {
  if (shape.usage === "missing") return {};
  return { usageMetadata: { ...counted, ...shape.usage } };
}
