// The catalogue with the user's own models file laid over it, for commands that need no library.

import { type Catalogue, createCatalogue } from "../../google/models/catalogue.ts";
import { readJsonFile } from "../../settings/config-file.ts";
import { findFolders } from "../../settings/folders.ts";
import type { Context } from "../context.ts";

/** @throws ToolError `config-invalid` when the file cannot be used. */
export function openCatalogue({ environment, workingDirectory }: Context): Catalogue {
  return createCatalogue(readJsonFile(findFolders(environment, workingDirectory).modelsFile));
}
