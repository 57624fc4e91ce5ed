// What a rule about an error answer is made of, and when it fits. The rules themselves stand in the files beside it.

import type { ErrorCode } from "../../../core/error-table.ts";
import { isGoogleAddress } from "../../../core/google-address.ts";
import type { AuthMethod, EndpointName } from "../../../core/route.ts";
import type { FailureBody, FailureShape } from "./failure-body.ts";

/** Everything that a rule may look at. */
export interface FailureSight {
  /** Of the answer; for an error inside a 200 the one that the body names. */
  readonly status: number;
  readonly endpoint: EndpointName;
  readonly auth: AuthMethod;
  readonly model: string;
  readonly body: FailureBody;
  /** Size of the request's body; `null` when not told. */
  readonly requestBytes: number | null;
}

/** All conditions that are given must hold. Rules are tried in order and the first that fits decides. */
export interface FailureRule {
  readonly code: ErrorCode;
  readonly status?: readonly number[];
  readonly shape?: FailureShape;
  readonly endpoint?: EndpointName;
  readonly auth?: readonly AuthMethod[];
  /** Fits one of the body's reasons. */
  readonly reason?: RegExp;
  /** Fits the body's message. */
  readonly says?: RegExp;
  /** Fits the id of a violated quota. */
  readonly quota?: RegExp;
  readonly also?: (sight: FailureSight) => boolean;
  /** What was seen, one sentence; default: the code's own cause. */
  readonly message?: string;
  readonly nextStep?: string | ((sight: FailureSight) => string | undefined);
  /** When the provider gives no time of its own. Milliseconds. */
  readonly retryAfterMs?: number;
}

export const keyAuths: readonly AuthMethod[] = ["api-key", "vertex-key"];
export const tokenAuths: readonly AuthMethod[] = ["oauth", "adc", "service-account"];

// Long enough for every sentence that is known, short enough for any expression.
const MESSAGE_CHARACTERS = 8_192;

export function fits(rule: FailureRule, sight: FailureSight): boolean {
  const { body } = sight;
  return (
    (rule.status?.includes(sight.status) ?? true) &&
    (rule.shape === undefined || rule.shape === body.shape) &&
    (rule.endpoint === undefined || rule.endpoint === sight.endpoint) &&
    (rule.auth?.includes(sight.auth) ?? true) &&
    (rule.reason === undefined || body.reasons.some((reason) => rule.reason?.test(reason))) &&
    (rule.says === undefined || rule.says.test(body.message.slice(0, MESSAGE_CHARACTERS))) &&
    (rule.quota === undefined || body.quotaIds.some((id) => rule.quota?.test(id))) &&
    (rule.also?.(sight) ?? true)
  );
}

/** The first address that the error carries and that is really Google's; others are not passed on as advice. */
export function googleLink({ body }: FailureSight): string | undefined {
  const written = /https:\/\/[^\s"'<>]+/g;
  const candidates = [
    ...Object.values(body.metadata),
    ...body.links,
    ...(body.message.slice(0, MESSAGE_CHARACTERS).match(written) ?? []),
  ];
  return candidates.map((text) => text.replace(/[.,)]+$/, "")).find(isGoogleAddress);
}
