// Loopback: whether a host name surely means this machine. A key may go there without TLS.

/**
 * True for `localhost`, names below it, 127.0.0.0/8 and ::1, as `URL.hostname` writes them.
 * `0.0.0.0` is not among them: it is an address to listen on.
 */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, "");
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  return host === "[::1]" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
