// Definition of `complete`: shell completion.

import type { CommandDefinition } from "../command-line/command-definition.ts";

export const shells = ["bash", "zsh", "fish", "powershell"] as const;

export const completeDefinition: CommandDefinition = {
  name: "complete",
  summary: "print the completion script for your shell",
  usage: "<shell>",
  operands: { least: 1, most: 1 },
  operandChoices: shells,
  settings: [],
  switches: [],
  examples: [
    { command: "source <(image-gen complete bash)", note: "in ~/.bashrc; zsh likewise" },
    { command: "image-gen complete fish > ~/.config/fish/completions/image-gen.fish", note: "for fish" },
  ],
  notes: "bash needs its package bash-completion.",
};
