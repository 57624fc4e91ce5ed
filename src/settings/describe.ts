// Describing settings for people: value and origin of each, secrets and passwords never shown.

import { delimiter } from "node:path";
import { formatUsd } from "../core/money.ts";
import { isSecret, type Secret } from "../core/secret.ts";
import { originText, type ResolvedSettings } from "./resolve.ts";
import { type SettingName, settingNames, settingRow } from "./table.ts";

export interface SettingDescription {
  /** Key in the settings file, where it has one. */
  readonly name: string;
  /** Printable; `[set]` for a secret, the row's `defaultText` when nothing is set. */
  readonly value: string;
  /** `--model`, `IMAGE_GEN_MODEL`, `/…/config.json:3` or `default`. */
  readonly origin: string;
}

/** `http://name:password@host` without the part before the `@`. */
function withoutPassword(address: string): string {
  const url = new URL(address);
  if (url.username === "" && url.password === "") return address;
  url.username = "";
  url.password = "";
  return url.href.replace("://", "://[set]@");
}

type Showable = string | number | boolean | readonly string[] | readonly number[] | Secret | null;

/** One value as it may be shown. */
export function showValue(name: SettingName, value: Showable): string {
  const row = settingRow(name);
  if (value === null) return row.defaultText;
  if (isSecret(value) || row.secret) return "[set]";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (name === "timeoutMs" || name === "downloadTimeoutMs") return `${Number(value) / 1000} s`;
  if (name === "maxCostUsd" || name === "mcpConfirmAboveUsd") return `$${Number(value)}`;
  if (name === "budget") return formatUsd(Number(value));
  if (typeof value === "object") return value.join(delimiter);
  return row.mayHoldPassword ? withoutPassword(String(value)) : String(value);
}

/** All settings in the order of the table. */
export function describeSettings({ values, origins }: ResolvedSettings): SettingDescription[] {
  return settingNames.map((name) => ({
    name: settingRow(name).fileKey ?? name,
    value: showValue(name, values[name]),
    origin: originText(origins[name]),
  }));
}
