// Help: the text for all of image-gen, for one command, or for the commands that share a first word.

import { type CommandDefinition, typedName } from "./command-definition.ts";
import { buildParser } from "./command-parser.ts";
import { defaultDefinition, definitions, membersOf } from "../definitions/index.ts";

const INTRODUCTION = "Makes pictures through Google's AI APIs: the price is said before, the true cost after.";

function section(heading: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return `${heading}\n${rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join("\n")}\n`;
}

function commandList(list: readonly CommandDefinition[], nameOf = (name: string): string => name): string {
  return section(
    "Commands:",
    list.map(({ name, summary }) => [nameOf(name), summary] as const),
  );
}

function optionList(definition: CommandDefinition, columns: number): string {
  const { parser } = buildParser(definition);
  const text = parser.configureHelp({ helpWidth: columns }).helpInformation();
  // commander's own usage line is replaced by the definition's.
  const start = text.indexOf("\n\n");
  return start === -1 ? "" : text.slice(start + 2);
}

function exampleList(list: readonly CommandDefinition[]): string {
  const examples = list.flatMap((definition) => definition.examples);
  return `Examples:\n${examples.map(({ command, note }) => `  # ${note}\n  ${command}`).join("\n")}\n`;
}

function oneCommand(definition: CommandDefinition, columns: number): string {
  return [
    `Usage: ${typedName(definition.name)} ${definition.usage}\n`,
    `${definition.summary[0]?.toUpperCase()}${definition.summary.slice(1)}.\n`,
    optionList(definition, columns),
    ...(definition.notes ? [`${wrap(definition.notes, columns)}\n`] : []),
    exampleList([definition]),
  ].join("\n");
}

/** Help for everything (`null`), for a command, or for a first word such as `cost`. */
export function helpText(topic: string | null, columns: number): string {
  const members = topic === null ? [] : membersOf(topic);
  const [only] = members;
  const named = members.find(({ name }) => name === topic);
  const others = members.filter((definition) => definition !== named);
  if (named)
    return [oneCommand(named, columns), ...(others.length === 0 ? [] : [commandList(others, typedName)])].join("\n");
  if (topic !== null && only) {
    return [`Usage: image-gen ${topic} <command>\n`, commandList(members), exampleList(members)].join("\n");
  }
  return [
    `Usage: image-gen [generate] ${defaultDefinition.usage}\n       image-gen <command> [options]\n`,
    `${INTRODUCTION}\n`,
    commandList(definitions),
    optionList(defaultDefinition, columns),
    `${wrap(defaultDefinition.notes ?? "", columns)}\n`,
    exampleList([defaultDefinition]),
    "More about a command: image-gen help <command>\n",
  ].join("\n");
}

function wrap(text: string, columns: number): string {
  const width = Math.max(20, Math.min(columns, 100));
  return text
    .split("\n")
    .map((paragraph) => {
      const lines: string[] = [];
      let line = "";
      for (const word of paragraph.split(" ")) {
        if (line !== "" && line.length + 1 + word.length > width) {
          lines.push(line);
          line = word;
        } else line = line === "" ? word : `${line} ${word}`;
      }
      return [...lines, line].join("\n");
    })
    .join("\n");
}
