// Which credentials can be seen from here, and the options that use each: for the error of a missing connection and for
// doctor. Tells names of variables and files, never values, and tries nothing out.

import type { AuthMethod } from "../../core/route.ts";
import { type Environment, environmentPlaces } from "./environment-places.ts";
import { applicationDefaultFile, defaultGcloudFolder } from "./gcloud-folder.ts";

export interface SeenCredential {
  readonly auth: AuthMethod;
  /** The variable, or the variable and the path it names. */
  readonly source: string;
  /** What a command line needs to use it. */
  readonly options: string;
}

/** In the order of help texts; at most one per source. */
export function seenCredentials(environment: Environment, fileExists: (path: string) => boolean): SeenCredential[] {
  const seen: SeenCredential[] = [];
  const has = (name: string): boolean => (environment[name]?.trim() ?? "") !== "";
  const add = (auth: AuthMethod, source: string, more = ""): void => {
    seen.push({ auth, source, options: `--auth ${auth}${more}` });
  };
  const project = has("GOOGLE_CLOUD_PROJECT") ? "" : " --project-id <project>";

  if (has("CLIPROXYAPI_KEY")) add("proxy", "CLIPROXYAPI_KEY");
  // GOOGLE_API_KEY wins when both are set: design §3.
  if (has("GOOGLE_API_KEY")) add("api-key", "GOOGLE_API_KEY");
  else if (has("GEMINI_API_KEY")) add("api-key", "GEMINI_API_KEY");
  if (has("VERTEX_API_KEY")) add("vertex-key", "VERTEX_API_KEY");
  if (has("GOOGLE_OAUTH_ACCESS_TOKEN")) add("oauth", "GOOGLE_OAUTH_ACCESS_TOKEN", project);

  const places = environmentPlaces(environment);
  const named = environment["GOOGLE_APPLICATION_CREDENTIALS"]?.trim() ?? "";
  const gcloudFile = applicationDefaultFile(places.gcloudFolder ?? defaultGcloudFolder());
  // Google's order: a named file that is missing is an error, so the others would not be looked at.
  if (named !== "") {
    if (fileExists(named)) add("adc", `GOOGLE_APPLICATION_CREDENTIALS (${named})`);
  } else if (fileExists(gcloudFile)) add("adc", gcloudFile);
  else if (places.metadataHost) add("adc", "GCE_METADATA_HOST");
  return seen;
}
