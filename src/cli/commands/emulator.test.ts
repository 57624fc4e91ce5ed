import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { runProgram } from "../program.ts";
import { createFakeContext, type FakeContext } from "../testing/fake-context.ts";

async function untilSaid(context: FakeContext): Promise<string> {
  while (context.written.stdout === "") await new Promise((resolve) => setImmediate(resolve));
  return context.written.stdout;
}

describe("emulator", () => {
  test("says its address as one JSON line, serves, and ends with exit code 0 when told to stop", async () => {
    const context = createFakeContext();
    const running = runProgram(["emulator"], context);
    const line = await untilSaid(context);
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    expect(line.endsWith("}\n")).toBe(true);
    expect((await fetch(`${url}/v1beta/models`)).status).toBe(200);
    context.interrupt("SIGTERM");
    expect(await running).toBe(0);
    await expect(fetch(`${url}/v1beta/models`)).rejects.toThrow("fetch failed");
  });

  test("a port that is taken is a mistake that names the port", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const context = createFakeContext();
    expect(await runProgram(["emulator", "--port", String(port)], context)).toBe(2);
    expect(context.written.stderr).toContain(`Port ${port} is already in use.`);
    server.close();
  });

  test("all mistakes are said at once", async () => {
    const context = createFakeContext();
    expect(await runProgram(["emulator", "--port", "70000", "--latency", "measurd", "--prot"], context)).toBe(2);
    expect(context.written.stderr).toMatch(/--prot[\s\S]*must be from 0 to 65535[\s\S]*Did you mean measured\?/);
  });
});
