// Names that exist on this machine, for completion: models, styles and conversations. Read on each TAB and nowhere else,
// from two folders and one file; what cannot be read has no names, because a TAB is no place for a complaint.

import { type Catalogue, createCatalogue } from "../../google/models/catalogue.ts";
import { describeModel } from "../../google/models/model-description.ts";
import { sessionNames, sessionsFolder } from "../../sessions/session.ts";
import { findFolders } from "../../settings/folders.ts";
import { listStyles } from "../../styles/style-shelf.ts";
import type { NamedThing } from "./command-definition.ts";
import type { Context } from "../context.ts";
import { openCatalogue } from "../opening/own-models.ts";

export type KnownNames = Readonly<Record<NamedThing, readonly string[]>>;

export function readKnownNames(context: Context): KnownNames {
  const { environment, workingDirectory } = context;
  const { stateDirectory, stylesDirectory } = findFolders(environment, workingDirectory);
  // On whatever route: which one is meant stands elsewhere on the line, and a proxy may offer anything.
  const models = catalogueOf(context)
    .models.map((model) => describeModel(model, "cliproxyapi", context.clock.now()))
    .filter(({ status }) => status === "available" || status === "deprecated");
  return {
    imageModel: models.filter(({ runnable }) => runnable).map(({ id }) => id),
    videoModel: models.filter(({ runsAsVideo }) => runsAsVideo).map(({ id }) => id),
    style: orNone(() => listStyles({ ownFolder: stylesDirectory, workingDirectory }).map(({ name }) => name)),
    session: orNone(() => sessionNames(sessionsFolder(stateDirectory))),
  };
}

function catalogueOf(context: Context): Catalogue {
  try {
    return openCatalogue(context);
  } catch {
    return createCatalogue();
  }
}

function orNone(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch {
    return [];
  }
}
