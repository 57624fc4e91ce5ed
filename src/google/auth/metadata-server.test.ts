// The metadata server of Google's machines, found by GCE_METADATA_HOST or not at all.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HttpCall } from "../../core/http-call.ts";
import { ToolError } from "../../core/tool-error.ts";
import type { Credential } from "./credential.ts";
import { environmentPlaces } from "./environment-places.ts";
import { openCredential } from "./open-credential.ts";
import { type FakedClock, fakedClock } from "./testing/faked-clock.ts";
import { startTokenServer, type TokenReply, type TokenServer } from "./testing/token-server.ts";

let server: TokenServer;
let clock: FakedClock;
beforeEach(async () => {
  server = await startTokenServer();
  clock = fakedClock();
});
afterEach(() => server.close());

const flavor = { "metadata-flavor": "Google" };
const token: TokenReply = { headers: flavor, body: { access_token: "machine", expires_in: 3600 } };

function serve(reply: (attempt: number) => TokenReply = () => token): void {
  let attempt = 0;
  server.answer(({ path, headers }) => {
    if (headers["metadata-flavor"] !== "Google") return { status: 403, body: "no header" };
    if (path === "/computeMetadata/v1/project/project-id") return { headers: flavor, body: "machine-project" };
    attempt += 1;
    return reply(attempt);
  });
}

/** As the command line does it: from variables to settings. */
function open(): Promise<Credential> {
  const places = environmentPlaces({ GCE_METADATA_HOST: server.url.replace("http://", "") });
  return openCredential("adc", { ...places, gcloudFolder: null }, { send: server.send, clock });
}

test("gives project and token", async () => {
  serve();
  const credential = await open();
  expect(credential.projectId).toBe("machine-project");
  expect(credential.describe()).toEqual({ kind: "metadata server" });
  expect(await credential.headers()).toEqual({ authorization: "Bearer machine" });
  expect(credential.secrets().map((secret) => secret.reveal())).toEqual(["machine"]);
  expect(server.requests.at(-1)?.path).toBe(
    "/computeMetadata/v1/instance/service-accounts/default/token?scopes=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform",
  );
});

test("ten calls at the same time fetch one token", async () => {
  serve();
  const credential = await open();
  await Promise.all(Array.from({ length: 10 }, () => credential.headers()));
  expect(server.requests).toHaveLength(2);
});

test("a server that is still starting is asked again, on the clock that was handed in", async () => {
  serve((attempt) => (attempt < 3 ? { status: 503, headers: flavor, body: "" } : token));
  expect(await (await open()).headers()).toEqual({ authorization: "Bearer machine" });
  expect(clock.slept).toEqual([200, 400]);
});

test.each([
  ["no service account", { status: 404, headers: flavor, body: "" }, "credential-missing"],
  ["a lasting fault", { status: 500, headers: flavor, body: "" }, "server-error"],
  ["another program", { status: 200, body: { access_token: "x" } }, "connect-failed"],
  ["no token in the answer", { status: 200, headers: flavor, body: {} }, "connect-failed"],
])("%s is %s", async (_what, reply, code) => {
  serve(() => reply);
  const credential = await open();
  await expect(credential.headers()).rejects.toMatchObject({ code });
});

const refused = () => Promise.reject(new ToolError("connect-failed"));
const interrupted = () => Promise.reject(new ToolError("interrupted"));

describe("without one", () => {
  const calls: HttpCall[] = [];
  beforeEach(() => {
    calls.length = 0;
  });
  const openBy = (settings: object, answer: () => Promise<never>) =>
    openCredential(
      "adc",
      { gcloudFolder: null, ...settings },
      {
        clock,
        send: (call) => {
          calls.push(call);
          return answer();
        },
      },
    );

  test("Google's own address is asked once, and the command that helps is named", async () => {
    await expect(openBy({}, refused)).rejects.toMatchObject({
      code: "credential-missing",
      details: { nextStep: expect.stringContaining("gcloud auth application-default login") },
    });
    expect(calls.map(({ url }) => url)).toEqual(["http://169.254.169.254/computeMetadata/v1/project/project-id"]);
  });

  test("METADATA_SERVER_DETECTION=none asks nobody", async () => {
    const places = environmentPlaces({ METADATA_SERVER_DETECTION: "none" });
    await expect(openBy(places, refused)).rejects.toMatchObject({ code: "credential-missing" });
    expect(calls).toEqual([]);
  });

  test("another cloud's server, without Google's header, is not taken for one", async () => {
    server.answer(() => ({ body: "some-project" }));
    await expect(open()).rejects.toMatchObject({ code: "credential-missing" });
  });

  test("an interrupted search stays interrupted", async () => {
    await expect(openBy({}, interrupted)).rejects.toMatchObject({ code: "interrupted" });
  });

  test("a host that is none is config-invalid", async () => {
    await expect(openBy({ metadataHost: "not a host" }, refused)).rejects.toMatchObject({ code: "config-invalid" });
  });
});
