// `doctor`: which connection can make a picture, in groups with what to do, or as one JSON document.

import { existsSync } from "node:fs";
import type { ExitCode } from "../../core/error-table.ts";
import { type AuthMethod, authMethods } from "../../core/route.ts";
import { isToolError, ToolError } from "../../core/tool-error.ts";
import { examine, type FilesToCheck } from "../../doctor/index.ts";
import { environmentPlaces } from "../../google/auth/environment-places.ts";
import { applicationDefaultFile, defaultGcloudFolder } from "../../google/auth/gcloud-folder.ts";
import { readCredentialsFile } from "../../google/auth/read-credentials-file.ts";
import { seenCredentials } from "../../google/auth/seen-credentials.ts";
import { readConfigFile } from "../../settings/config-file.ts";
import { findFolders } from "../../settings/folders.ts";
import { settingRow } from "../../settings/table.ts";
import type { Context } from "../context.ts";
import { relevantWarnings } from "../credential-flags.ts";
import { openEngine } from "../engine.ts";
import { type CommandInput, requireNoProblems, writeJson } from "../handler.ts";
import { writeDoctorReport } from "../report-doctor.ts";

export async function run(input: CommandInput, context: Context): Promise<ExitCode> {
  requireNoProblems(input);
  const { settings, invocation } = input;
  const rehearse = invocation.switches.has("rehearse");
  if (!rehearse) for (const text of relevantWarnings(settings)) context.stderr.write(`Warning: ${text}\n`);
  const engine = await openEngine(input, context);
  const { interruption } = context;
  const { model } = settings.values;
  try {
    const report = await examine({
      options: engine.options,
      others: rehearse ? authMethods : await withCredential(input, context),
      ...(model === null ? {} : { model }),
      files: rehearse ? null : filesToCheck(input, context),
      signal: interruption,
    });
    if (invocation.switches.has("json")) writeJson(context, report);
    else writeDoctorReport(report, context);
    return report.exitCode;
  } catch (error) {
    throw interruption.reason === "SIGTERM" && isToolError(error) && error.code === "interrupted"
      ? new ToolError("terminated", error.details)
      : error;
  } finally {
    await engine.close();
  }
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
