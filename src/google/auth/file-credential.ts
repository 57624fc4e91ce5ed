// A credential from a file: reads it, fetches tokens with Google's auth library, keeps them, and says why none came.

import { createRedactor, plainText } from "../../core/redaction.ts";
import type { AuthMethod } from "../../core/route.ts";
import type { Secret } from "../../core/secret.ts";
import { isToolError, type ToolError } from "../../core/tool-error.ts";
import { bearerHeaders } from "./bearer-headers.ts";
import type { Credential, CredentialPorts, CredentialSettings } from "./credential.ts";
import { type CredentialsFile, unusable } from "./credentials-file.ts";
import { createFetchAdapter, type Exchange } from "./fetch-adapter.ts";
import { buildClient } from "./library-client.ts";
import { secretsOf } from "./read-credentials-file.ts";
import { createRotation, type Rotation } from "./refresh-token-rotation.ts";
import { notATokenServer, type TokenFailureContext, tokenFailure } from "./token-failure.ts";
import { type FetchedToken, keepToken } from "./token-keeper.ts";
import { readTokenAnswer } from "./token-answer.ts";

export interface FileCredentialOptions {
  readonly auth: AuthMethod;
  readonly file: CredentialsFile;
  readonly settings: CredentialSettings;
  readonly ports: CredentialPorts;
  /** For people: `key file /home/me/key.json`. */
  readonly source: string;
  /** Used when neither caller nor file names one. */
  readonly otherProjectId: string | null;
}

export function openFileCredential(options: FileCredentialOptions): Credential {
  const { auth, file, settings, ports, source } = options;
  const secrets = secretsOf(file);
  const quotaProject = settings.quotaProject ?? file.quotaProject;
  const rotation = createRotation();
  const token = keepToken(() => fetchToken(options, secrets, rotation), ports.clock);
  return {
    auth,
    source,
    headers: async () => bearerHeaders((await token()).reveal(), quotaProject),
    projectId: settings.projectId ?? file.projectId ?? options.otherProjectId ?? quotaProject,
    secrets: () => [...secrets],
    describe: () => ({ kind: file.type, ...(file.account === null ? {} : { account: file.account }) }),
  };
}

async function fetchToken(
  { file, settings, ports, source }: FileCredentialOptions,
  secrets: Secret[],
  rotation: Rotation,
): Promise<FetchedToken> {
  const learn = (secret: Secret): void => {
    if (!secrets.some((known) => known.reveal() === secret.reveal())) secrets.push(secret);
  };
  const adapter = createFetchAdapter({ send: ports.send, tokenUri: tokenUriOf(file), onSecret: learn });
  const signIn = file.type === "service_account" ? null : "gcloud auth application-default login";
  const context: TokenFailureContext = { secrets, source, signIn };
  try {
    const client = await buildClient(rotation.applyTo(file), {
      sendAsFetch: adapter.fetch,
      clock: ports.clock,
      apiOrigin: settings.apiOrigin ?? null,
    });
    await client.getAccessToken();
  } catch (error) {
    throw explain(error, adapter.lastExchange(), context, file);
  }
  const exchange = adapter.lastExchange();
  const answer = exchange?.answer ?? null;
  const fetched = answer && readTokenAnswer(answer, source, ports.clock);
  if (!fetched) throw notATokenServer(exchange?.host ?? "the token server", answer?.status ?? 0);
  learn(fetched.token);
  rotation.learnFrom(answer);
  return fetched;
}

/** The key file's own token address; it was checked when the file was read. */
function tokenUriOf(file: CredentialsFile): string | null {
  const uri = (file.source ?? file).content["token_uri"];
  return typeof uri === "string" ? uri : null;
}

function explain(
  error: unknown,
  exchange: Exchange | null,
  context: TokenFailureContext,
  file: CredentialsFile,
): ToolError {
  if (isToolError(error)) return error;
  const told = exchange && tokenFailure(exchange, context);
  if (told) return told;
  // Nothing was refused from outside: the library could not use the file (a subject token that is not there, a command
  // that may not be run). The words of a JSON error quote what they stumble over, which may be a token.
  const said =
    error instanceof Error && error.name !== "SyntaxError" ? error.message : "what it refers to is not JSON.";
  const clean = plainText(createRedactor(context.secrets)(said), 300);
  return unusable(file.path, `cannot be used: ${clean}`, "Check the file and what it refers to.");
}
