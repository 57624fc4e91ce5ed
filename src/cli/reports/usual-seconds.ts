// How long a picture or a clip usually takes, from the catalogue, for the display of a plan.

import type { ClipPlan } from "../../core/clip.ts";
import type { Plan } from "../../core/plan.ts";
import type { UsualSeconds } from "../terminal/tree.ts";

/** Loads the catalogue once; `null` for a model that it does not know and for a rehearsal, which is quick. */
export async function usualSecondsOf(models: unknown): Promise<(plan: Plan) => UsualSeconds | null> {
  const { createCatalogue } = await import("../../google/models/catalogue.ts");
  const { usualSeconds } = await import("../../google/models/usual-seconds.ts");
  return (plan) => {
    if (plan.rehearsal) return null;
    const found = createCatalogue(models).find(plan.route.model);
    return found ? usualSeconds(found.model, plan.request.size) : null;
  };
}

/** For clips one range stands for all; `null` for a rehearsal. */
export async function usualClipSecondsOf(): Promise<(plan: Pick<ClipPlan, "rehearsal">) => UsualSeconds | null> {
  const { usualClipSeconds } = await import("../../google/models/usual-seconds.ts");
  return ({ rehearsal }) => (rehearsal ? null : usualClipSeconds);
}
