// Measures the agents' server as a host sees it: milliseconds to the answer to `initialize`, and for one call of
// generate_image the bytes on stdout and the peak memory of the process.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/set-up.mjs";

const initialize = {
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1" } },
};

/** Starts the server; with `call` also draws one picture of this size. */
export async function askServer({ command, environment, size }) {
  const folder = mkdtempSync(join(tmpdir(), "image-gen-bench-mcp-"));
  mkdirSync(join(folder, "home"));
  const started = process.hrtime.bigint();
  const child = spawn(
    process.execPath,
    ["--require", join(root, "bench/measure.cjs"), command, "mcp", "--auth", "api-key"],
    {
      cwd: folder,
      env: { ...environment, IMAGE_GEN_HOME: join(folder, "home"), BENCH_USAGE_FILE: join(folder, "usage.json") },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  let text = "";
  const answer = (id) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const line = text.split("\n").find((one) => one.includes(`"id":${id}`));
        if (line) resolve(JSON.parse(line));
      };
      child.stdout.on("data", look);
      child.once("close", () => reject(new Error("The server ended without an answer.")));
      look();
    });
  child.stdout.setEncoding("utf8").on("data", (piece) => {
    text += piece;
  });
  const send = (frame) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...frame })}\n`);
  send(initialize);
  await answer(1);
  const initializeMs = Number(process.hrtime.bigint() - started) / 1e6;
  if (size) {
    send({ method: "notifications/initialized" });
    send({
      id: 2,
      method: "tools/call",
      params: { name: "generate_image", arguments: { prompt: `bench ${size}`, size } },
    });
    const { result } = await answer(2);
    if (result.isError) throw new Error(result.content[0].text);
  }
  const ended = new Promise((resolve) => {
    child.once("close", resolve);
  });
  child.stdin.end();
  await ended;
  const usage = JSON.parse(readFileSync(join(folder, "usage.json"), "utf8"));
  rmSync(folder, { recursive: true, force: true });
  return { wallMs: initializeMs, ...usage, stdoutBytes: Buffer.byteLength(text) };
}
