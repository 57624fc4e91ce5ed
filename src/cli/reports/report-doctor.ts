// Doctor's report for people: grouped by connection, the chosen one first, what to do below each failure.

import { plainText } from "../../core/redaction.ts";
import type { Check, ConnectionReport, DoctorReport } from "../../doctor/index.ts";
import type { Context } from "../context.ts";
import { chooseStyle } from "../terminal/style.ts";

export function writeDoctorReport({ connections, surroundings, chosen }: DoctorReport, context: Context): void {
  const { stdout, environment } = context;
  const { unicode, colors } = chooseStyle({ isTerminal: stdout.isTerminal, environment });
  const marks = unicode
    ? { ok: "✓", warning: "!", failed: "✗", unknown: "?" }
    : { ok: "ok", warning: "!", failed: "x", unknown: "?" };
  const paint = { ok: colors.green, warning: colors.yellow, failed: colors.red, unknown: colors.dim };
  const say = (line: string) => stdout.write(`${line}\n`);
  const sayCheck = ({ name, status, message, providerMessage, nextStep }: Check) => {
    say(`  ${paint[status](marks[status])} ${name}: ${oneLine(message)}`);
    if (providerMessage !== undefined) say(`      The provider says: ${oneLine(providerMessage)}`);
    if (nextStep !== undefined) say(`      What to do: ${oneLine(nextStep)}`);
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
  const way = `--auth ${chosen.auth}, ${chosen.endpoint}`;
  if (chosen.usable) {
    say(`${paint.ok(marks.ok)} ${way} can make a picture, as far as can be known without paying for one.`);
    return;
  }
  say(`${paint.failed(marks.failed)} ${way} cannot make a picture as it is.`);
  const usable = connections.filter((connection) => connection.usable).map(({ auth }) => `--auth ${auth}`);
  if (usable.length > 0) say(`  Can: ${usable.join(", ")}. Nothing changes to another connection by itself.`);
}

function headline({ auth, label, endpoint, chosen }: ConnectionReport): string {
  return `--auth ${auth}, ${label} (${endpoint})${chosen ? ", the chosen connection" : ""}`;
}

const oneLine = (text: string): string => plainText(text).replace(/\s+/g, " ");
