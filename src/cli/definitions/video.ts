// Definitions of video-gen: a clip, and going on with clips that were begun. Typed as `video-gen …`, or `image-gen video …`.

import { settingNames, type SettingName, settingRow } from "../../settings/table.ts";
import { type CommandDefinition, jsonSwitch } from "../command-line/command-definition.ts";
import { foregroundSwitch, rehearseSwitch } from "./generate.ts";

/** Of a request; the others are about pictures. */
const REQUEST: ReadonlySet<SettingName> = new Set<SettingName>([
  "model",
  "aspectRatio",
  "output",
  "seed",
  "personGeneration",
  "allowRetired",
  "maxCostUsd",
  "budget",
  "project",
  "idempotencyKey",
]);

const connection = settingNames.filter((name) => ["connection", "network"].includes(settingRow(name).group));
/** What was begun goes on as it was begun: only the credential is asked for again. */
const resumeSettings = connection.filter((name) => !["endpoint", "location", "downloadTimeoutMs"].includes(name));
const videoSettings: readonly SettingName[] = [...settingNames.filter((name) => REQUEST.has(name)), ...connection];

export const videoDefinitions: readonly CommandDefinition[] = [
  {
    name: "video",
    summary: "make a clip from a prompt, or go on with one (video-gen)",
    usage: "<prompt> [options]",
    operands: { least: 0, most: Number.POSITIVE_INFINITY },
    settings: videoSettings,
    settingHelp: {
      aspectRatio: "16:9 or 9:16 (as the first frame or the clip has it)",
      output: "a file name that ends in .mp4, or a folder (generated_videos)",
      maxCostUsd: "refuse if the clip would cost more than this",
      auth: "adc (default), vertex-key, oauth, service-account, api-key",
      endpoint: "aiplatform, generativelanguage (follows from --auth)",
      timeoutMs: "seconds to wait for the clip (default 1800); what is begun goes on: video-gen resume",
    },
    subject: "Clip",
    switches: [
      { flags: "-i, --image <path|url>", help: "the first frame", group: "picture" },
      { flags: "--last-frame <path|url>", help: "the last frame; with --image or --extend-video", group: "picture" },
      {
        flags: "-r, --reference <path|url...>",
        help: "pictures of what is to appear, 3 with Veo, 6 with Omni; takes all words that follow",
        group: "picture",
      },
      {
        flags: "--extend-video <file|uri>",
        help: "go on with this clip: an MP4, or gs://bucket/object on Vertex AI",
        group: "picture",
      },
      { flags: "--duration <s>", help: "seconds of a new clip: Veo 4, 6, 8; Omni 3 to 15 (8)", group: "picture" },
      { flags: "--resolution <360p|720p|1080p|4k>", help: "as the model makes it (720p)", group: "picture" },
      {
        flags: "--audio",
        help: "with sound (the model's choice)",
        group: "picture",
      },
      { flags: "--no-audio", help: "without sound", group: "picture" },
      { flags: "--negative-prompt <text>", help: "what is not to appear", group: "picture" },
      {
        flags: "--storage-uri <gs://bucket/folder>",
        help: "let the provider leave the clip there",
        group: "picture",
      },
      rehearseSwitch,
      { flags: "--dry-run", help: "print the plan and the request that would be sent; send nothing" },
      { flags: "--estimate-cost", help: "print the price; send nothing" },
      { flags: "--new", help: "buy although the same request runs already or was never delivered" },
      foregroundSwitch,
      jsonSwitch,
      { flags: "-q, --quiet", help: "only the path of the clip" },
      { flags: "--no-progress", help: "no progress display" },
    ],
    examples: [
      { command: 'video-gen "a tide comes in" --auth vertex-key --duration 4', note: "a clip, on Vertex AI" },
      { command: 'video-gen "the fox wakes" -i fox.png -o fox.mp4', note: "from a picture" },
      {
        command: 'video-gen "Fade transition to credits" --extend-video main.mp4 --last-frame closing.png',
        note: "seven seconds more, ending with a picture",
      },
      { command: 'video-gen "a tide comes in" --estimate-cost', note: "the price before; sends nothing" },
      { command: 'video-gen "a tide comes in" --rehearse', note: "free and offline, on the built-in emulator" },
    ],
    notes:
      "Without --auth: application default credentials, on Vertex AI, with Veo; --auth api-key: the Gemini API, with Omni. The path of the clip goes to stdout, all else to stderr; exit codes are those of image-gen. A clip takes from 11 seconds to 6 minutes; whoever stops waiting loses nothing: video-gen resume.",
  },
  {
    name: "video resume",
    summary: "ask for clips that were begun and not finished; buys nothing",
    usage: "[operation] [options]",
    operands: { least: 0, most: 1 },
    settings: resumeSettings,
    settingHelp: { auth: "as it was begun; only the credential is asked for again" },
    switches: [
      jsonSwitch,
      { flags: "-q, --quiet", help: "only the paths of the clips" },
      { flags: "--no-progress", help: "no progress display" },
    ],
    examples: [{ command: "video-gen resume", note: "all of them" }],
  },
];
