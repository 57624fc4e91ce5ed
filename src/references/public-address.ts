// Whether an address belongs to the public internet. Everything else is somebody's inside: loopback, private networks,
// links, clouds' metadata. Parsing is ipaddr.js', because own parsers have missed spellings (reliability facts §3.1).

import ipaddr from "ipaddr.js";

/** Azure's wire server: it counts as public and answers every machine of a cloud from inside. Reliability facts §3.1. */
const NEVER = new Set(["168.63.129.16"]);

/** All that is handed out for the public internet (RFC 4291, IANA 2026), and what lies in it and is not public. */
const PUBLIC_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");
const NOT_PUBLIC_IPV6 = [
  // IETF protocols, Teredo among them: it carries an IPv4 address inside.
  "2001::/23",
  "2001:db8::/32",
  // 6to4: the same.
  "2002::/16",
  "3fff::/20",
].map((network) => ipaddr.IPv6.parseCIDR(network));

/** True only for an address that anybody may reach. What cannot be read is not one. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // `process` takes an IPv4 address out of the IPv6 form that stands for it.
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6) {
    return parsed.match(PUBLIC_IPV6) && !NOT_PUBLIC_IPV6.some((network) => parsed.match(network));
  }
  return parsed.range() === "unicast" && !NEVER.has(parsed.toString());
}
