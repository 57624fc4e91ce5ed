// docs/settings.md is the settings table in words. This keeps the two equal; with UPDATE_DOCS=1 it writes the page.

import { helpWithChoices } from "./setting.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configWindows } from "./budgets.ts";
import type { SettingGroup } from "./setting.ts";
import { settingNames, settingRow } from "./table.ts";

const page = "docs/settings.md";

const headings: Readonly<Record<SettingGroup, string>> = {
  picture: "The picture",
  imagen: "Imagen, which is retired",
  retired: "Models that were shut down",
  connection: "The connection",
  network: "The network",
  display: "The run and its display",
  agents: "Coding agents",
};

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

function tableOf(group: string): string {
  const rows = settingNames
    .map(settingRow)
    .filter((row) => row.group === group)
    .map(({ flags, environment, fileKey, defaultText, default: value, help, choices }) => {
      const cells = [
        flags === null ? "" : code(flags),
        environment.map(code).join(", "),
        fileKey === null ? "" : code(fileKey),
        typeof value === "number"
          ? `${value / 1000}`
          : typeof value === "string"
            ? value
            : value === true
              ? "on"
              : defaultText,
        helpWithChoices({ help, choices }).replaceAll("|", "\\|"),
      ];
      return `| ${cells.join(" | ")} |`;
    });
  return ["| Option | Environment | Settings file | Default | Meaning |", "|---|---|---|---|---|", ...rows].join("\n");
}

function renderPage(): string {
  const sections = Object.entries(headings).map(([group, heading]) => `## ${heading}\n\n${tableOf(group)}`);
  return `# Settings

A setting is looked for on the command line, then in the environment, then in your settings file, then the default holds.
Where several variables are named, the first that is set wins. \`image-gen --show-defaults\` says what is in force and where each value came from.

The settings file is \`config.json\` in your own settings folder (\`image-gen config path\`), or in \`$IMAGE_GEN_HOME\`.
\`image-gen config set <key> <value>\`, \`get\`, \`unset\` and \`list\` keep it, readable by you alone. Your own models and prices stand in \`models.json\` beside it.
No file of a project is ever read: a cloned repository must not be able to send a key elsewhere.

${sections.join("\n\n")}

## Budgets

\`\`\`json
{ "budgets": [
  { "window": "day", "usd": 5 },
  { "window": "month", "usd": 10, "project": "films" },
  { "window": "run", "usd": 0.5, "model": "gemini-3-pro-image" }
] }
\`\`\`

In the settings file; \`image-gen spend budget set\` and \`clear\` keep them. \`window\` is ${configWindows.map((window) => code(window)).join(", ")};
\`usd\` a number of dollars in plain digits, at most six decimals, and 0 means that nothing may be spent; \`project\` and \`model\` narrow a budget to what they name.
Also ${configWindows.map((window) => code(`IMAGE_GEN_BUDGET_${window.toUpperCase()}`)).join(", ")} in the environment. All budgets hold; of several on the same things the lowest counts.
With a mistake in one of them nothing is spent.

## Also read

| Environment | Meaning |
|---|---|
| \`IMAGE_GEN_HOME\` | folder for settings, models and what must be kept, instead of the platform's own folders |
| \`CLOUDSDK_CONFIG\`, \`GCE_METADATA_HOST\`, \`GOOGLE_CLOUD_QUOTA_PROJECT\` | where application default credentials are looked for, as Google's own tools do |
| \`NO_COLOR\`, \`TERM\`, \`LANG\` | what the display may use |
| \`NODE_EXTRA_CA_CERTS\` | further certificate authorities, read by Node itself |

## Your own models

\`\`\`json
{ "models": [
  { "id": "my-model", "like": "gemini-3-pro-image", "perImageUsd": { "1K": 0.1, "4K": 0.2 }, "asOf": "2026-11-01" },
  { "id": "gemini-3-pro-image", "perMillionTokensUsd": { "imageOut": 110 }, "perImageUsd": { "1K": 0.123 }, "asOf": "2026-12-01" }
] }
\`\`\`

An \`id\` that is known changes that model; any other adds one, \`like\` a known one. Fields: \`id\`, \`like\`, \`label\`, \`aliases\`, \`sizes\`, \`ratios\`,
\`perImageUsd\` (by size), \`perMillionTokensUsd\` (\`textIn\`, \`imageIn\`, \`textOut\`, \`imageOut\`), \`asOf\`.

\`perImageUsd\` alone leaves no rates to count tokens by: the cost afterwards is then the list price of the picture, and says so (\`"basis": "list-price"\`).
\`imageOut\` sets the price of every size, by the tokens that a picture of it takes; where \`perImageUsd\` names a size as well, its price is said beforehand and
the answer's tokens are counted afterwards. A size that neither names keeps the price of \`like\`.
`;
}

test("docs/settings.md says what the settings table says", () => {
  const wanted = renderPage();
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(page, wanted);
  expect(readFileSync(page, "utf8")).toBe(wanted);
});
