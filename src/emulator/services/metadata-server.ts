// The metadata server of a Google Cloud machine: project, default service account, access tokens.
// `GCE_METADATA_HOST=127.0.0.1:<port>` makes google-auth-library ask here. Source: facts on Google's APIs, section 9.1.

import type { Call } from "../call.ts";
import { issueAccessToken, scopeFromUrls } from "../issued-credentials.ts";
import { denseJsonReply, htmlReply, type Reply } from "../reply.ts";
import type { ServiceContext } from "./service-context.ts";

const flavour = { "metadata-flavor": "Google", server: "Metadata Server for VM" };
const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";

/** Answers a call to the metadata server. */
export function answerMetadata(call: Call, context: ServiceContext): Reply {
  if (call.headers["metadata-flavor"] !== "Google") {
    const page = htmlReply(
      403,
      '<!DOCTYPE html><title>Error 403 (Forbidden)!!1</title><p>Missing required header "Metadata-Flavor": "Google"\n',
    );
    return { ...page, headers: { ...page.headers, ...flavour } };
  }
  const path = call.route.path.replace(/^\/computeMetadata\/v1\/?/, "").replace(/\/$/, "");
  const account = /^instance\/service-accounts\/(?:default|[^/]+@[^/]+)(?:\/(.*))?$/.exec(path);
  if (account !== null) return answerAccount(account[1] ?? "", call, context);
  const texts: Readonly<Record<string, string>> = {
    "": "instance/\nproject/\nuniverse/\n",
    instance: "id\nname\nservice-accounts/\nzone\n",
    "instance/zone": "projects/123/zones/us-central1-a",
    "instance/service-accounts": "default/\n",
    "project/project-id": context.credentials.projectId,
    "project/numeric-project-id": "123",
    "universe/universe-domain": "googleapis.com",
    "universe/universe_domain": "googleapis.com",
  };
  const text = Object.hasOwn(texts, path) ? texts[path] : undefined;
  return text === undefined ? notFound() : plainText(text);
}

function answerAccount(rest: string, call: Call, context: ServiceContext): Reply {
  const { email } = context.signer;
  if (rest === "" && call.query.get("recursive") === "true") {
    return withFlavour(denseJsonReply(200, { aliases: ["default"], email, scopes: [cloudPlatform] }));
  }
  if (rest === "") return plainText("aliases\nemail\nidentity\nscopes\ntoken\n");
  if (rest === "email") return plainText(email);
  if (rest === "scopes") return plainText(`${cloudPlatform}\n`);
  if (rest !== "token") return notFound();
  const scopes = call.query.get("scopes") ?? cloudPlatform;
  const token = issueAccessToken(
    scopeFromUrls(scopes.split(",")),
    context.clock.nowMs() + 3599 * 1000,
    context.nextSerial(),
  );
  return withFlavour(denseJsonReply(200, { access_token: token, expires_in: 3599, token_type: "Bearer" }));
}

function plainText(text: string): Reply {
  return { status: 200, headers: { "content-type": "application/text", ...flavour }, pieces: [Buffer.from(text)] };
}

function withFlavour(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, ...flavour } };
}

function notFound(): Reply {
  return withFlavour(htmlReply(404, "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>\n"));
}
