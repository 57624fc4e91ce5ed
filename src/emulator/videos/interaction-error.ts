// How the Interactions API writes an error of its own: a word for a code. Google's front end, which looks at credentials before,
// writes its usual errors in a list. Sources: facts on Google's APIs, section 1.5; bike4mind's provider (2026-09).

import { jsonReply, Refusal } from "../reply.ts";

/** Stops the request with an error of the Interactions API. */
export function refuseInteraction(message: string, status = 400, code = "invalid_request"): never {
  throw new Refusal(jsonReply(status, { error: { message, code } }));
}
