// Confirmation: above the price that the person has set, the person is asked before anything is bought, through the host.
// The question is sealed to the request and good for one purchase; an agent cannot answer it in the person's place.

import { createHash, randomBytes } from "node:crypto";
import { inputRequired, inputResponse } from "@modelcontextprotocol/server";
import type { ClipPlan } from "../../core/clip.ts";
import { formatUsd, type MicroUsd } from "../../core/money.ts";
import type { Plan } from "../../core/plan.ts";
import { plainText } from "../../core/redaction.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Call } from "../call.ts";
import type { CallState, Question } from "../question.ts";

const LONGEST_PROMPT_SHOWN = 300;

/** What a person is asked about. */
export interface PricedPurchase {
  /** What the person agrees to: the request and its price, not the id and the second of the plan. */
  readonly agreed: readonly unknown[];
  /** "1 picture in 1K with …". */
  readonly what: string;
  readonly prompt: string;
  readonly estimatedMicroUsd: MicroUsd;
  readonly metered: boolean;
}

export function pricedPictures({ request, route, cost, output }: Plan): PricedPurchase {
  const pictures = request.count === 1 ? "1 picture" : `${request.count} pictures`;
  const size = request.size === null ? "" : ` in ${request.size}`;
  const { estimatedMicroUsd, metered } = cost;
  return {
    agreed: [request, route.model, route.endpoint, estimatedMicroUsd, output.directory],
    what: `${pictures}${size} with ${route.model}`,
    prompt: request.prompt,
    estimatedMicroUsd,
    metered,
  };
}

export function pricedClip({ request, route, cost, output }: ClipPlan): PricedPurchase {
  const { estimatedMicroUsd, metered } = cost;
  return {
    agreed: ["clip", request, route.model, route.endpoint, estimatedMicroUsd, output.directory],
    what: `A clip of ${request.seconds} s in ${request.resolution} with ${route.model}`,
    prompt: request.prompt,
    estimatedMicroUsd,
    metered,
  };
}

/** `null` when the purchase may go on. Throws `confirmation-needed` or `confirmation-declined`. */
export function confirmPrice(purchase: PricedPurchase, state: CallState, call: Call): Question | null {
  const threshold = call.desk.policy.confirmAboveMicroUsd;
  const { estimatedMicroUsd } = purchase;
  if (threshold === null || estimatedMicroUsd <= threshold) return null;
  const digest = digestOf(purchase);
  const asked = state.approval;
  if (asked?.digest === digest && !call.session.usedTickets.has(asked.ticket)) {
    const answer = inputResponse(call.responses, "approval");
    if (answer.kind === "elicit") {
      call.session.usedTickets.add(asked.ticket);
      if (answer.action === "accept" && answer.content?.["buy"] === true) return null;
      throw new ToolError("confirmation-declined", {
        message: `The person did not agree to ${formatUsd(estimatedMicroUsd)}.`,
      });
    }
  }
  if (!call.client.canAskPerson) {
    throw new ToolError("confirmation-needed", {
      message: `${formatUsd(estimatedMicroUsd)} is above ${formatUsd(threshold)}, and the person cannot be asked through this program.`,
    });
  }
  return {
    asks: { approval: question(purchase, threshold) },
    state: { ...state, approval: { digest, ticket: randomBytes(16).toString("base64url") } },
  };
}

function digestOf({ agreed }: PricedPurchase): string {
  return createHash("sha256").update(JSON.stringify(agreed)).digest("base64url");
}

function question(
  { what, prompt, metered, estimatedMicroUsd: price }: PricedPurchase,
  threshold: MicroUsd,
): Question["asks"][string] {
  const billed = metered ? "" : " (list price; this connection is not billed per picture)";
  return inputRequired.elicit({
    message: [
      `${what} for ${formatUsd(price)}${billed}, which is above your limit of ${formatUsd(threshold)} for buying without asking.`,
      `Prompt: ${plainText(prompt, LONGEST_PROMPT_SHOWN)}`,
    ].join("\n"),
    requestedSchema: {
      type: "object",
      properties: {
        buy: { type: "boolean", title: `Buy for ${formatUsd(price)}`, description: "Without a yes nothing is bought." },
      },
      required: ["buy"],
    },
  });
}
