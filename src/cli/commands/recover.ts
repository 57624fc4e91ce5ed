// `recover`: what dead processes left is brought to its end and told.

import type { ExitCode } from "../../core/error-table.ts";
import { formatUsd } from "../../core/money.ts";
import { plainText } from "../../core/redaction.ts";
import type { Recovery } from "../../generate/index.ts";
import { counted } from "../reports/amounts.ts";
import type { Context } from "../context.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { recoverLeftovers } from "../opening/recover-leftovers.ts";

const nothing: Recovery = { published: [], released: [], unknown: [], unpublished: [], running: [], pending: [] };

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const recovery = (await recoverLeftovers(context)) ?? nothing;
  if (input.invocation.switches.has("json")) writeJson(context, { version: 1, status: "ok", ...recovery });
  else tell(recovery, context);
  return recovery.unpublished.length > 0 ? 8 : 0;
}

function tell(
  { published, released, unknown, unpublished, running, pending }: Recovery,
  { stdout, stderr }: Context,
): void {
  for (const { path } of published) stdout.write(`${path}\n`);
  const say = (line: string): void => stderr.write(`${plainText(line).replaceAll("\n", " ")}\n`);
  const clips = published.filter(({ path }) => path.endsWith(".mp4")).length;
  const made = [
    ...(published.length > clips ? [counted(published.length - clips, "paid image")] : []),
    ...(clips > 0 ? [counted(clips, "paid clip")] : []),
  ];
  if (made.length > 0) say(`Published ${made.join(" and ")}.`);
  if (released.length > 0)
    say(`Released, because never sent: ${counted(released.length, "call")}; nothing was billed.`);
  for (const { savedAt, message } of unpublished) say(`Paid and safe at ${savedAt ?? "no known place"}: ${message}`);
  for (const { call, heldMicroUsd } of unknown) {
    say(
      `Unknown, perhaps billed: ${call} holds ${formatUsd(heldMicroUsd)}; settle it with image-gen spend resolve ${call}`,
    );
  }
  if (pending.length > 0)
    say(`Begun at the provider: ${counted(pending.length, "clip")}; video-gen resume asks for what was made.`);
  if (running.length > 0) say(`${counted(running.length, "operation")} still running: ${running.join(", ")}`);
  if (
    published.length + released.length + unpublished.length + unknown.length + running.length + pending.length ===
    0
  ) {
    say("Nothing to recover.");
  }
}
