// Engine: the library opened with the settings of this command line, and for a rehearsal the emulator it talks to.
// The only place where settings become library options.

import { ulid } from "ulid";
import type { EndpointName } from "../../core/route.ts";
import { type Problem, ToolError } from "../../core/tool-error.ts";
import { environmentPlaces } from "../../google/auth/environment-places.ts";
import type { Credentials, ImageGenOptions } from "../../generate/options.ts";
import { readJsonFile } from "../../settings/config-file.ts";
import { findFolders } from "../../settings/folders.ts";
import type { ResolvedSettings, SettingValues } from "../../settings/resolve.ts";
import { checkCredentialFlags } from "../command-line/credential-flags.ts";
import type { Context } from "../context.ts";
import { createDetachedImageGen } from "../../sender/detached-image-gen.ts";
import { startRehearsal } from "../../sender/start-rehearsal.ts";
import type { Drawing, DrawingLibrary } from "./drawing-library.ts";
import type { CommandInput } from "../handler.ts";
import { openBudgets } from "./own-budgets.ts";
import { problemsFailure } from "../reports/problems-failure.ts";
import { metadataOptions } from "../request/metadata-options.ts";

export interface Engine {
  readonly imageGen: DrawingLibrary;
  /** Contents of the user's own models file; `undefined` when there is none. */
  readonly models: unknown;
  /** What the library was opened with, for commands that look at the connection itself. */
  readonly options: ImageGenOptions;
  close(): Promise<void>;
}

/** Only what was given: the library has defaults of its own. */
function definedOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is left is what the type says
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], null | undefined>;
  };
}

/** `--api-key` on the command line is the key of the chosen way; elsewhere each key has its own name. */
function credentialsOf({ values, origins }: ResolvedSettings): Credentials {
  const { auth, apiKey, accessToken, credentialsFile, quotaProject } = values;
  const others = { accessToken, credentialsFile, quotaProject };
  if (origins.apiKey.kind === "flag" && auth === "proxy") return definedOnly({ ...others, proxyKey: apiKey });
  if (origins.apiKey.kind === "flag" && auth === "vertex-key") return definedOnly({ ...others, vertexKey: apiKey });
  return definedOnly({ ...others, apiKey, vertexKey: values.vertexKey, proxyKey: values.proxyKey });
}

function connectionOf(settings: ResolvedSettings, environment: Context["environment"]): Partial<ImageGenOptions> {
  const { values } = settings;
  const baseUrls: Partial<Record<EndpointName, string>> = definedOnly({
    cliproxyapi: values.cliproxyapiUrl,
    generativelanguage: values.geminiUrl,
    aiplatform: values.vertexUrl,
    "cloudcode-pa": values.codeAssistUrl,
  });
  const proxies = definedOnly({ https: values.httpsProxy, http: values.httpProxy, noProxy: values.noProxy });
  return { credentials: { ...environmentPlaces(environment), ...credentialsOf(settings) }, baseUrls, proxies };
}

/** Opens the library; a rehearsal starts its emulator, and no key, base URL or HTTP proxy of the user's is passed on. */
export async function openEngine(input: CommandInput, context: Context): Promise<Engine> {
  const rehearse = input.invocation.switches.has("rehearse");
  const base = baseOptions(input, context);
  const emulator = rehearse ? await startRehearsal() : null;
  const options: ImageGenOptions = { ...base, ...(emulator ? { rehearsal: emulator } : {}) };
  const create = context.createImageGen ?? (await import("../../generate/index.ts")).createImageGen;
  return {
    imageGen: await create(options),
    options,
    models: base.models,
    close: async () => {
      await emulator?.close();
    },
  };
}

/** The library at work in a process of its own; `null` where there is none to start. A rehearsal's emulator runs there too. */
export function openDetached(
  input: CommandInput,
  context: Context,
  { run = ulid(context.clock.now()), ...more }: Pick<ImageGenOptions, "run" | "references"> = {},
): (Pick<Engine, "models"> & { readonly imageGen: Drawing }) | null {
  const { startSender, clock } = context;
  if (!startSender || input.invocation.switches.has("foreground")) return null;
  const rehearse = input.invocation.switches.has("rehearse");
  const options = { ...baseOptions(input, context), ...more, run };
  return { imageGen: createDetachedImageGen({ options, rehearse, clock, start: startSender }), models: options.models };
}

/** What the library is opened with, but for a rehearsal's emulator. */
export function baseOptions(input: CommandInput, context: Context): ImageGenOptions {
  const { invocation, settings } = input;
  const { values } = settings;
  const rehearse = invocation.switches.has("rehearse");
  const [problem, ...problems]: readonly Problem[] = checkCredentialFlags(settings);
  if (problem && !rehearse) throw problemsFailure([problem, ...problems]);
  const folders = findFolders(context.environment, context.workingDirectory);
  const models = readJsonFile(folders.modelsFile);
  return {
    auth: authOf(values),
    ...definedOnly({
      endpoint: values.endpoint,
      projectId: values.projectId,
      location: values.location,
      timeoutMs: values.timeoutMs,
      project: values.project,
      downloadTimeoutMs: values.downloadTimeoutMs,
      inlineRequestLimitBytes:
        values.inlineLimitMegabytes === null ? null : Math.round(values.inlineLimitMegabytes * 1_000_000),
    }),
    ...(rehearse ? {} : connectionOf(settings, context.environment)),
    // Whoever types the command may read and send what they can read.
    ownsProcess: true,
    references: { files: "anything", urls: values.allowHttp === true ? "http" : "https" },
    workingDirectory: context.workingDirectory,
    stateDirectory: folders.stateDirectory,
    caps: openBudgets(context).caps,
    stylesDirectory: folders.stylesDirectory,
    ...(models === undefined ? {} : { models }),
    command: { version: context.version, options: metadataOptions(input) },
  };
}

function authOf({ auth }: SettingValues): ImageGenOptions["auth"] {
  if (auth === null) throw new ToolError("internal", { message: "The setting auth has a default and no value." });
  return auth;
}
