// Mistakes of the command line together with those that only the plan finds: all at once, nothing sent.

import { isToolError, type Problem } from "../../core/tool-error.ts";
import { refuseProblems } from "./problems-failure.ts";

/** `plan` plans the request without sending anything. Throws when `found` is not empty. */
export async function refuseWithPlan(found: readonly Problem[], plan: () => Promise<unknown>): Promise<void> {
  if (found.length === 0) return;
  // Words that were not understood may have been the prompt: that it is missing would be a guess. Nor is it said twice.
  const isPromptLost = found.some(({ code }) => code === "usage" || code === "prompt-empty");
  const planned = await problemsOf(plan);
  refuseProblems([...found, ...planned.filter(({ code }) => !(isPromptLost && code === "prompt-empty"))]);
}

async function problemsOf(plan: () => Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await plan();
    return [];
  } catch (error) {
    // Anything but a mistake of the caller's would only hide the ones that are already known.
    return isToolError(error) ? (error.details.problems ?? []) : [];
  }
}
