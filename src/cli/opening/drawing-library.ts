// The part of the library that commands use, as types of their own: a context can hold another one in tests, and the drawing
// can be another process's.

import type { Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import type { GenerateRequest } from "../../core/request.ts";
import type { GenerateContext } from "../../generate/options.ts";

export interface Drawing {
  generate(request: GenerateRequest, context?: GenerateContext): Promise<Outcome>;
}

export interface DrawingLibrary extends Drawing {
  /** Throws a ToolError with everything that is wrong. */
  plan(request: GenerateRequest): Promise<Plan>;
}
