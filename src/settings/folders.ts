// Folders: where settings, the user's own models and what must be kept are on this machine.

import { homedir, userInfo } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import envPaths from "env-paths";

export interface Folders {
  /** The user's settings. */
  readonly configFile: string;
  /** The user's own models and prices. */
  readonly modelsFile: string;
  /** The user's own styles. */
  readonly stylesDirectory: string;
  /** Kept pictures and records; losing it loses money. */
  readonly stateDirectory: string;
}

/**
 * `IMAGE_GEN_HOME` holds all of it when set (design §3); else the platform's own folders for configuration and data.
 * Data and not state on Linux: what is kept there is paid for, and must not look disposable.
 */
export function findFolders(
  environment: Readonly<Record<string, string | undefined>>,
  workingDirectory: string,
): Folders {
  const home = environment["IMAGE_GEN_HOME"]?.trim();
  if (home) {
    const folder = resolve(workingDirectory, home);
    return {
      configFile: join(folder, "config.json"),
      modelsFile: join(folder, "models.json"),
      stylesDirectory: join(folder, "styles"),
      stateDirectory: join(folder, "state"),
    };
  }
  const { config, data } = ownFolders();
  return {
    configFile: join(config, "config.json"),
    modelsFile: join(config, "models.json"),
    stylesDirectory: join(config, "styles"),
    stateDirectory: data,
  };
}

/** A home that is no absolute path would put the ledger, and with it the budgets, below whatever folder one works in. */
function ownFolders(): { readonly config: string; readonly data: string } {
  const { config, data } = envPaths("image-gen", { suffix: "" });
  return { config: belowHome(config), data: belowHome(data) };
}

function belowHome(path: string): string {
  return isAbsolute(path) ? path : join(userInfo().homedir, relative(homedir(), path));
}
