// Every way to fail, one row each: exit status, may it have been billed, may it be tried again, why, and what to do (design §5, §7).
// A row holds what is always true; a ToolError adds what was seen this time.

import { agentErrors } from "./agent-errors.ts";
import { clipErrors } from "./clip-errors.ts";
import { connectionErrors } from "./connection-errors.ts";
import type { ErrorRow } from "./error-row.ts";
import { ledgerErrors } from "./ledger-errors.ts";
import { referenceErrors } from "./reference-errors.ts";
import { pictureErrors } from "./picture-errors.ts";
import { sessionErrors } from "./session-errors.ts";
import { styleErrors } from "./style-errors.ts";

export type { Billed, ErrorRow, ExitCode } from "./error-row.ts";

const usage = { exit: 2, billed: "no", retryable: false } as const;
const budget = { exit: 4, billed: "no", retryable: false } as const;
const refused = { exit: 5, billed: "no", retryable: false } as const;
const passing = { exit: 6, billed: "no", retryable: true } as const;
const unknown = { exit: 7, billed: "maybe", retryable: false } as const;
const safe = { exit: 8, billed: "yes", retryable: false } as const;

export const errorTable = {
  // 2: the request or the command line; nothing was sent
  "invalid-request": {
    ...usage,
    cause: "The request has more than one mistake.",
    nextStep: "Correct each of the points listed; nothing was sent and nothing was paid.",
  },
  usage: {
    ...usage,
    cause: "The command line could not be understood.",
    nextStep: "See `image-gen help` for the commands and options.",
  },
  "prompt-empty": {
    ...usage,
    cause: "There is no text to draw from.",
    nextStep: 'Give a prompt: image-gen "a red fox in snow"; - as the prompt reads it from standard input.',
  },
  "value-not-allowed": {
    ...usage,
    cause: "A setting has a value that is not allowed.",
    nextStep: "Use one of the allowed values.",
  },
  "ratio-not-offered": {
    ...usage,
    cause: "The model does not draw this aspect ratio.",
    nextStep: "Take one of the ratios listed, or another model: image-gen models.",
  },
  "size-not-offered": {
    ...usage,
    cause: "The model does not draw this size.",
    nextStep: "Take one of the sizes listed, or another model: image-gen models.",
  },
  "option-not-offered": {
    ...usage,
    cause: "The model or the endpoint does not take this option.",
    nextStep: "Leave the option out, or choose a model or endpoint that takes it: image-gen models.",
  },
  "model-unknown": {
    ...usage,
    cause: "No model of this name is in the catalogue.",
    nextStep: "Choose one from `image-gen models`, or add it to your own models file.",
  },
  "model-retired": {
    ...usage,
    cause: "The provider has shut this model down.",
    nextStep: "Use the replacement that is named; --allow-retired sends to it all the same.",
  },
  "model-not-on-route": {
    ...usage,
    cause: "This endpoint or location does not serve the model.",
    nextStep: "Choose another model, endpoint or location: image-gen models.",
  },
  "model-not-runnable": {
    ...usage,
    cause: "The catalogue knows the model, but this version cannot run it.",
    nextStep: "Choose a model that `image-gen models` marks as runnable.",
  },
  "input-too-large": {
    ...usage,
    cause: "The request is larger than the model or the endpoint takes.",
    nextStep: "Send less: a shorter prompt, or fewer and smaller references.",
  },
  "target-exists": {
    ...usage,
    cause: "Something with this name is already there, and nothing is ever overwritten.",
    nextStep: "Choose another name with -o, or move the old file away.",
  },
  "target-not-writable": {
    ...usage,
    cause: "The picture could not be written there.",
    nextStep: "Choose another place with -o, or change the folder's permissions.",
  },
  "disk-full": {
    ...usage,
    cause: "The disk has too little room for the picture.",
    nextStep: "Free some space or choose another place with -o.",
  },

  // 3: credentials or configuration
  ...connectionErrors,

  // 4: refused by a budget; nothing was sent
  "over-max-cost": {
    ...budget,
    cause: "One picture would cost more than --max-cost allows.",
    nextStep: "Raise --max-cost, or take a cheaper model or size: image-gen cost recommend.",
  },
  "price-unknown": {
    ...budget,
    cause: "The model's price is not known, so a cost cap cannot be kept.",
    nextStep: "Add the price to your own models file, or run without --max-cost.",
  },

  // 2: reference pictures and documents
  ...referenceErrors,

  // 2 and 4: the ledger and its budgets
  ...ledgerErrors,
  ...agentErrors,

  // 2 and 8: pictures that are there already, and what was asked of new ones
  ...pictureErrors,

  // 2 and 7: clips
  ...clipErrors,

  // 2 and 3: styles and conversations
  ...styleErrors,
  ...sessionErrors,

  // 5: refused by the provider for good
  "refused-safety": {
    ...refused,
    cause: "The provider's safety rules stopped the picture.",
    nextStep: "Change the prompt; the same one will be refused again.",
  },
  "prompt-blocked": {
    ...refused,
    cause: "The provider refused the prompt itself.",
    nextStep: "Change the prompt; the same one will be refused again.",
  },
  "no-image": {
    ...refused,
    billed: "maybe",
    cause: "The model answered without a picture.",
    nextStep: "Ask for a picture more plainly; the model's words are shown.",
  },
  "bad-request": {
    ...refused,
    cause: "The provider did not accept the request.",
    nextStep: "Read the provider's message; if it names a field you did not set, please report it.",
  },
  "model-not-found": {
    ...refused,
    cause: "The provider does not know this model on this route.",
    nextStep: "See what is served: image-gen models, or image-gen doctor.",
  },
  "quota-zero": {
    ...refused,
    cause: "The quota for this model is zero: none of the image models has a free tier.",
    nextStep: "Switch on billing for the project at https://aistudio.google.com, or use another connection.",
  },
  "quota-exhausted": {
    ...refused,
    cause: "The quota for this day or this account is used up.",
    nextStep: "Wait until it is renewed (daily quotas at midnight Pacific time), or raise it in the console.",
  },
  "prepay-empty": {
    ...refused,
    cause: "The prepaid credit of the account is used up.",
    nextStep: "Add credit in AI Studio; trying again does not help.",
  },
  "terms-violation": {
    ...refused,
    cause: "Google has disabled this service for the account for a violation of its terms.",
    nextStep: "Do not retry with this login. Use your own API key: --auth api-key.",
  },

  // 6: a passing fault, nothing billed
  "rate-limited": {
    ...passing,
    cause: "Too many requests in a short time.",
    nextStep: "Wait the time that is given and run the same command again.",
  },
  overloaded: {
    ...passing,
    cause: "The model is overloaded at the moment.",
    nextStep: "Try again in a few minutes, or take another model.",
  },
  "server-error": {
    ...passing,
    cause: "The provider had an internal error.",
    nextStep: "Try again; if it stays, simplify the prompt or take another model.",
  },
  "server-timeout": {
    ...passing,
    cause: "The provider gave up before the picture was finished and said so.",
    nextStep: "Try again; a smaller size is quicker.",
  },
  "connect-failed": {
    ...passing,
    cause: "No connection could be made, so nothing was sent.",
    nextStep: "Check the network and the address, then run the same command again.",
  },
  "connect-timeout": {
    ...passing,
    cause: "The connection was not made in time, so nothing was sent.",
    nextStep: "Check the network, then run the same command again.",
  },
  "upload-interrupted": {
    ...passing,
    cause: "The connection broke before the whole request was handed over.",
    nextStep: "Run the same command again.",
  },
  "proxy-cooling-down": {
    ...passing,
    cause: "CLIProxyAPI rests its login after a fault or a quota and says no to everything until then.",
    nextStep: "Wait the time that is given; restarting CLIProxyAPI clears a rest that outlived its reason.",
  },
  "proxy-upstream-failed": {
    ...passing,
    cause: "CLIProxyAPI could not reach Google.",
    nextStep: "Look at CLIProxyAPI's log; it rests for a minute after such a fault.",
  },

  // 7: outcome unknown
  timeout: {
    ...unknown,
    cause:
      "The whole request was sent and no complete answer came in time; the provider may have drawn and billed the picture.",
    nextStep:
      "Do not simply repeat: look at the provider's usage page, then settle it with `image-gen spend resolve`; a higher --timeout waits longer.",
  },
  "connection-lost": {
    ...unknown,
    cause: "The connection broke after the whole request was sent; the provider may have drawn and billed the picture.",
    nextStep: "Do not simply repeat: look at the provider's usage page, then settle it with `image-gen spend resolve`.",
  },
  "foreign-answer": {
    ...unknown,
    cause:
      "Something that is not the provider answered, for example a company proxy or a login page; the request may have gone through all the same.",
    nextStep: "Open the address in a browser, check HTTPS_PROXY and base URLs; do not simply repeat.",
  },
  "answer-incomplete": {
    ...unknown,
    cause: "The answer ended before the picture was complete.",
    nextStep: "Do not simply repeat: the picture is probably billed. Settle it with `image-gen spend resolve`.",
  },
  "answer-too-large": {
    ...unknown,
    cause: "The answer was larger than any picture can be and was cut off.",
    nextStep: "Check that the base URL leads to Google; do not simply repeat.",
  },

  // 8: paid for and safe, but not where it was wanted
  "answer-damaged": {
    ...safe,
    cause: "The picture came in damaged; what came is kept.",
    nextStep: "Look at the file that is named; a repeat buys a new picture.",
  },
  "not-published": {
    ...safe,
    cause: "The picture is complete but could not be put where it was wanted.",
    nextStep: "Take it from the path that is named.",
  },

  // 10, 130, 143
  internal: {
    exit: 10,
    billed: "maybe",
    retryable: false,
    cause: "A fault of our own.",
    nextStep: "Please report it with the command and this message.",
  },
  interrupted: {
    exit: 130,
    billed: "maybe",
    retryable: false,
    cause: "The command was interrupted.",
    nextStep: "If a request was on its way, look at the provider's usage page before repeating it.",
  },
  terminated: {
    exit: 143,
    billed: "maybe",
    retryable: false,
    cause: "The command was told to stop.",
    nextStep: "If a request was on its way, look at the provider's usage page before repeating it.",
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;
