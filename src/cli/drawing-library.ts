// The part of the library that commands use, as a type of its own: a context can hold another one in tests.

import type { Outcome } from "../core/outcome.ts";
import type { Plan } from "../core/plan.ts";
import type { GenerateRequest } from "../core/request.ts";
import type { GenerateContext } from "../generate/options.ts";

export interface DrawingLibrary {
  generate(request: GenerateRequest, context?: GenerateContext): Promise<Outcome>;
  /** Throws a ToolError with everything that is wrong. */
  plan(request: GenerateRequest): Promise<Plan>;
}
