// Some token servers give a new refresh token with each access token and retire the old one (workforce federation).
// The new one is remembered for as long as the process lives; the file is never written.

import type { SmallAnswer } from "../../core/http-call.ts";
import { asText, parseObject } from "../../core/json-field.ts";
import type { CredentialsFile } from "./credentials-file.ts";

export interface Rotation {
  applyTo(file: CredentialsFile): CredentialsFile;
  learnFrom(answer: SmallAnswer): void;
}

export function createRotation(): Rotation {
  let newest: string | null = null;
  return {
    applyTo(file) {
      if (newest === null || file.type !== "external_account_authorized_user") return file;
      return { ...file, content: { ...file.content, refresh_token: newest } };
    },
    learnFrom({ body }) {
      newest = asText(parseObject(body)?.["refresh_token"]) ?? newest;
    },
  };
}
