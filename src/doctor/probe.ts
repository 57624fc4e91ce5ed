// The free question that shows whether credential, project, API, scope and model go together: countTokens on an image model.

import type { HttpHead } from "../core/http-call.ts";
import { createRedactor, plainText } from "../core/redaction.ts";
import type { Secret } from "../core/secret.ts";
import type { Way } from "../generate/connect.ts";
import { errorOfFailure } from "../generate/errors.ts";
import type { Endpoint } from "../google/endpoints/endpoint.ts";
import { readFailure } from "../google/wire/read-failure.ts";
import type { Transport } from "../transport/send.ts";
import { type Check, failed, ok } from "./report.ts";

export interface ProbeInput {
  readonly endpoint: Endpoint;
  readonly way: Way;
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly Secret[];
  readonly transport: Transport;
}

export interface ProbeResult {
  readonly check: Check;
  /** Of the answer; `null` when there was none. */
  readonly head: HttpHead | null;
}

const NAME = "answers";

/** Asks and reads the answer as `generate` would. Never throws. */
export async function probeModel({
  endpoint,
  way,
  model,
  headers,
  secrets,
  transport,
}: ProbeInput): Promise<ProbeResult> {
  const contents = [{ role: "user", parts: [{ text: "ping" }] }];
  // Code Assist wants the model inside (gemini-cli's converter, google-apis facts §1.6).
  const body = endpoint.enveloped ? { request: { model: `models/${model}`, contents } } : { contents };
  try {
    const {
      status,
      headers: answerHeaders,
      body: text,
    } = await transport.sendSmall({
      method: "POST",
      url: endpoint.countTokensUrl({ ...way, model }),
      headers: { accept: "application/json", "content-type": "application/json", ...headers },
      body: Buffer.from(JSON.stringify(body)),
    });
    const head = { status, headers: answerHeaders };
    if (status === 200 && /"totalTokens"/.test(text)) {
      return { check: ok(NAME, `${endpoint.label} accepts the credential for ${model}.`), head };
    }
    const failure = readFailure({
      status,
      headers: answerHeaders,
      body: text,
      endpoint: endpoint.name,
      auth: way.auth,
      model,
    });
    const redact = createRedactor(secrets);
    return {
      check: failed(
        NAME,
        errorOfFailure(failure, (words) => plainText(redact(words), 500)),
      ),
      head,
    };
  } catch (error) {
    return { check: failed(NAME, error), head: null };
  }
}
