// Allowed folders: where an agent may write. What the person has set; else the project folders that the host names; else the
// working directory. The host is asked with each paid call, because a project may be opened or closed in between.

import { fileURLToPath } from "node:url";
import { inputRequired, inputResponse } from "@modelcontextprotocol/server";
import type { Call } from "../call.ts";
import type { Question } from "../question.ts";

export function allowedFolders(call: Call): readonly string[] | Question {
  const { policy, workingDirectory } = call.desk;
  if (policy.folders !== null) return policy.folders;
  const roots = call.state.roots ?? answeredRoots(call);
  if (roots !== null) return roots.length > 0 ? roots : [workingDirectory];
  if (!call.client.hasRoots) return [workingDirectory];
  return { asks: { roots: inputRequired.listRoots() }, state: call.state };
}

/** `null` when the host was not asked yet. */
function answeredRoots({ responses }: Call): readonly string[] | null {
  const answer = inputResponse(responses, "roots");
  if (answer.kind === "missing") return null;
  if (answer.kind !== "roots") return [];
  return answer.roots.flatMap(({ uri }) => {
    try {
      return [fileURLToPath(uri)];
    } catch {
      // A root that is no folder of this machine.
      return [];
    }
  });
}
