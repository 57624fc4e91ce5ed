// Fault instructions from outside (POST /emulator/faults, the x-emulator-fault header, words in a prompt) → typed values,
// or a list of what is wrong with them. Leaves keeping them to fault-plan.ts.

import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { type FaultAction, type FaultFieldKind, faultTable } from "./fault-actions.ts";
import type { PlannedFault } from "./fault-plan.ts";
import { namedErrors } from "./named-errors.ts";

/** Instructions as read, or every mistake in them. */
export type FaultReading = { readonly faults: readonly PlannedFault[]; readonly problems: readonly string[] };

const matchFields = ["service", "rpc", "model", "path"];

/** Reads one instruction or a list of them. */
export function readPlannedFaults(document: Json): FaultReading {
  const list = Array.isArray(document) ? document : [document];
  const problems: string[] = [];
  const faults = list.map((item, index) => readInstruction(item, `[${index}]`, problems));
  return { faults: faults.filter((fault): fault is PlannedFault => fault !== null), problems };
}

/** Reads one action or a list of actions. */
export function readActions(document: Json): { actions: readonly FaultAction[]; problems: readonly string[] } {
  const problems: string[] = [];
  const actions = readActionList(document, "action", problems);
  return { actions, problems };
}

function readInstruction(item: Json, path: string, problems: string[]): PlannedFault | null {
  if (!isJsonObject(item)) {
    problems.push(`${path}: must be an object with an action`);
    return null;
  }
  for (const name of Object.keys(item)) {
    if (!["match", "times", "skip", "action"].includes(name)) problems.push(`${path}: unknown field "${name}"`);
  }
  for (const name of ["times", "skip"]) {
    const value = item[name];
    if (value !== undefined && (typeof value !== "number" || !Number.isInteger(value) || value < 0)) {
      problems.push(`${path}.${name}: must be a whole number`);
    }
  }
  const match = item["match"];
  if (match !== undefined) checkMatch(match, `${path}.match`, problems);
  const action = readActionList(item["action"] ?? null, `${path}.action`, problems);
  return {
    action,
    ...(isJsonObject(match) ? { match } : {}),
    ...(typeof item["times"] === "number" ? { times: item["times"] } : {}),
    ...(typeof item["skip"] === "number" ? { skip: item["skip"] } : {}),
  };
}

function checkMatch(match: Json, path: string, problems: string[]): void {
  if (!isJsonObject(match)) {
    problems.push(`${path}: must be an object`);
    return;
  }
  for (const [name, value] of Object.entries(match)) {
    if (!matchFields.includes(name)) problems.push(`${path}: unknown field "${name}"`);
    else if (typeof value !== "string") problems.push(`${path}.${name}: must be a text`);
  }
}

function readActionList(document: Json, path: string, problems: string[]): FaultAction[] {
  const list = Array.isArray(document) ? document : [document];
  if (list.length === 0) problems.push(`${path}: is empty`);
  return list.filter((item): item is Json & FaultAction => {
    if (isJsonObject(item)) return isAction(item, path, problems);
    problems.push(`${path}: must be an object with a type`);
    return false;
  });
}

function isFaultType(type: string): type is FaultAction["type"] {
  return Object.hasOwn(faultTable, type);
}

/** Checks every field against the table, which mirrors the type. */
function isAction(item: object, path: string, problems: string[]): item is FaultAction {
  const fieldsGiven: JsonObject = { ...item };
  const type = fieldsGiven["type"];
  if (typeof type !== "string" || !isFaultType(type)) {
    problems.push(`${path}.type: must be one of ${Object.keys(faultTable).join(", ")}`);
    return false;
  }
  const fields = faultTable[type].fields;
  const before = problems.length;
  for (const [name, value] of Object.entries(fieldsGiven)) {
    if (name === "type") continue;
    const kind = fields[name] ?? fields[`${name}!`];
    if (kind === undefined) problems.push(`${path}: a fault of type ${type} has no field "${name}"`);
    else if (!isOfKind(value, kind)) problems.push(`${path}.${name}: must be ${nameOfKind(kind)}`);
  }
  for (const name of Object.keys(fields)) {
    if (name.endsWith("!") && !Object.hasOwn(fieldsGiven, name.slice(0, -1)))
      problems.push(`${path}: a fault of type ${type} needs "${name.slice(0, -1)}"`);
  }
  if (type === "error" && typeof fieldsGiven["name"] === "string" && !Object.hasOwn(namedErrors, fieldsGiven["name"])) {
    problems.push(`${path}.name: must be one of ${Object.keys(namedErrors).join(", ")}`);
  }
  const usage = fieldsGiven["usage"];
  if (type === "usage" && usage !== undefined && usage !== "missing" && !isJsonObject(usage)) {
    problems.push(`${path}.usage: must be "missing" or an object`);
  }
  return problems.length === before;
}

function isOfKind(value: Json, kind: FaultFieldKind): boolean {
  if (kind === "json") return true;
  if (kind === "number") return typeof value === "number" && Number.isFinite(value);
  if (kind === "text") return typeof value === "string";
  return typeof value === "string" && kind.includes(value);
}

function nameOfKind(kind: FaultFieldKind): string {
  if (kind === "number") return "a number";
  if (kind === "text") return "a text";
  return kind === "json" ? "JSON" : `one of ${kind.join(", ")}`;
}
