// The server over HTTP on loopback: both lines of clients, and everyone who may not speak to it.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { connect } from "node:net";
import { request } from "node:http";
import { StreamableHTTPClientTransport as CurrentHttp } from "@modelcontextprotocol/client";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OlderHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newFolder, runCommand } from "../e2e/run-command.ts";
import { clientOf, command, environmentIn, generations, hostOf, imagesOf } from "./host.ts";

let child: ChildProcessWithoutNullStreams;
let url: URL;
let token: string;
let stdout: string;
let folder: string;

beforeEach(async () => {
  folder = newFolder();
  child = spawn(process.execPath, [command, "mcp", "--http", "--rehearse"], {
    cwd: folder,
    env: environmentIn(folder, { IMAGE_GEN_MCP_CONFIRM_ABOVE: "0.2" }),
  });
  stdout = "";
  await new Promise<void>((settle) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (stdout.includes("\n")) settle();
    });
  });
  const told = JSON.parse(stdout) as { url: string; token: string };
  url = new URL(told.url);
  token = told.token;
});

afterEach(async () => {
  const ended = new Promise((settle) => {
    child.once("close", settle);
  });
  child.kill("SIGINT");
  await ended;
});

async function connected(generation: (typeof generations)[number], bearer = token) {
  const client = clientOf(generation, { person: () => ({ action: "accept", content: { buy: true } }) });
  const options = { requestInit: { headers: { authorization: `Bearer ${bearer}` } } };
  if (client instanceof OlderClient) {
    await client.connect(new OlderHttp(url, options));
  } else await client.connect(new CurrentHttp(url, options));
  return hostOf(client, folder);
}

describe.each(generations)("a client %s with the token", (generation) => {
  test("lists the tools, draws, and is told how it goes", async () => {
    const host = await connected(generation);
    expect((await host.listTools()).map(({ name }) => name)).toContain("generate_image");
    const notes: number[] = [];
    const result = await host.call(
      "generate_image",
      { prompt: "a red fox" },
      { onProgress: ({ progress }) => void notes.push(progress) },
    );
    expect(imagesOf(result)[0]?.path).toContain(folder);
    expect(notes.length).toBeGreaterThan(0);
    await host.close();
  });

  test("meets the price question: the newest revision can answer it, the older ones are refused over HTTP", async () => {
    const host = await connected(generation);
    const result = await host.call("generate_image", { prompt: "a red fox", size: "4K" });
    const canAnswer = generation === "v2 of 2026-07-28";
    expect(result.structuredContent).toMatchObject(
      canAnswer ? { status: "ok" } : { error: { code: "confirmation-needed" } },
    );
    await host.close();
  });

  test("with a wrong token gets nothing", async () => {
    await expect(connected(generation, `${token.slice(0, -1)}!`)).rejects.toThrow(/token|unauthorized|401/i);
  });
});

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });

function ask(headers: Record<string, string>, path = "/mcp", method = "POST", body = list): Promise<Reply> {
  return new Promise((settle, fail) => {
    const call = request(
      {
        host: "127.0.0.1",
        port: url.port,
        path,
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: "application/json, text/event-stream",
          "content-type": "application/json",
          ...headers,
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (piece: string) => {
          text += piece;
        });
        response.on("end", () => settle({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
      },
    );
    call.on("error", fail);
    call.end(body);
  });
}

describe("who may not speak to it", () => {
  test("a plain call with the token may", async () => {
    expect((await ask({})).status).toBe(200);
    expect((await ask({ origin: `http://localhost:${url.port}`, "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  test.each([
    [{ host: "evil.example" }, 403],
    [{ host: "127.0.0.1" }, 403],
    [{ host: "127.0.0.1.nip.io:80" }, 403],
    [{ host: "evil.example@127.0.0.1" }, 403],
    [{ origin: "http://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: "http://127.0.0.1" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ authorization: "" }, 401],
    [{ authorization: "Bearer " }, 401],
    [{ authorization: "Basic abc" }, 401],
  ])("%j gets %i and learns nothing", async (headers, status) => {
    const reply = await ask(headers);
    expect(reply.status).toBe(status);
    expect(reply.body).not.toContain("generate_image");
    expect(reply.body).not.toContain(token);
    expect(reply.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test.each(["/", "/mcp/../etc/passwd", "/mcp?token=x", "/%6dcp"])("the path %s is not there", async (path) => {
    expect((await ask({}, path)).status).toBe(404);
  });

  test.each([
    ["absolute-form", (at: string) => `POST http://evil.example/mcp HTTP/1.1\r\nHost: ${at}\r\n`],
    ["two Hosts", (at: string) => `POST /mcp HTTP/1.1\r\nHost: ${at}\r\nHost: evil.example\r\n`],
    ["no Host", () => "POST /mcp HTTP/1.1\r\n"],
  ])("a request with %s is refused", async (_name, head) => {
    const at = `127.0.0.1:${url.port}`;
    const socket = connect(Number(url.port), "127.0.0.1");
    let answer = "";
    const ended = new Promise((settle) => {
      socket.on("close", settle);
    });
    socket
      .on("error", () => {})
      .on("data", (bytes: Buffer) => {
        answer += bytes.toString();
      });
    socket.end(
      `${head(at)}Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${list.length}\r\nConnection: close\r\n\r\n${list}`,
    );
    await ended;
    expect(answer).toMatch(/^HTTP\/1\.1 40[03]/);
    expect(answer).not.toContain("generate_image");
  });

  test("a body that is no protocol, or too large, is refused and the server goes on", async () => {
    expect((await ask({}, "/mcp", "POST", "not json")).status).toBe(400);
    expect((await ask({}, "/mcp", "POST", `"${"x".repeat(5_000_000)}"`)).status).toBe(413);
    expect((await ask({ "content-type": "text/plain" })).status).toBeGreaterThanOrEqual(400);
    expect((await ask({})).status).toBe(200);
  });

  test("stdout has only the one line", async () => {
    await ask({});
    expect(stdout.trim().split("\n")).toHaveLength(1);
  });
});

test("a port that is taken is said in words, exit 2", async () => {
  const run = await runCommand(["mcp", "--http", "--port", url.port, "--rehearse"]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(`Port ${url.port} is already in use.`);
  expect((await runCommand(["mcp", "--port", "4000"])).exitCode).toBe(2);
});
