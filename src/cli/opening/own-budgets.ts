// The user's own budgets, with aliases of models replaced by the ids that the ledger knows: a budget for a name that no
// call ever has would hold nothing.

import { type ReadBudgets, readBudgets } from "../../settings/budgets.ts";
import { findFolders } from "../../settings/folders.ts";
import type { Context } from "../context.ts";
import { openCatalogue } from "./own-models.ts";

/** @throws ToolError `config-invalid` when a budget names a model and the user's models file cannot be used. */
export function openBudgets(context: Context): ReadBudgets {
  const { environment, workingDirectory } = context;
  const { configFile } = findFolders(environment, workingDirectory);
  const { caps, problems } = readBudgets({ configPath: configFile, environment });
  if (caps.every(({ model }) => model === undefined)) return { caps, problems };
  const catalogue = openCatalogue(context);
  return {
    caps: caps.map(({ model, ...cap }) =>
      model === undefined ? cap : { ...cap, model: catalogue.find(model)?.model.id ?? model },
    ),
    problems,
  };
}
