// Agent words: a failure as an agent reads it. Options of the command line become names of arguments, commands become tools,
// and what only a person can mend is said to be a person's.

import type { ErrorReport, Problem } from "../core/tool-error.ts";
import { groupsOfTheRetired } from "../settings/setting.ts";
import { flagOf, settingNames, settingRow } from "../settings/table.ts";
import { quoteForeign } from "./answer.ts";

const argumentOfFlag: ReadonlyMap<string, string> = new Map([
  ...settingNames.flatMap((name) => {
    const flag = flagOf(name);
    // Imagen and other retired models are the person's to insist on, at the command line: the tools have none of its arguments.
    return flag === null || groupsOfTheRetired.has(settingRow(name).group) ? [] : [[flag, name] as const];
  }),
  ["--references", "references"],
  ["--image", "references"],
  ["--max-cost", "maxCostUsd"],
]);

const toolOfCommand: readonly (readonly [RegExp, string])[] = [
  [/`?image-gen models(?: <id>)?`?/g, "the tool list_models"],
  [/`?image-gen history`?/g, "the tool list_operations"],
  [/`?image-gen doctor`?/g, "the tool doctor"],
  [/`?image-gen recover`?/g, "the tool recover_operations"],
  [/ with -o\b/g, " with output"],
  [/; --allow-retired [^.]*/g, ""],
];

/** Configuration and budgets: exit codes 3 and 4. */
const FOR_THE_PERSON = "This is for your person to set or decide; tell them, and do not try to work around it.";

function inArguments(text: string): string {
  return text.replace(/--[a-z][\w-]*/g, (flag) => argumentOfFlag.get(flag) ?? flag);
}

function forAgents(problem: Problem): Problem {
  return { ...problem, field: inArguments(problem.field), message: inArguments(problem.message) };
}

/** The report with arguments and tools in place of options and commands. */
export function reportForAgents(report: ErrorReport): ErrorReport {
  const isForPerson = report.exitCode === 3 || report.exitCode === 4;
  // A connection is the person's choice, so its options keep their names.
  const translate = report.exitCode === 3 ? (text: string) => text : inArguments;
  let { nextStep } = report;
  for (const [command, tool] of toolOfCommand) nextStep = nextStep.replace(command, tool);
  return {
    ...report,
    message: translate(report.message),
    nextStep: isForPerson ? `${nextStep} ${FOR_THE_PERSON}` : translate(nextStep),
    ...(report.problems ? { problems: report.problems.map(forAgents) } : {}),
  };
}

/** Cause and next step in words, one fact a line. */
export function failureWords(report: ErrorReport): string {
  const { problems = [], retryAfterSeconds, savedAt, billed, providerMessage } = report;
  const lines = [
    `Failed (${report.code}): ${report.message}`,
    ...(problems.length > 1 || problems[0]?.message !== report.message
      ? problems.map(problemLine)
      : detailsOf(problems)),
    ...(report.cause === report.message ? [] : [`Why: ${report.cause}`]),
    `What to do: ${report.nextStep}`,
    ...(retryAfterSeconds === null ? [] : [`It may be tried again in ${retryAfterSeconds} s.`]),
    ...(savedAt === null ? [] : [`Paid for and kept at: ${savedAt}`]),
    billed === "no"
      ? "Nothing was billed."
      : `Billed: ${billed === "yes" ? "yes" : "perhaps; do not simply repeat it"}.`,
    ...(providerMessage === null ? [] : [quoteForeign("The provider", providerMessage)]),
  ];
  return lines.join("\n");
}

function problemLine(problem: Problem): string {
  return [`- ${problem.message}`, ...detailsOf([problem])].join(" ");
}

function detailsOf(problems: readonly Problem[]): string[] {
  return problems.flatMap(({ allowed, suggestion }) => [
    ...(allowed && allowed.length > 0 ? [`Allowed: ${allowed.join(", ")}.`] : []),
    ...(suggestion === undefined ? [] : [`Did you mean ${suggestion}?`]),
  ]);
}
