// What the gcloud command left on this machine: its folder, the file of its application default credentials, and the
// project it is set to. Read from its files: starting gcloud takes a second and a shell.

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where gcloud keeps its things when CLOUDSDK_CONFIG does not say otherwise. Source: google-apis facts §9.1. */
export function defaultGcloudFolder(): string {
  return process.platform === "win32"
    ? join(homedir(), "AppData", "Roaming", "gcloud")
    : join(homedir(), ".config", "gcloud");
}

/** Where `gcloud auth application-default login` leaves its file. */
export function applicationDefaultFile(gcloudFolder: string): string {
  return join(gcloudFolder, "application_default_credentials.json");
}

/** The project of gcloud's active configuration, or `null`. Never throws: it is only a last resort. */
export async function readGcloudProject(gcloudFolder: string): Promise<string | null> {
  const active = (await readSmall(join(gcloudFolder, "active_config")))?.trim() ?? "default";
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(active)) return null;
  const text = await readSmall(join(gcloudFolder, "configurations", `config_${active}`));
  return text === null ? null : projectIn(text);
}

async function readSmall(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return null;
  }
}

/** `project` of the section `[core]` in gcloud's INI file. */
function projectIn(text: string): string | null {
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[([^\]]*)\]/.exec(line)?.[1]?.trim() ?? section;
    const project = section === "core" ? /^\s*project\s*=\s*(\S+)\s*$/.exec(line)?.[1] : undefined;
    if (project !== undefined) return project;
  }
  return null;
}
