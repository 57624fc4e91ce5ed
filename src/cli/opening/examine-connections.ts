// Examining the connections of this command line: which ones are looked at beside the chosen one, and which files.

import { existsSync } from "node:fs";
import { type AuthMethod, authMethods } from "../../core/route.ts";
import { type DoctorReport, examine, type FilesToCheck } from "../../doctor/index.ts";
import { environmentPlaces } from "../../google/auth/environment-places.ts";
import { applicationDefaultFile, defaultGcloudFolder } from "../../google/auth/gcloud-folder.ts";
import { readCredentialsFile } from "../../google/auth/read-credentials-file.ts";
import { seenCredentials } from "../../google/auth/seen-credentials.ts";
import { readConfigFile } from "../../settings/config-file.ts";
import { findFolders } from "../../settings/folders.ts";
import { settingRow } from "../../settings/table.ts";
import type { Context } from "../context.ts";
import type { Engine } from "./engine.ts";
import type { CommandInput } from "../handler.ts";

/** Throws `interrupted` when the signal is aborted. */
export async function examineConnections(
  engine: Engine,
  input: CommandInput,
  context: Context,
  signal: AbortSignal,
): Promise<DoctorReport> {
  const rehearse = input.invocation.switches.has("rehearse");
  const { model } = input.settings.values;
  return await examine({
    options: engine.options,
    others: rehearse ? authMethods : await withCredential(input, context),
    ...(model === null ? {} : { model }),
    files: rehearse ? null : filesToCheck(input, context),
    signal,
  });
}

/** CLIProxyAPI needs no credential of ours; the others are looked at when one is there. */
async function withCredential({ settings }: CommandInput, { environment }: Context): Promise<readonly AuthMethod[]> {
  const { apiKey, vertexKey, accessToken, credentialsFile } = settings.values;
  const found = new Set<AuthMethod>(["proxy", ...seenCredentials(environment, existsSync).map(({ auth }) => auth)]);
  if (apiKey) found.add("api-key");
  if (vertexKey) found.add("vertex-key");
  if (accessToken) found.add("oauth");
  if (credentialsFile !== null) found.add("adc");
  if (credentialsFile !== null && (await isServiceAccountKey(credentialsFile))) found.add("service-account");
  return authMethods.filter((auth) => found.has(auth));
}

/** A file that cannot be read is told of with `adc`, which takes every type. */
async function isServiceAccountKey(path: string): Promise<boolean> {
  try {
    return (await readCredentialsFile(path)).type === "service_account";
  } catch {
    return false;
  }
}

function filesToCheck({ settings }: CommandInput, { environment, workingDirectory }: Context): FilesToCheck {
  const { configFile, stateDirectory } = findFolders(environment, workingDirectory);
  const { gcloudFolder = defaultGcloudFolder() } = environmentPlaces(environment);
  return {
    configFile,
    configHoldsSecret: [...readConfigFile(configFile).entries.keys()].some((name) => {
      const { secret, mayHoldPassword } = settingRow(name);
      return secret || mayHoldPassword;
    }),
    stateDirectory,
    keyFiles: [settings.values.credentialsFile, gcloudFolder && applicationDefaultFile(gcloudFolder)].filter(
      (path) => path !== null,
    ),
  };
}
