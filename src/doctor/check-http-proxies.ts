// Which HTTP proxies are set on this machine: names their hosts, never their user names and passwords.

import { type Check, ok, warning } from "./report.ts";

export interface HttpProxies {
  readonly https?: string;
  readonly http?: string;
  readonly noProxy?: string;
}

export function checkHttpProxies({ https, http, noProxy }: HttpProxies): Check[] {
  const except = noProxy?.trim() ? `, except ${noProxy.trim()}` : "";
  const check = (kind: string, address: string | undefined): Check[] => {
    const text = address?.trim() ?? "";
    if (text === "") return [];
    const withScheme = text.includes("://") ? text : `http://${text}`;
    const host = URL.canParse(withScheme) ? new URL(withScheme).host : "";
    const name = `HTTP proxy for ${kind}`;
    return [
      host === ""
        ? warning(name, "Its address cannot be read.", "Correct it, or unset it.")
        : ok(name, `Calls go through ${host}${except}.`),
    ];
  };
  return [...check("https", https), ...check("http", http)];
}
