// The refusal of a cap where only others name the provider's price.

import type { ClipPlan } from "../../core/clip.ts";
import { ToolError } from "../../core/tool-error.ts";

export function assumedPrice({ route, request }: Pick<ClipPlan, "route" | "request">): ToolError {
  return new ToolError("price-unknown", {
    message: `The provider's own price of ${route.model} in ${request.resolution} is not known, so no cap can be kept.`,
    nextStep: "Take 720p or 1080p, or run without a budget and --max-cost.",
  });
}
