// Bill: the emulator as a process of its own, the only independent witness of what was bought. It shares no code with
// the sender, and nothing that is killed here takes it along.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { LoggedRequest } from "../../src/emulator/request-log.ts";

export interface Bill {
  readonly url: string;
  /** Where GOOGLE_GEMINI_BASE_URL must point. */
  readonly geminiUrl: string;
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

/** Starts `image-gen emulator` from the sound build. */
export async function openBill(program: string): Promise<Bill> {
  const child = spawn(process.execPath, [program, "emulator", "--port", "0"], {
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
