// The user's own models file: a model added (`like` a known one, with differences), a price changed. All mistakes at once.
//   {"models": [{"id": "my-model", "like": "gemini-3-pro-image", "perImageUsd": {"1K": 0.1}, "asOf": "2026-11-01"}]}

import { nearest } from "../../core/nearest.ts";
import { type Problem, ToolError } from "../../core/tool-error.ts";
import { type Model, type Size, sizes } from "./model.ts";
import { type Fields, isFields, wrong } from "./overlay-fields.ts";
import { readPriceList } from "./overlay-prices.ts";

const KNOWN_FIELDS = [
  "id",
  "like",
  "label",
  "aliases",
  "sizes",
  "ratios",
  "perImageUsd",
  "perMillionTokensUsd",
  "asOf",
];
const RATIO = /^[1-9]\d{0,2}:[1-9]\d{0,2}$/;

/** The built-in rows with the file's changes. An entry whose `id` is known changes that row; any other adds one. */
export function applyOverlay(builtIn: readonly Model[], overlay: unknown): readonly Model[] {
  if (overlay === undefined || overlay === null) return builtIn;
  const problems: Problem[] = [];
  const models = [...builtIn];
  const entries = isFields(overlay) ? overlay["models"] : undefined;
  if (!isFields(overlay) || !Array.isArray(entries)) {
    problems.push(wrong("models", 'The models file must be {"models": [ … ]}.'));
  } else {
    for (const [position, entry] of entries.entries()) {
      const model = readEntry(entry, `models[${position}]`, models, problems);
      if (!model) continue;
      const known = models.findIndex(({ id }) => id === model.id);
      if (known === -1) models.push(model);
      else models[known] = model;
    }
  }
  const [first, ...rest] = problems;
  if (first) {
    throw new ToolError("config-invalid", {
      message: `The models file has ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}: ${first.message}`,
      problems: [first, ...rest],
    });
  }
  return models;
}

function readEntry(entry: unknown, path: string, models: readonly Model[], problems: Problem[]): Model | null {
  if (!isFields(entry)) {
    problems.push(wrong(path, `${path} must be an object.`));
    return null;
  }
  const found = problems.length;
  for (const field of Object.keys(entry)) {
    if (!KNOWN_FIELDS.includes(field)) problems.push(unknownField(path, field));
  }
  const id = entry["id"];
  if (typeof id !== "string" || !/^[A-Za-z0-9][\w.:-]*$/.test(id)) {
    problems.push(wrong(`${path}.id`, `${path}.id must be the model's id.`));
    return null;
  }
  const likeId = entry["like"] === undefined ? id : describeValue(entry["like"]);
  const like = models.find((model) => model.id === likeId);
  if (!like) {
    const suggestion = nearest(
      likeId,
      models.map((model) => model.id),
      1,
    )[0];
    problems.push({
      ...wrong(`${path}.like`, `${path}.like must name a known model; ${likeId} is none.`),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
    return null;
  }
  const model = mergeEntry(id, like, entry, path, problems);
  checkAliases(model, models, path, problems);
  return problems.length === found ? model : null;
}

function mergeEntry(id: string, like: Model, entry: Fields, path: string, problems: Problem[]): Model {
  return {
    ...like,
    id,
    label: readText(entry["label"], `${path}.label`, problems) ?? (id === like.id ? like.label : id),
    aliases:
      readNames(entry["aliases"], `${path}.aliases`, problems)?.map((name) => ({ name: name.toLowerCase() })) ??
      (id === like.id ? like.aliases : []),
    // A new model's life is the user's own business.
    lifeCycle: id === like.id ? like.lifeCycle : {},
    sizes: readSizes(entry["sizes"], `${path}.sizes`, problems) ?? like.sizes,
    ratios: readRatios(entry["ratios"], `${path}.ratios`, problems) ?? like.ratios,
    prices: readPriceList(like, entry, path, problems),
  };
}

/** A name stands for one model: what is an id or alias of another row cannot be an alias too. */
function checkAliases({ id, aliases }: Model, models: readonly Model[], path: string, problems: Problem[]): void {
  const others = models.filter((model) => model.id !== id);
  for (const { name } of aliases) {
    const taken = others.find((model) => model.id.toLowerCase() === name || model.aliases.some((a) => a.name === name));
    if (!taken) continue;
    problems.push(wrong(`${path}.aliases`, `${path}.aliases: ${name} is already a name of ${taken.id}.`));
  }
}

function readText(value: unknown, path: string, problems: Problem[]): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  problems.push(wrong(path, `${path} must be text.`));
  return undefined;
}

function readNames(value: unknown, path: string, problems: Problem[]): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((name): name is string => typeof name === "string")) return value;
  problems.push(wrong(path, `${path} must be a list of texts.`));
  return undefined;
}

function readSizes(value: unknown, path: string, problems: Problem[]): readonly Size[] | undefined {
  const names = readNames(value, path, problems);
  if (names === undefined) return undefined;
  const known = names.filter((name): name is Size => (sizes as readonly string[]).includes(name));
  if (known.length === names.length) return known;
  problems.push({ ...wrong(path, `${path} has a size that is not known.`), allowed: sizes });
  return undefined;
}

function readRatios(value: unknown, path: string, problems: Problem[]): readonly string[] | undefined {
  const names = readNames(value, path, problems);
  const odd = names?.find((name) => !RATIO.test(name));
  if (odd === undefined) return names;
  problems.push(wrong(path, `${path} has ${JSON.stringify(odd)}, which is no ratio such as 16:9.`));
  return undefined;
}

function unknownField(path: string, field: string): Problem {
  const suggestion = nearest(field, KNOWN_FIELDS, 1)[0];
  return {
    ...wrong(`${path}.${field}`, `${path}.${field} is not known.`),
    allowed: KNOWN_FIELDS,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** A value as it can stand in a message. */
function describeValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
