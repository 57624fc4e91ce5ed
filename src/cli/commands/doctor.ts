// `doctor`: which connection can make a picture, in groups with what to do, or as one JSON document.

import { existsSync } from "node:fs";
import type { ExitCode } from "../../core/error-table.ts";
import { plainText } from "../../core/redaction.ts";
import { type AuthMethod, authMethods } from "../../core/route.ts";
import { type Check, type ConnectionReport, type DoctorReport, examine } from "../../doctor/index.ts";
import { seenCredentials } from "../../google/auth/seen-credentials.ts";
import { findFolders } from "../../settings/folders.ts";
import type { Context } from "../context.ts";
import { openEngine } from "../engine.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { chooseStyle } from "../terminal/style.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const { settings, invocation } = input;
  const { environment, workingDirectory } = context;
  const rehearse = invocation.switches.has("rehearse");
  const engine = await openEngine(input, context);
  try {
    const { configFile, stateDirectory } = findFolders(environment, workingDirectory);
    const report = await examine({
      options: engine.options,
      others: rehearse ? authMethods : withCredential(input, context),
      files: rehearse ? null : { configFile, stateDirectory, credentialsFile: settings.values.credentialsFile },
    });
    if (invocation.switches.has("json")) writeJson(context, report);
    else writeReport(report, context);
    return report.exitCode;
  } finally {
    await engine.close();
  }
}

/** CLIProxyAPI needs no credential of ours; the others are looked at when one is there. */
function withCredential({ settings }: CommandInput, { environment }: Context): readonly AuthMethod[] {
  const { apiKey, vertexKey, accessToken, credentialsFile } = settings.values;
  const found = new Set<AuthMethod>(["proxy", ...seenCredentials(environment, existsSync).map(({ auth }) => auth)]);
  if (apiKey) found.add("api-key");
  if (vertexKey) found.add("vertex-key");
  if (accessToken) found.add("oauth");
  if (credentialsFile !== null) found.add("adc");
  return authMethods.filter((auth) => found.has(auth));
}

function writeReport({ connections, surroundings, status }: DoctorReport, context: Context): void {
  const { stdout, environment } = context;
  const { unicode, colors } = chooseStyle({ isTerminal: stdout.isTerminal, environment });
  const marks = unicode ? { ok: "✓", warning: "!", failed: "✗" } : { ok: "ok", warning: "!", failed: "x" };
  const paint = { ok: colors.green, warning: colors.yellow, failed: colors.red };
  const say = (line: string) => stdout.write(`${line}\n`);
  const sayCheck = ({ name, status: found, message, nextStep }: Check) => {
    say(`  ${paint[found](marks[found])} ${name}: ${oneLine(message)}`);
    if (nextStep !== undefined && found !== "ok") say(`      ${oneLine(nextStep)}`);
  };
  for (const connection of connections) {
    say(colors.bold(headline(connection)));
    for (const check of connection.checks) sayCheck(check);
    if (connection.termsWarning !== null) say(`  ${paint.warning(marks.warning)} terms: ${connection.termsWarning}`);
    say("");
  }
  if (surroundings.length > 0) {
    say(colors.bold("This machine"));
    for (const check of surroundings) sayCheck(check);
    say("");
  }
  const [chosen] = connections;
  if (!chosen) return;
  const usable = connections.filter((connection) => connection.usable && !connection.chosen);
  say(
    status === "ok"
      ? `${paint.ok(marks.ok)} --auth ${chosen.auth} can make a picture.`
      : `${paint.failed(marks.failed)} --auth ${chosen.auth} cannot make a picture as it is.`,
  );
  if (status === "error" && usable.length > 0) {
    say(`  These can: ${usable.map(({ auth }) => `--auth ${auth}`).join(", ")}. Nothing changes to them by itself.`);
  }
}

function headline({ auth, label, endpoint, chosen }: ConnectionReport): string {
  return `--auth ${auth}, ${label} (${endpoint})${chosen ? ", the chosen connection" : ""}`;
}

const oneLine = (text: string): string => plainText(text).replace(/\s+/g, " ");
