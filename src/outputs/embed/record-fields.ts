// From the record beside a picture to what is embedded in it. The record is JSON of our own shape, but read as text from
// outside: the same function serves a record that comes from a file.

import { asObject, asText } from "../../core/json-field.ts";
import type { EmbeddedFields } from "./xmp-packet.ts";

/** `program` is the name and version of the one that embeds, `receivedSha256` the hash of the bytes as they came. */
export function fieldsOfRecord(record: unknown, program: string, receivedSha256: string | null = null): EmbeddedFields {
  const outcome = asObject(record);
  const cost = asObject(outcome?.["cost"]);
  const microUsd = cost?.["actualMicroUsd"] ?? cost?.["listPriceMicroUsd"];
  return {
    prompt: asText(asObject(outcome?.["request"])?.["prompt"]),
    model: asText(asObject(outcome?.["route"])?.["model"]),
    operation: asText(outcome?.["operation"]),
    costUsd: typeof microUsd === "number" && Number.isSafeInteger(microUsd) ? String(microUsd / 1_000_000) : null,
    createdAt: asText(outcome?.["createdAt"]),
    rehearsal: outcome?.["rehearsal"] === true,
    receivedSha256,
    program,
    record: recordText(record),
  };
}

/** JSON whose every character XML can hold: what JSON leaves as it is and XML forbids is written as an escape. */
function recordText(record: unknown): string {
  return JSON.stringify(record).replaceAll(/[\u007f-\u009f\ufffe\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
