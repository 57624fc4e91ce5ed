// The endpoint that calls would go to, for commands that open no library.

import type { EndpointName } from "../../core/route.ts";
import { chooseWay } from "../../generate/connect.ts";
import type { Context } from "../context.ts";
import type { CommandInput } from "../handler.ts";

/** The library's own rule for the endpoint of a way to sign in. */
export function endpointOf({ settings }: CommandInput, { workingDirectory }: Context): EndpointName {
  const { auth, endpoint } = settings.values;
  const options = { auth: auth ?? "proxy", workingDirectory, stateDirectory: workingDirectory };
  return chooseWay(endpoint === null ? options : { ...options, endpoint }, null).endpoint.name;
}
