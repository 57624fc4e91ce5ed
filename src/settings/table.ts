// The settings table: every setting once, as data. Command line options, environment, settings file, completion and
// --show-defaults are read from it. Names of environment variables: design §3.

import { keyColours, pictureFormats } from "../core/finishing.ts";
import { personGenerations, thinkingLevels, tiers } from "../core/request.ts";
import {
  absoluteFolders,
  budgetAmount,
  choice,
  decimal,
  dollars,
  exactText,
  hostNames,
  onOff,
  type Parser,
  text,
  wholeNumber,
} from "./parsers.ts";
import { connectionSettings } from "./connection-settings.ts";
import { imagenSettings } from "./imagen-settings.ts";
import { ANY_NUMBER, type Setting, setting, THE_MODELS_OWN } from "./setting.ts";

const settingsTable = {
  model: setting({
    flags: "-m, --model <id>",
    environment: ["IMAGE_GEN_MODEL"],
    fileKey: "model",
    parse: text,
    defaultText: "the catalogue's default",
    group: "picture",
    help: "id or alias of a model, see `image-gen models`",
  }),
  aspectRatio: setting({
    flags: "--ar, --aspect-ratio <w:h>",
    fileKey: "aspectRatio",
    parse: text,
    defaultText: THE_MODELS_OWN,
    group: "picture",
    help: "aspect ratio, as the model allows",
  }),
  size: setting({
    flags: "-s, --size <size>",
    fileKey: "size",
    parse: text,
    defaultText: "1K",
    choices: ["512", "1K", "2K", "4K"],
    group: "picture",
    help: "512, 1K, 2K, 4K, or exact pixels such as 1024x1024 (default 1K)",
  }),
  count: setting({
    flags: "-n, --count <n>",
    fileType: "number",
    parse: wholeNumber(ANY_NUMBER),
    defaultText: "1",
    group: "picture",
    help: "pictures wanted, one paid call each (default 1)",
  }),
  output: setting({
    flags: "-o, --output <file|dir>",
    fileKey: "output",
    parse: text,
    defaultText: "the folder generated_images",
    group: "picture",
    help: "a file name decides the format (.png .jpg .webp), a folder takes the bytes as received",
  }),
  resize: setting({
    flags: "--no-resize",
    fileKey: "resize",
    fileType: "boolean",
    parse: onOff,
    default: true,
    group: "picture",
    help: "send reference pictures in full size instead of what the models use (3072 pixels)",
  }),
  session: setting({
    flags: "--session <name>",
    parse: text,
    defaultText: "none",
    group: "picture",
    help: "begin or go on with a conversation about a picture, see `image-gen session list`",
  }),
  style: setting({
    flags: "--style <name|file>",
    parse: text,
    defaultText: "none",
    group: "picture",
    help: "a style by name or a file of yours, see `image-gen styles list`",
  }),
  format: setting({
    flags: "--format <format>",
    parse: choice(pictureFormats),
    defaultText: "as received, or as the file name says",
    choices: pictureFormats,
    group: "picture",
    help: "png, jpeg or webp where no file name decides",
  }),
  quality: setting({
    flags: "--quality <n>",
    fileType: "number",
    parse: wholeNumber(ANY_NUMBER),
    defaultText: "as little loss as can be",
    group: "picture",
    help: "1 to 100, for jpeg and webp: a smaller file, compressed anew",
  }),
  embedMetadata: setting({
    flags: "--embed-metadata",
    fileKey: "embedMetadata",
    fileType: "boolean",
    parse: onOff,
    defaultText: "off",
    group: "picture",
    help: "also put prompt, model and cost inside the picture; a picture with a C2PA mark is left whole",
  }),
  transparent: setting({
    flags: "--transparent",
    fileType: "boolean",
    parse: onOff,
    defaultText: "off",
    group: "picture",
    help: "draw on a flat key colour and take it out on this machine: png or webp, same price",
  }),
  keyColour: setting({
    flags: "--key-color <colour>",
    parse: choice(keyColours),
    defaultText: "green",
    choices: keyColours,
    group: "picture",
    help: "key colour for --transparent, one that the subject does not have: green, magenta, blue (default green)",
  }),
  strict: setting({
    flags: "--strict",
    fileKey: "strict",
    fileType: "boolean",
    parse: onOff,
    defaultText: "off",
    group: "picture",
    help: "another ratio or size than asked for is a failure (exit 8; the picture is kept)",
  }),
  tier: setting({
    flags: "--tier <tier>",
    fileKey: "tier",
    parse: choice(tiers),
    defaultText: "standard",
    choices: tiers,
    group: "picture",
    help: "standard, flex (half the price, may wait) or priority",
  }),
  seed: setting({
    flags: "--seed <n>",
    fileType: "number",
    parse: wholeNumber(ANY_NUMBER),
    defaultText: "chosen by the model",
    group: "picture",
    help: "start of the model's random numbers",
  }),
  temperature: setting({
    flags: "--temperature <t>",
    fileType: "number",
    parse: decimal(ANY_NUMBER),
    defaultText: THE_MODELS_OWN,
    group: "picture",
    help: "0 to 2",
  }),
  thinking: setting({
    flags: "--thinking <level>",
    fileKey: "thinking",
    parse: choice(thinkingLevels),
    defaultText: THE_MODELS_OWN,
    choices: thinkingLevels,
    group: "picture",
    help: "how long the model may think: minimal, low, medium, high",
  }),
  search: setting({
    flags: "--search",
    fileType: "boolean",
    parse: onOff,
    defaultText: "off",
    group: "picture",
    help: "let the model look things up with Google Search (billed per query)",
  }),
  system: setting({
    flags: "--system <text>",
    parse: exactText,
    group: "picture",
    help: "system instruction",
  }),
  personGeneration: setting({
    flags: "--person-generation <who>",
    fileKey: "personGeneration",
    parse: choice(personGenerations),
    defaultText: THE_MODELS_OWN,
    choices: personGenerations,
    group: "picture",
    help: "whether people may be drawn (Vertex AI only): allow-all, allow-adult, allow-none",
  }),
  maxCostUsd: setting({
    flags: "--max-cost <usd>",
    fileKey: "maxCost",
    fileType: "number",
    parse: dollars,
    defaultText: "no limit",
    group: "picture",
    help: "refuse if one picture would cost more than this",
  }),
  budget: setting({
    flags: "--budget <usd>",
    fileType: "number",
    parse: budgetAmount,
    defaultText: "no limit of its own",
    group: "picture",
    help: "refuse what would bring this run above this; can only lower the budgets of `image-gen spend budget`",
  }),
  project: setting({
    flags: "--project <name>",
    environment: ["IMAGE_GEN_PROJECT"],
    fileKey: "project",
    parse: text,
    defaultText: "the Google Cloud project",
    group: "picture",
    help: "label for budgets and totals",
  }),
  idempotencyKey: setting({
    flags: "--idempotency-key <key>",
    parse: exactText,
    group: "picture",
    help: "the same key never buys twice: a repeat gets the first result",
  }),

  ...imagenSettings,
  allowRetired: setting({
    flags: "--allow-retired",
    fileType: "boolean",
    parse: onOff,
    defaultText: "off",
    group: "retired",
    help: "send to a model that was shut down",
  }),

  ...connectionSettings,

  preview: setting({
    flags: "--no-preview",
    fileKey: "preview",
    fileType: "boolean",
    parse: onOff,
    default: true,
    group: "display",
    help: "do not show the picture in terminals that can (kitty, iTerm2)",
  }),
  rehearse: setting({
    environment: ["IMAGE_GEN_REHEARSE"],
    fileType: "boolean",
    parse: onOff,
    defaultText: "off",
    group: "display",
    help: "1: everything is a rehearsal on the built-in emulator, as with --rehearse",
  }),

  mcpFolders: setting({
    environment: ["IMAGE_GEN_MCP_FOLDERS"],
    fileKey: "mcpFolders",
    parse: absoluteFolders,
    defaultText: "the host's project folders, else the working directory",
    group: "agents",
    help: "folders that agents may write to over MCP; absolute, several with the system's path separator between them",
  }),
  mcpUrlHosts: setting({
    environment: ["IMAGE_GEN_MCP_URL_HOSTS"],
    fileKey: "mcpUrlHosts",
    parse: hostNames,
    defaultText: "none",
    group: "agents",
    help: "hosts that agents may have reference pictures downloaded from over MCP, with commas between them",
  }),
  mcpConfirmAboveUsd: setting({
    environment: ["IMAGE_GEN_MCP_CONFIRM_ABOVE"],
    fileKey: "mcpConfirmAboveUsd",
    fileType: "number",
    parse: dollars,
    defaultText: "never asks",
    group: "agents",
    help: "over MCP, ask the person before a call whose price is above this many US dollars",
  }),
} as const satisfies Record<string, Setting<unknown> | Setting<never>>;

export type SettingName = keyof typeof settingsTable;

type ParsedBy<P> = P extends Parser<infer T> ? T : never;

/** The value that a row's parser gives, before secrets are wrapped. */
export type RawSettingValue<Name extends SettingName> = ParsedBy<(typeof settingsTable)[Name]["parse"]>;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table above has these keys and no others
export const settingNames = Object.keys(settingsTable) as SettingName[];

/** The row as the code that treats all rows alike sees it. */
export function settingRow(name: SettingName): Setting<unknown> {
  return settingsTable[name];
}

/** The long option of a row as people type it: `--model`, `--ar`; `null` when it has none. */
export function flagOf(name: SettingName): string | null {
  return /--[\w-]+/.exec(settingRow(name).flags ?? "")?.[0] ?? null;
}
