// Starts a sender process: in a session of its own, so that neither Ctrl-C nor a closed terminal nor a killed process group
// reaches it.

import { spawn } from "node:child_process";
import type { SenderProcess } from "./detached-image-gen.ts";

/** `file`: the built sender. Secrets go over its standard input only. */
export function startSender(file: string): SenderProcess {
  const child = spawn(process.execPath, [...process.execArgv, file], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
  });
  const ended = new Promise<string | null>((resolve) => {
    child.on("error", ({ message }) => resolve(message));
    child.on("close", (code, signal) => resolve(signal ?? (code === 0 ? null : `exit status ${code}`)));
  });
  return {
    orders: child.stdin,
    news: child.stdout,
    ended,
    letGo() {
      child.stdin.destroy();
      child.stdout.destroy();
      child.unref();
    },
  };
}
