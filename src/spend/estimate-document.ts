// The document of an estimate: the price of a plan as programs read it (`cost estimate --json`, the tool estimate_cost).

import type { Plan } from "../core/plan.ts";

export function estimateDocument({ rehearsal, route, request, cost, warnings }: Plan) {
  const { size, aspectRatio, count, tier } = request;
  return {
    version: 1,
    status: "ok",
    rehearsal,
    route: { auth: route.auth, endpoint: route.endpoint, model: route.model },
    request: { size, aspectRatio, count, tier },
    cost: { currency: "USD", ...cost },
    warnings,
  } as const;
}
