// `edit`: a picture and what is to be changed in it. Where the picture's record names a conversation, it goes on from there;
// else the picture is a reference like any other.

import type { ExitCode } from "../../core/error-table.ts";
import { asObject, asText } from "../../core/json-field.ts";
import { isToolError } from "../../core/tool-error.ts";
import { type Inspection, inspectPicture } from "../../outputs/inspect.ts";
import { readSession, sessionsFolder } from "../../sessions/session.ts";
import { findFolders } from "../../settings/folders.ts";
import type { Context } from "../context.ts";
import type { CommandInput } from "../handler.ts";
import { runRequest } from "./generate.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  const { invocation, settings } = input;
  const [picture = "", ...operands] = invocation.operands;
  const place = settings.values.session === null ? findPlace(picture, input, context) : null;
  if (place !== null) {
    return await runRequest({ ...input, invocation: { ...invocation, operands } }, context, place);
  }
  const lists = new Map(invocation.lists);
  // Without a picture the command line was not understood, which is said elsewhere.
  if (picture !== "") lists.set("image", [picture, ...(lists.get("image") ?? [])]);
  return await runRequest({ ...input, invocation: { ...invocation, operands, lists } }, context, {});
}

interface Place {
  readonly session: string;
  readonly sessionTurn: number;
}

/** The turn that made this very picture; `null` when there is none that can be gone on from. */
function findPlace(picture: string, { invocation }: CommandInput, context: Context): Place | null {
  const record = findRecord(picture, context.workingDirectory);
  const named = asObject(record?.["session"]);
  const name = asText(named?.["name"]);
  const turn = named?.["turn"];
  if (record === null || name === null || typeof turn !== "number") return null;
  const { stateDirectory } = findFolders(context.environment, context.workingDirectory);
  try {
    const made = readSession(sessionsFolder(stateDirectory), name).turns[turn - 1];
    const isRehearsal = invocation.switches.has("rehearse");
    return made?.operation === record["operation"] && made?.rehearsal === isRehearsal
      ? { session: name, sessionTurn: turn }
      : null;
  } catch (error) {
    // A conversation that is gone or damaged leaves the picture.
    if (isToolError(error)) return null;
    throw error;
  }
}

/** The record of a picture that is still what its record says. */
function findRecord(picture: string, workingDirectory: string): Inspection["records"][number]["record"] {
  try {
    const [record] = inspectPicture(picture, workingDirectory).records;
    // Somebody has worked on the file: that is the picture to be edited, and the conversation does not know it.
    return record === undefined || record.unchanged === false ? null : record.record;
  } catch (error) {
    // A URL, or a kind of picture that image-gen does not write.
    if (isToolError(error)) return null;
    throw error;
  }
}
