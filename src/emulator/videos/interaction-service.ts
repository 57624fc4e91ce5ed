// Omni over the Interactions API: an interaction is created, asked for, cancelled and deleted; its clip comes within the answer or
// as a file to download. Shapes: facts on Google's APIs, sections 1.5 and 8.2; an unknown id is a 400, a refusal is `completed`
// with words alone (bike4mind's provider, 2026-09). Leaves fields and limits to interaction-fields.ts and interaction-rules.ts.

import { randomBytes } from "node:crypto";
import type { AnswerShape } from "../answer-shape.ts";
import type { Call } from "../call.ts";
import type { JsonObject } from "../json.ts";
import { jsonReply, type Purchase, type Reply } from "../reply.ts";
import type { ServiceContext } from "../services/service-context.ts";
import { refuseInteraction } from "./interaction-error.ts";
import { readInteractionFields } from "./interaction-fields.ts";
import { readInteractionOrder } from "./interaction-rules.ts";
import type { InteractionState, OperationFault, VideoOperation } from "./operation-shelf.ts";
import type { VideoModel } from "./video-models.ts";
import type { VideoOrder } from "./video-rules.ts";
import { clipOf, latencyOf, ownAddress } from "./video-service.ts";

type Interaction = VideoOperation & { readonly interaction: InteractionState };

/** Dollars per million tokens: input, text out, video out. */
const rates = { input: 1.5, text: 9, video: 17.5 };
const tokensPerPicture = 258;
const tokensOfWords = (words: string): number => Math.max(1, Math.ceil(words.length / 4));
const refusalWords =
  "I can't create this video because the prompt may violate our policies. Please try again with another prompt.";

/** Creates an interaction; stops with 400 when the model cannot do it. It is billed here. */
export async function createInteraction(
  document: JsonObject,
  findModel: (name: string) => VideoModel,
  { operation: fault, usage }: AnswerShape,
  call: Call,
  context: ServiceContext,
): Promise<Reply> {
  const request = readInteractionFields(document);
  const name = typeof request["model"] === "string" ? request["model"] : refuseInteraction("'model' must be set.");
  const { order, delivery, runsInBackground, isStored } = readInteractionOrder(request, findModel(name));
  const startedMs = context.clock.nowMs();
  const takesMs = fault?.takesMs ?? latencyOf(order, context.latency);
  const counted = countTokens(order, fault);
  const interaction: Interaction = {
    id: `v1_${randomBytes(24).toString("base64url")}`,
    name: "",
    order,
    startedMs,
    readyMs: startedMs + takesMs,
    fault,
    interaction: {
      delivery,
      usage: usage === "missing" || counted === null ? null : { ...counted.usage, ...usage },
      isCancelled: false,
    },
  };
  if (isStored || delivery === "uri") context.operations.add(interaction);
  const purchase = counted === null ? {} : { purchase: counted.purchase };
  if (runsInBackground) return { ...jsonReply(200, header(interaction, "in_progress", startedMs)), ...purchase };
  const told = await describe(interaction, interaction.readyMs, call, context);
  return { ...jsonReply(200, told), ...purchase, latencyMs: takesMs };
}

/** A cancelled or deleted interaction keeps its price: nobody says that it does not. */
export async function answerInteraction(rpc: string, id: string, call: Call, context: ServiceContext): Promise<Reply> {
  const found = context.operations.findById(id);
  const nowMs = context.clock.nowMs();
  if (found?.interaction === undefined || (found.fault?.end === "expired" && nowMs >= found.readyMs)) {
    return refuseInteraction(`Invalid interaction name: interactions/${id.slice(0, 100)}.`);
  }
  const interaction: Interaction = { ...found, interaction: found.interaction };
  if (rpc === "deleteInteraction") {
    context.operations.delete(id);
    return jsonReply(200, {});
  }
  if (rpc === "cancelInteraction") {
    if (nowMs >= found.readyMs) refuseInteraction("The interaction has ended and cannot be cancelled.");
    found.interaction.isCancelled = true;
  }
  return jsonReply(200, await describe(interaction, nowMs, call, context));
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

function header({ id, order, startedMs }: Interaction, status: string, nowMs: number): JsonObject {
  return {
    id,
    object: "interaction",
    status,
    model: order.model.id,
    role: "model",
    created: timeOf(startedMs),
    updated: timeOf(nowMs),
  };
}

async function describe(
  interaction: Interaction,
  nowMs: number,
  call: Call,
  context: ServiceContext,
): Promise<JsonObject> {
  const { fault, readyMs } = interaction;
  const { usage, isCancelled } = interaction.interaction;
  if (isCancelled) return header(interaction, "cancelled", nowMs);
  if (nowMs < readyMs || fault?.end === "never") return header(interaction, "in_progress", nowMs);
  if (fault?.end === "failed") {
    const message = fault.message ?? "Video generation failed due to an internal issue. Please try again.";
    return { ...header(interaction, "failed", nowMs), errors: [{ code: "internal", message }] };
  }
  const counted = usage === null ? {} : { usage };
  if (fault?.end === "incomplete") return { ...header(interaction, "incomplete", nowMs), steps: [], ...counted };
  const content =
    fault?.end === "filtered"
      ? { type: "text", text: fault.message ?? refusalWords }
      : { type: "video", mime_type: "video/mp4", ...(await clipField(interaction, call, context)) };
  const steps = [
    { type: "thought", signature: Buffer.from("a thought that is of use to the model alone").toString("base64") },
    { type: "model_output", content: [content] },
  ];
  return { ...header(interaction, "completed", nowMs), steps, ...counted };
}

async function clipField(interaction: Interaction, call: Call, context: ServiceContext): Promise<JsonObject> {
  const { id, fault } = interaction;
  if (interaction.interaction.delivery === "inline") {
    return { data: (await clipOf(interaction, context)).toString("base64") };
  }
  return { uri: fault?.link ?? `${ownAddress(call)}/v1beta/files/${id}:download?alt=media` };
}

/** What the answer will count and what that costs; null when it ends in nothing that is billed. */
function countTokens(
  order: VideoOrder,
  fault: OperationFault | null,
): { readonly usage: JsonObject; readonly purchase: Purchase } | null {
  if (fault?.end === "failed") return null;
  const { model, prompt, resolution, newSeconds, references } = order;
  const makesClip = fault?.end !== "filtered" && fault?.end !== "incomplete";
  const pictures = [order.firstFrame, order.lastFrame].filter((frame) => frame !== null).length + references.length;
  const textIn = tokensOfWords(prompt);
  const imageIn = pictures * tokensPerPicture;
  const textOut = fault?.end === "filtered" ? tokensOfWords(fault.message ?? refusalWords) : 0;
  const seconds = makesClip ? newSeconds : 0;
  const video = Math.round(((model.perSecondMicroUsd[resolution] ?? 0) * seconds) / rates.video);
  const microUsd = Math.ceil((textIn + imageIn) * rates.input + textOut * rates.text + video * rates.video);
  return {
    usage: {
      total_tokens: textIn + imageIn + textOut + video,
      total_input_tokens: textIn + imageIn,
      input_tokens_by_modality: [
        { modality: "text", tokens: textIn },
        ...(imageIn > 0 ? [{ modality: "image", tokens: imageIn }] : []),
      ],
      total_cached_tokens: 0,
      total_output_tokens: textOut + video,
      output_tokens_by_modality: video > 0 ? [{ modality: "video", tokens: video }] : [],
      total_tool_use_tokens: 0,
      total_thought_tokens: 0,
    },
    purchase: { model: model.id, imageCount: 0, imageSize: null, videoSeconds: seconds, microUsd },
  };
}
