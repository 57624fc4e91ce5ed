// Recovery from the command line: the library opened for nothing else, with the user's own folders.

import type { Recovery } from "../../generate/index.ts";
import { readJsonFile } from "../../settings/config-file.ts";
import { findFolders } from "../../settings/folders.ts";
import { hasLedger } from "../../spend/ledger/view.ts";
import type { Context } from "../context.ts";
import { ownLedgerDirectory, withLedgerView } from "./own-ledger.ts";

const UNFINISHED: ReadonlySet<string> = new Set(["reserved", "sent", "answered"]);

/** Throws `ledger-…`. `null`: there is no ledger, and none is made. */
export async function recoverLeftovers(context: Context): Promise<Recovery | null> {
  const { environment, workingDirectory, clock } = context;
  if (!hasLedger(ownLedgerDirectory(context))) return null;
  const { modelsFile, stateDirectory } = findFolders(environment, workingDirectory);
  const models = readJsonFile(modelsFile);
  const { createImageGen } = await import("../../generate/index.ts");
  const imageGen = createImageGen({
    auth: "proxy",
    workingDirectory,
    stateDirectory,
    clock,
    ...(models === undefined ? {} : { models }),
  });
  try {
    return await imageGen.recover();
  } finally {
    imageGen.close();
  }
}

/** For commands that show the ledger: what is left is finished first, and a ledger that cannot be written is shown all the same. */
export async function recoverBeforeShowing(context: Context): Promise<void> {
  try {
    const hasWork = await withLedgerView(context, (view) =>
      view.openOperations().some(({ calls }) => calls.some(({ state }) => UNFINISHED.has(state))),
    );
    if (hasWork) await recoverLeftovers(context);
  } catch {
    // Whoever shows the ledger meets the same fault, and says it.
  }
}
