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

/** What is wrong with a key that no row has. */
export function unknownKey(key: string, field = key): Problem {
  const [suggestion] = nearest(key, [...fileKeys.keys()], 1);
  return {
    code: "config-invalid",
    field,
    message: `There is no setting ${JSON.stringify(key)}.`,
    given: key,
    allowed: [...fileKeys.keys()],
    ...(suggestion ? { suggestion } : {}),
  };
}
