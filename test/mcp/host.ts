// Agents' hosts for tests: the official clients of both lines in front of the built command, and a raw one for broken frames.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { Client as CurrentClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as CurrentStdio } from "@modelcontextprotocol/client/stdio";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OlderStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema, type ElicitResult, ListRootsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach } from "vitest";
import { newFolder, until } from "../e2e/run-command.ts";

export const command = resolve("bin/image-gen.cjs");

/** A tool's result, in the parts that tests look at. */
export interface ToolResult {
  readonly content: readonly {
    readonly type: string;
    readonly text?: string;
    readonly uri?: string;
    readonly data?: string;
    readonly mimeType?: string;
    readonly size?: number;
  }[];
  readonly structuredContent: Record<string, unknown>;
  readonly isError?: boolean;
}

export interface ListedTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly annotations?: Readonly<Record<string, unknown>> | undefined;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined;
}

export interface CallOptions {
  readonly onProgress?: (note: { readonly progress: number; readonly message?: string | undefined }) => void;
  readonly signal?: AbortSignal;
  /** Of the client. */
  readonly timeoutMs?: number;
}

export interface Host {
  /** Working folder of the server. */
  readonly folder: string;
  readonly serverName: string | undefined;
  readonly instructions: string | undefined;
  listTools(): Promise<ListedTool[]>;
  call(name: string, given?: Record<string, unknown>, options?: CallOptions): Promise<ToolResult>;
  close(): Promise<void>;
}

export interface HostOptions {
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Project folders that the host names; without them it cannot be asked. */
  readonly roots?: readonly string[];
  /** The person at the host; without one it cannot ask. */
  readonly person?: (message: string) => ElicitResult;
}

/** The clients in use: of the line before 2026, of the current line as it speaks by default, and in its newest revision. */
export const generations = ["v1", "v2", "v2 of 2026-07-28"] as const;
export type Generation = (typeof generations)[number];

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((host) => host.close()));
});

export function environmentIn(folder: string, more: HostOptions["environment"] = {}): Record<string, string> {
  const home = join(folder, ".home");
  return { PATH: process.env["PATH"] ?? "", HOME: home, IMAGE_GEN_HOME: home, ...more };
}

/** Starts the server and connects a client to it; closed after the test. */
export async function openHost(generation: Generation, options: HostOptions = {}): Promise<Host> {
  const { words = ["--rehearse"], folder = newFolder(), environment } = options;
  const server = {
    command: process.execPath,
    args: [command, "mcp", ...words],
    cwd: folder,
    env: environmentIn(folder, environment),
    stderr: "ignore" as const,
  };
  const client = clientOf(generation, options);
  if (client instanceof OlderClient) await client.connect(new OlderStdio(server));
  else await client.connect(new CurrentStdio(server));
  const host = hostOf(client, folder);
  open.push(host);
  return host;
}

/** A client that is not connected yet. */
export function clientOf(generation: Generation, { roots, person }: HostOptions): OlderClient | CurrentClient {
  const identity = { name: "test-host", version: "1.0.0" };
  const capabilities = { ...(roots ? { roots: {} } : {}), ...(person ? { elicitation: { form: {} } } : {}) };
  const listed = { roots: (roots ?? []).map((uri) => ({ uri })) };
  if (generation === "v1") {
    const client = new OlderClient(identity, { capabilities });
    if (roots) client.setRequestHandler(ListRootsRequestSchema, () => listed);
    if (person) client.setRequestHandler(ElicitRequestSchema, ({ params }) => person(params.message));
    return client;
  }
  const mode = generation === "v2" ? "legacy" : { pin: "2026-07-28" };
  const client = new CurrentClient(identity, { capabilities, versionNegotiation: { mode } });
  if (roots) client.setRequestHandler("roots/list", () => listed);
  if (person) client.setRequestHandler("elicitation/create", ({ params }) => person(params.message));
  return client;
}

export function hostOf(client: OlderClient | CurrentClient, folder: string): Host {
  return {
    folder,
    serverName: client.getServerVersion()?.name,
    instructions: client.getInstructions(),
    listTools: async () => (await client.listTools()).tools,
    call: async (name, given = {}, { onProgress, signal, timeoutMs = 25_000 } = {}) => {
      const params = { name, arguments: given };
      const more = {
        timeout: timeoutMs,
        ...(onProgress ? { onprogress: onProgress } : {}),
        ...(signal ? { signal } : {}),
      };
      const result =
        client instanceof OlderClient
          ? await client.callTool(params, undefined, more)
          : await client.callTool(params, more);
      return result as unknown as ToolResult;
    },
    close: async () => await client.close(),
  };
}

export interface RawHost {
  readonly folder: string;
  readonly process: ChildProcessWithoutNullStreams;
  /** Writes bytes as they are. */
  write(text: string | Uint8Array): void;
  send(frame: object): void;
  /** The frame with this id; waits for it. */
  answerTo(id: number): Promise<Record<string, unknown>>;
  /** All lines on stdout so far. */
  lines(): string[];
  /** Resolves when the process has ended. */
  ended(): Promise<number | NodeJS.Signals | null>;
}

/** Starts the server and speaks to it without a client. */
export function openRawHost({ words = ["--rehearse"], folder = newFolder(), environment }: HostOptions = {}): RawHost {
  const child = spawn(process.execPath, [command, "mcp", ...words], {
    cwd: folder,
    env: environmentIn(folder, environment),
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.resume();
  child.stdin.on("error", () => {});
  const end = new Promise<number | NodeJS.Signals | null>((settle) => {
    child.on("close", (code, signal) => settle(code ?? signal));
  });
  open.push({
    close: async () => {
      child.kill("SIGKILL");
      await end;
    },
  });
  const lines = () => stdout.split("\n").filter((line) => line !== "");
  return {
    folder,
    process: child,
    write: (text) => void child.stdin.write(text),
    send: (frame) => void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...frame })}\n`),
    answerTo: async (id) => {
      const find = () =>
        lines()
          .map((line) => JSON.parse(line) as Record<string, unknown>)
          .find((frame) => frame["id"] === id && frame["method"] === undefined);
      await until(() => stdout.includes(`"id":${id}`) || child.exitCode !== null);
      await until(() => find() !== undefined || child.exitCode !== null);
      const found = find();
      if (!found) throw new Error(`The server ended without an answer to ${id}.`);
      return found;
    },
    lines,
    ended: async () => await end,
  };
}

export const initialize = {
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
} as const;

export function errorOf({ structuredContent }: ToolResult): Record<string, unknown> {
  return structuredContent["error"] as Record<string, unknown>;
}

/** All text blocks as one. */
export function wordsOf({ content }: ToolResult): string {
  return content.flatMap(({ text }) => text ?? []).join("\n");
}

export function imagesOf({ structuredContent }: ToolResult): { path: string; mimeType: string; bytes: number }[] {
  return structuredContent["images"] as { path: string; mimeType: string; bytes: number }[];
}
