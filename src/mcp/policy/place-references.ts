// Where an agent's reference pictures may come from: paths, which the library holds to the allowed folders, and addresses on
// the hosts that the person has listed. Anything else that has a scheme is refused here: a bucket is read with the person's
// rights, and an address can carry a secret out in its path.

import { resolve } from "node:path";
import type { Problem } from "../../core/tool-error.ts";
import type { ReferencePolicy } from "../../references/policy.ts";

const LONGEST_GIVEN = 300;
/** Two letters and more: one is a drive of Windows. */
const SCHEME = /^\s*([a-z][a-z0-9+.-]+):/i;

export function referencePolicy(folders: readonly string[], hosts: readonly string[] | null): ReferencePolicy {
  return hosts === null ? { files: folders, urls: "none" } : { files: folders, urls: "https", hosts };
}

/** Relative paths begin in the first folder, as outputs do. */
export function placeReferences(
  given: readonly string[],
  folders: readonly string[],
): { readonly references: readonly string[]; readonly problems: readonly Problem[] } {
  const problems = given.flatMap((reference, index): Problem[] => {
    const scheme = SCHEME.exec(reference)?.[1]?.toLowerCase();
    if (scheme === undefined || scheme === "https") return [];
    return [
      {
        code: "reference-forbidden",
        field: `references.${index}`,
        message: `Agents give references as paths or https addresses, not as ${scheme}:.`,
        given: reference.slice(0, LONGEST_GIVEN),
        allowed: folders,
      },
    ];
  });
  const [first = ""] = folders;
  return { references: given.map((one) => (SCHEME.test(one) ? one : resolve(first, one))), problems };
}
