// Over budget: the refusal in words: what was wanted, what is spent and held, the cap, and when the window renews.

import type { Cap } from "../../core/cap.ts";
import { formatUsd, type MicroUsd } from "../../core/money.ts";
import { type Problem, ToolError } from "../../core/tool-error.ts";
import type { CapStanding } from "./caps.ts";

/** The error for a price that does not fit into one or more caps; the one that leaves least is told first. */
export function overBudget(
  standings: readonly [CapStanding, ...CapStanding[]],
  wanted: MicroUsd,
  nowMs: number,
): ToolError {
  const sorted = standings.toSorted((one, other) => one.leftMicroUsd - other.leftMicroUsd);
  // A price above the whole cap fits on no day.
  const waits = standings.map(({ cap, renewsAtMs }) => (cap.limitMicroUsd < wanted ? null : renewsAtMs));
  const renewal = waits.includes(null) ? undefined : Math.max(...waits.map((ms) => ms ?? 0));
  const problems: Problem[] = sorted.map((standing) => ({
    code: "over-budget",
    field: nameOf(standing.cap),
    message: sentence(standing, wanted, nowMs),
    given: formatUsd(wanted),
    allowed: [formatUsd(Math.max(0, standing.leftMicroUsd))],
  }));
  return new ToolError("over-budget", {
    message: problems.map(({ message }) => message).join(" "),
    problems,
    ...(standings.some(({ unknownCalls }) => unknownCalls > 0) && {
      nextStep:
        "Settle the unknown calls with `image-gen spend resolve`, wait, or change the budget: image-gen spend budget.",
    }),
    ...(standings.some((standing) => isHopeless(standing, wanted)) && { nextStep: NO_WAITING }),
    ...(renewal !== undefined && { retryAfterSeconds: Math.max(1, Math.ceil((renewal - nowMs) / 1_000)) }),
  });
}

const NO_WAITING =
  "Waiting does not help. Ask for fewer or cheaper pictures (image-gen cost recommend), or raise what is in the way: --budget for this run, your own budgets with `image-gen spend budget set`.";

/** Neither the time nor settling calls makes room: the price is above the whole cap, or the cap is a run's, which never renews. */
function isHopeless({ cap, unknownCalls }: CapStanding, wanted: MicroUsd): boolean {
  return cap.limitMicroUsd < wanted || (cap.window === "run" && unknownCalls === 0);
}

function sentence(standing: CapStanding, wanted: MicroUsd, nowMs: number): string {
  const { cap, spentMicroUsd, heldMicroUsd, unresolvedCalls, unknownCalls, renewsAtMs } = standing;
  const held =
    unresolvedCalls === 0
      ? "nothing is held"
      : `${formatUsd(heldMicroUsd)} is held by ${unresolvedCalls} unresolved ${unresolvedCalls === 1 ? "call" : "calls"}${
          unknownCalls > 0 ? ` (${unknownCalls} of unknown outcome)` : ""
        }`;
  const renewal = renewsAtMs === null ? "It does not renew." : `It renews in ${duration(renewsAtMs - nowMs)}.`;
  return `${formatUsd(wanted)} does not fit into the ${nameOf(cap)} budget of ${formatUsd(cap.limitMicroUsd)}: ${formatUsd(
    spentMicroUsd,
  )} is spent and ${held}. ${renewal}`;
}

function nameOf({ window, project, model }: Cap): string {
  const words = [
    window === "all" ? "overall" : window,
    project === undefined ? undefined : `project ${JSON.stringify(project)}`,
    model,
  ];
  return words.filter((word) => word !== undefined).join(", ");
}

/** `3 d 4 h`, `5 h 12 min`, `1 min`; never less than a minute. */
export function duration(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor((minutes % 1_440) / 60);
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
