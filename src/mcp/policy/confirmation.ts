// Confirmation: above the price that the person has set, the person is asked before anything is bought, through the host.
// The question is sealed to the request and good for one purchase; an agent cannot answer it in the person's place.

import { createHash, randomBytes } from "node:crypto";
import { inputRequired, inputResponse } from "@modelcontextprotocol/server";
import { formatUsd, type MicroUsd } from "../../core/money.ts";
import type { Plan } from "../../core/plan.ts";
import { plainText } from "../../core/redaction.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Call } from "../call.ts";
import type { CallState, Question } from "../question.ts";

const LONGEST_PROMPT_SHOWN = 300;

/** `null` when the purchase may go on. Throws `confirmation-needed` or `confirmation-declined`. */
export function confirmPrice(plan: Plan, state: CallState, call: Call): Question | null {
  const threshold = call.desk.policy.confirmAboveMicroUsd;
  const { estimatedMicroUsd } = plan.cost;
  if (threshold === null || estimatedMicroUsd <= threshold) return null;
  const digest = digestOf(plan);
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
    asks: { approval: question(plan, estimatedMicroUsd, threshold) },
    state: { ...state, approval: { digest, ticket: randomBytes(16).toString("base64url") } },
  };
}

/** What the person agrees to: the request and its price, not the id and the second of the plan. */
function digestOf({ request, route, cost, output }: Plan): string {
  const agreed = [request, route.model, route.endpoint, cost.estimatedMicroUsd, output.directory];
  return createHash("sha256").update(JSON.stringify(agreed)).digest("base64url");
}

function question({ request, route, cost }: Plan, price: MicroUsd, threshold: MicroUsd) {
  const pictures = request.count === 1 ? "1 picture" : `${request.count} pictures`;
  const size = request.size === null ? "" : ` in ${request.size}`;
  const billed = cost.metered ? "" : " (list price; this connection is not billed per picture)";
  return inputRequired.elicit({
    message: [
      `${pictures}${size} with ${route.model} for ${formatUsd(price)}${billed}, which is above your limit of ${formatUsd(threshold)} for buying without asking.`,
      `Prompt: ${plainText(request.prompt, LONGEST_PROMPT_SHOWN)}`,
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
