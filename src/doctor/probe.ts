// The free question that shows whether credential, project, API, scope and model go together: countTokens on an image model.

import type { SendSmall } from "../core/http-call.ts";
import { parseObject } from "../core/json-field.ts";
import type { Redact } from "../core/redaction.ts";
import type { Way } from "../generate/connect.ts";
import { errorOfFailure } from "../generate/draw/errors.ts";
import type { Endpoint } from "../google/endpoints/endpoint.ts";
import { readFailure } from "../google/wire/failures/read-failure.ts";

export interface ProbeRequest {
  readonly endpoint: Endpoint;
  readonly way: Way;
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Cleans what comes from outside. */
  readonly clean: Redact;
  readonly send: SendSmall;
  readonly timeoutMs: number;
}

/** @throws ToolError with the code that `generate` would give for the same refusal, and what `send` throws. */
export async function probeModel(request: ProbeRequest): Promise<void> {
  const { endpoint, way, model, headers, clean, send, timeoutMs } = request;
  const contents = [{ role: "user", parts: [{ text: "ping" }] }];
  // Code Assist wants the model inside (gemini-cli's converter, google-apis facts §1.6).
  const body = endpoint.enveloped ? { request: { model: `models/${model}`, contents } } : { contents };
  const answer = await send(
    {
      method: "POST",
      url: endpoint.countTokensUrl({ ...way, model }),
      headers: { accept: "application/json", "content-type": "application/json", ...headers },
      body: new TextEncoder().encode(JSON.stringify(body)),
    },
    { timeoutMs },
  );
  // The count itself is of no interest: that there is one says that the provider took the question.
  if (answer.status === 200 && typeof parseObject(answer.body)?.["totalTokens"] === "number") return;
  throw errorOfFailure(readFailure({ ...answer, endpoint: endpoint.name, auth: way.auth, model }), clean);
}
