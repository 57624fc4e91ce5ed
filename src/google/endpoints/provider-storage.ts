// Where Google leaves files for anybody who has their address: such a link is followed, but never with a credential.

const HOSTS: readonly RegExp[] = [
  /^storage\.googleapis\.com$/,
  /^[a-z0-9._-]+\.storage\.googleapis\.com$/,
  /^[a-z0-9-]+\.googleusercontent\.com$/,
];

export function isProviderStorage({ protocol, hostname, port, username }: URL): boolean {
  return protocol === "https:" && port === "" && username === "" && HOSTS.some((host) => host.test(hostname));
}
