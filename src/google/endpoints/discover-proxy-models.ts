// Which image models a running CLIProxyAPI has: asks its list, reads it, and says plainly why there is none.
// Does no I/O itself. Source: cliproxyapi facts §1, §2.6 and §3, measured on v7.2.140.

import type { SendSmall, SmallAnswer } from "../../core/http-call.ts";
import { plainText } from "../../core/redaction.ts";
import { isToolError, ToolError } from "../../core/tool-error.ts";
import { asArray, asObject, asText, parseObject } from "../../core/json-field.ts";

export interface ProxyModelsRequest {
  readonly baseUrl: string;
  /** From the credential; empty for an open proxy. */
  readonly headers: Readonly<Record<string, string>>;
  readonly send: SendSmall;
  /** Default 10 000. */
  readonly timeoutMs?: number;
}

/**
 * Ids of the image models that the proxy offers, in its own order, without `models/`; never empty.
 *
 * @throws ToolError `proxy-not-running`, `proxy-key-refused`, `proxy-setup`, `proxy-not-logged-in`,
 * `proxy-without-image-model`, `proxy-upstream-failed`, `tls-failure`, `http-proxy-refused`.
 */
export async function discoverProxyModels({
  baseUrl,
  headers,
  send,
  timeoutMs = 10_000,
}: ProxyModelsRequest): Promise<readonly string[]> {
  const url = `${baseUrl}/v1beta/models`;
  const call = { method: "GET", url, headers: { accept: "application/json", ...headers }, body: null } as const;
  let answer: SmallAnswer;
  try {
    answer = await send(call, { timeoutMs });
  } catch (error) {
    throw unreachable(error, baseUrl);
  }
  const models = parseObject(answer.body)?.["models"];
  if (answer.status !== 200 || !Array.isArray(models)) throw refusal(answer, baseUrl);
  // A login file that offers nothing looks like no login at all: facts §0.1.
  if (models.length === 0) throw new ToolError("proxy-not-logged-in");
  const found = imageModels(models);
  if (found.length > 0) return found;
  throw new ToolError("proxy-without-image-model", {
    message: `CLIProxyAPI at ${baseUrl} offers ${models.length} model${models.length === 1 ? "" : "s"} and none that makes pictures.`,
  });
}

/** Codes of the sender that keep their meaning; every other fault means that the proxy does not answer. */
const KEPT: ReadonlySet<string> = new Set(["tls-failure", "http-proxy-refused", "interrupted", "terminated"]);

function unreachable(error: unknown, baseUrl: string): unknown {
  if (!isToolError(error) || KEPT.has(error.code)) return error;
  return new ToolError("proxy-not-running", { message: `CLIProxyAPI does not answer at ${baseUrl}: ${error.message}` });
}

/** What an answer other than a list of models means. */
function refusal(answer: SmallAnswer, baseUrl: string): ToolError {
  const error = parseObject(answer.body)?.["error"];
  // A string in CLIProxyAPI's own refusals, an object where it passes an error on: facts §1 and §3.
  const said = plainText(asText(error) ?? asText(asObject(error)?.["message"]) ?? "", 300);
  const details = { httpStatus: answer.status, ...(said === "" ? {} : { providerMessage: said }) };
  if (said === "unsafe_example_api_key" || answer.headers["x-cpa-safe-mode"] !== undefined) {
    return new ToolError("proxy-setup", details);
  }
  if (answer.status === 401) return new ToolError("proxy-key-refused", details);
  if (said !== "" && answer.status >= 500) return new ToolError("proxy-upstream-failed", details);
  return new ToolError("proxy-not-running", {
    ...details,
    message: `Something answers at ${baseUrl}, but it is not CLIProxyAPI (status ${answer.status}).`,
    cause: "Another program listens at the address, or the address is wrong.",
    nextStep: "Set CLIPROXYAPI_URL to the address of CLIProxyAPI, or choose another connection.",
  });
}

function imageModels(models: readonly unknown[]): string[] {
  const ids = new Set<string>();
  for (const entry of models) {
    const model = asObject(entry);
    const id = asText(model?.["name"])?.replace(/^models\//, "");
    if (model && id && makesPictures(model, id)) ids.add(id);
  }
  return [...ids];
}

function makesPictures(model: Readonly<Record<string, unknown>>, id: string): boolean {
  const methods = asArray(model["supportedGenerationMethods"]);
  if (methods.length > 0 && !methods.some((method) => /generatecontent$/i.test(String(method)))) return false;
  const modalities = model["supportedOutputModalities"];
  // Models that the user added in config.yaml may come without modalities; then the family's naming decides.
  if (!Array.isArray(modalities)) return /^gemini.*(?:image|banana)/i.test(id);
  return modalities.some((modality) => String(modality).toLowerCase() === "image");
}
