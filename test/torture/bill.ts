// Bill: the emulator as a process of its own, the only independent witness of what was bought. It shares no code with
// the sender, and nothing that is killed here takes it along.

import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { LoggedRequest } from "../../src/emulator/request-log.ts";

export interface Bill {
  readonly url: string;
  /** Where GOOGLE_GEMINI_BASE_URL must point. */
  readonly geminiUrl: string;
  /** Where GOOGLE_VERTEX_BASE_URL must point. */
  readonly vertexUrl: string;
  /** Everything that has arrived; waits until nothing that arrived whole is still being drawn. */
  requests(): Promise<readonly LoggedRequest[]>;
  /** What arrived until now, without waiting. */
  requestsNow(): Promise<readonly LoggedRequest[]>;
  /** Plans faults for the calls to come; see docs/emulator.md. */
  plan(instructions: readonly object[]): Promise<void>;
  forgetPlans(): Promise<void>;
  close(): void;
}

const open = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of open) child.kill("SIGKILL");
});

/** The package's own door to the emulator; models that Google has shut down answer too, for those who ask for them. */
const SERVING =
  "const { startEmulator } = await import(process.argv[1]); console.log(JSON.stringify({ url: (await startEmulator({ servesRetired: true })).url }));";

/** Starts the emulator of the sound build, whose launcher is `program`. */
export async function openBill(program: string): Promise<Bill> {
  const door = pathToFileURL(join(dirname(program), "../dist/emulator.js")).href;
  const child = spawn(process.execPath, ["--input-type=module", "-e", SERVING, door], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: process.env["PATH"] ?? "" },
  });
  open.add(child);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", () => reject(new Error("The emulator ended before it listened.")));
  });
  const { url } = JSON.parse(line) as { url: string };
  const requestsNow = async (): Promise<readonly LoggedRequest[]> =>
    ((await (await fetch(`${url}/emulator/requests`)).json()) as { requests: LoggedRequest[] }).requests;
  return {
    url,
    geminiUrl: `${url}/generativelanguage.googleapis.com`,
    vertexUrl: `${url}/aiplatform.googleapis.com`,
    requestsNow,
    async requests() {
      for (;;) {
        const found = await requestsNow();
        // A picture that is still being drawn has no status and no price yet, but is as good as billed.
        if (!found.some(({ bodyComplete, billed, status }) => bodyComplete && !billed && status === null)) return found;
        await pause(30);
      }
    },
    async plan(instructions) {
      const answer = await fetch(`${url}/emulator/faults`, { method: "POST", body: JSON.stringify(instructions) });
      if (!answer.ok) throw new Error(`The emulator refused the plan: ${await answer.text()}`);
    },
    async forgetPlans() {
      await fetch(`${url}/emulator/faults`, { method: "DELETE" });
    },
    close() {
      child.kill("SIGKILL");
      open.delete(child);
    },
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
