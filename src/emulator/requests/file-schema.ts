// Every field of the message that announces an upload. Leaves the meaning of the values to services/files-api.ts.
// Source: facts on Google's APIs, section 6; @google/genai 2.32.0, which sends the fields of a file that it was given.

import type { MessageDescription } from "./proto-schema.ts";

const protoRoot = "google.ai.generativelanguage.v1beta";

export const uploadRequest: MessageDescription = {
  messageName: `${protoRoot}.CreateFileRequest`,
  fields: {
    file: {
      kind: {
        messageName: `${protoRoot}.File`,
        fields: {
          name: { kind: "string" },
          display_name: { kind: "string" },
          mime_type: { kind: "string" },
          size_bytes: { kind: "int64" },
          create_time: { kind: "string" },
          update_time: { kind: "string" },
          expiration_time: { kind: "string" },
          sha256_hash: { kind: "bytes" },
          uri: { kind: "string" },
          download_uri: { kind: "string" },
          state: { kind: "any" },
          source: { kind: "any" },
          video_metadata: { kind: "any" },
          error: { kind: "any" },
        },
      },
    },
  },
};
