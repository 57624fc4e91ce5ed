// How long a token is used, how often one is fetched, and what happens when none comes.

import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ToolError } from "../../core/tool-error.ts";
import type { Credential } from "./credential.ts";
import { openCredential } from "./open-credential.ts";
import { authorizedUser, type FileFolder, openFolder, serviceAccount } from "./testing/credentials-files.ts";
import { type FakedClock, fakedClock } from "./testing/faked-clock.ts";
import { startTokenServer, type TokenReply, type TokenServer } from "./testing/token-server.ts";

let folder: FileFolder;
let server: TokenServer;
let clock: FakedClock;
beforeEach(async () => {
  folder = openFolder();
  server = await startTokenServer();
  clock = fakedClock();
});
afterEach(async () => {
  folder.remove();
  await server.close();
});

function open(content: unknown = serviceAccount, send = server.send): Promise<Credential> {
  const credentialsFile = folder.write("credentials.json", content);
  return openCredential("adc", { gcloudFolder: null, metadataHost: null, credentialsFile }, { send, clock });
}

async function failure(content?: unknown, send = server.send): Promise<unknown> {
  const credential = await open(content, send);
  return await credential.headers().catch((error: unknown) => error);
}

/** Answers with each in turn, then with the last for ever. */
function answers(...replies: [TokenReply, ...TokenReply[]]): void {
  let index = 0;
  server.answer(() => replies[Math.min(index++, replies.length - 1)] ?? replies[0]);
}

const good: TokenReply = { body: { access_token: "good", expires_in: 3600 } };

describe("a token", () => {
  test("is fetched once for ten calls at the same time", async () => {
    const credential = await open();
    const all = await Promise.all(Array.from({ length: 10 }, () => credential.headers()));
    expect(new Set(all.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer token-1"]));
    expect(server.requests).toHaveLength(1);
  });

  test("is kept until five minutes before it ends, then renewed", async () => {
    const credential = await open();
    await credential.headers();
    clock.advance(3_298_000);
    expect(await credential.headers()).toEqual({ authorization: "Bearer token-1" });
    clock.advance(2_000);
    expect(await credential.headers()).toEqual({ authorization: "Bearer token-2" });
    expect(server.requests).toHaveLength(2);
  });

  test("that lives shortly is used for half its life", async () => {
    answers({ body: { access_token: "short", expires_in: 120 } });
    const credential = await open();
    await credential.headers();
    clock.advance(59_000);
    await credential.headers();
    expect(server.requests).toHaveLength(1);
    clock.advance(1_000);
    await credential.headers();
    expect(server.requests).toHaveLength(2);
  });

  test.each([["never"], [-5], [null], [1e12]])(
    "with a life of %j is neither refused nor kept for ever",
    async (life) => {
      answers({ body: { access_token: "odd", expires_in: life } });
      const credential = await open(authorizedUser);
      expect((await credential.headers())["authorization"]).toBe("Bearer odd");
      clock.advance(13 * 3_600_000);
      await credential.headers();
      expect(server.requests).toHaveLength(2);
    },
  );

  test("every one that was fetched is known to the redactor", async () => {
    const credential = await open();
    await credential.headers();
    clock.advance(4_000_000);
    await credential.headers();
    const known = credential.secrets().map((secret) => secret.reveal());
    expect(known).toEqual(expect.arrayContaining(["token-1", "token-2", serviceAccount.private_key]));
  });
});

describe("when none comes", () => {
  const refused = {
    status: 400,
    body: { error: "invalid_grant", error_description: "Invalid JWT: check your \u001b[31miat and exp (hush-refresh)" },
  };

  test("503 twice is waited out", async () => {
    answers({ status: 503, body: {} }, { status: 503, body: {} }, good);
    expect(await (await open()).headers()).toEqual({ authorization: "Bearer good" });
    expect(server.requests).toHaveLength(3);
    expect(clock.slept).toHaveLength(2);
  });

  test("a failure is not kept: the next call asks again", async () => {
    answers(refused, good);
    const credential = await open();
    await expect(credential.headers()).rejects.toMatchObject({ code: "token-invalid" });
    expect(await credential.headers()).toEqual({ authorization: "Bearer good" });
  });

  test("invalid_grant is token-invalid with its description, cleaned, and a hint on the clock", async () => {
    answers(refused);
    expect(await failure(authorizedUser)).toMatchObject({
      code: "token-invalid",
      message: expect.stringContaining("Invalid JWT: check your iat and exp ([redacted])"),
      details: {
        httpStatus: 400,
        nextStep: expect.stringMatching(/gcloud auth application-default login.*clock/s),
        providerMessage: expect.not.stringContaining("hush"),
      },
    });
  });

  test.each([
    ["503 for good", { status: 503, body: {} }, "server-error"],
    ["429", { status: 429, body: {} }, "rate-limited"],
    ["an unknown client", { status: 401, body: { error: "invalid_client" } }, "token-invalid"],
    ["an error from the prototype", { status: 400, body: { error: "constructor" } }, "token-invalid"],
    ["a web page", { status: 200, body: "<html>Welcome, please log in</html>" }, "connect-failed"],
    ["a web page as an error", { status: 403, body: "<html>blocked</html>" }, "connect-failed"],
    [
      "a redirect to a login page",
      { status: 302, headers: { location: "http://x.example" }, body: "" },
      "connect-failed",
    ],
    ["JSON without a token", { status: 200, body: { hello: 1 } }, "connect-failed"],
    [
      "a token that is no header",
      { status: 200, body: { access_token: "a\r\nb: c", expires_in: 9 } },
      "connect-failed",
    ],
    ["an empty answer", { status: 200, body: "" }, "connect-failed"],
  ])("%s is %s", async (_what, reply, code) => {
    answers(reply);
    for (const content of [serviceAccount, authorizedUser]) {
      expect(await failure(content)).toMatchObject({ code, row: { billed: "no" } });
    }
  });

  test("the network's own error is passed on as it is", async () => {
    const error = new ToolError("tls-failure", { message: "certificate has expired" });
    expect(await failure(serviceAccount, () => Promise.reject(error))).toBe(error);
  });

  test("an error that would say perhaps billed becomes connect-failed", async () => {
    const error = new ToolError("timeout", { message: "nothing for 30 s" });
    expect(await failure(serviceAccount, () => Promise.reject(error))).toMatchObject({
      code: "connect-failed",
      message: expect.stringContaining("nothing for 30 s"),
    });
  });

  test.each([
    ["a refusal", 400, (echo: string) => ({ error: "invalid_grant", error_description: echo })],
    ["a fault", 403, (echo: string) => ({ error: { message: echo, details: [] } })],
    ["a page", 400, (echo: string) => `<p>${echo}</p>`],
  ])("no key rides on the error of %s that echoes the whole request", async (_what, status, body) => {
    server.answer((request) => ({ status, body: body([...new URLSearchParams(request.body).values()].join(" ")) }));
    for (const content of [serviceAccount, authorizedUser]) {
      const shown = inspect(await failure(content), { depth: 20, showHidden: true });
      expect(shown).not.toMatch(/hush-|PRIVATE KEY|assertion=|eyJ/);
    }
    expect(server.requests).toHaveLength(2);
  });
});
