// Keys of the settings file. Apart from the reader, because help and completion need the names and no file.

import { nearest } from "../core/nearest.ts";
import type { Problem } from "../core/tool-error.ts";
import { type SettingName, settingNames, settingRow } from "./table.ts";

/** Keys that the file may have, with the setting each one gives. */
export const fileKeys: ReadonlyMap<string, SettingName> = new Map(
  settingNames.flatMap((name) => {
    const key = settingRow(name).fileKey;
    return key === null ? [] : [[key, name] as const];
  }),
);

/** The list of budgets, which is read by budgets.ts and changed by budget-file.ts. */
export const BUDGETS_KEY = "budgets";

/** Keys that hold no setting but a list of objects, each with a reader of its own. */
export const listKeys: readonly string[] = [BUDGETS_KEY];

/** What is wrong with a key that no row has. */
export function unknownKey(key: string, field = key): Problem {
  const known = [...fileKeys.keys(), ...listKeys];
  const [suggestion] = nearest(key, known, 1);
  return {
    code: "config-invalid",
    field,
    message: `There is no setting ${JSON.stringify(key)}.`,
    given: key,
    allowed: known,
    ...(suggestion ? { suggestion } : {}),
  };
}
