// The headers of a token: the token itself and, where one is set, the project that quota is charged to.

/** `x-goog-user-project` is refused by Google when the account lacks serviceusage.services.use there; so only when set. */
export function bearerHeaders(token: string, quotaProject: string | null): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    ...(quotaProject === null || quotaProject === "" ? {} : { "x-goog-user-project": quotaProject }),
  };
}
