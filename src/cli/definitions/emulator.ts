// Definition of `emulator`.

import type { CommandDefinition } from "../command-line/command-definition.ts";

export const emulatorDefinition: CommandDefinition = {
  name: "emulator",
  summary: "serve Google's endpoints on this machine, free and offline",
  usage: "[options]",
  operands: { least: 0, most: 0 },
  settings: [],
  switches: [
    { flags: "--port <n>", help: "port on 127.0.0.1 (default: a free one)" },
    {
      flags: "--latency <kind>",
      help: "none (default), or measured: as slow as Google's models",
      choices: ["none", "measured"],
    },
  ],
  examples: [{ command: "image-gen emulator --port 8317", note: "in place of CLIProxyAPI, the default connection" }],
  notes: 'Prints one JSON line {"url": …} on stdout when it listens, and runs until Ctrl-C.',
};
