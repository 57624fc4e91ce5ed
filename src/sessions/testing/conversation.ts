// For tests: a folder of sessions, and turns with a picture each.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { type AppendedTurn, appendTurn } from "../append-turn.ts";
import { readSession, type Session } from "../session.ts";
import { storePicture } from "../store-picture.ts";
import type { Turn } from "../turn.ts";

export interface Conversation {
  /** The folder of sessions. */
  readonly sessions: string;
  /** Adds a turn to the session as it is now, or as it was read. */
  say(name: string, prompt: string, more?: Partial<Turn> & { readonly asRead?: Session }): AppendedTurn;
}

/** A new folder for each test. */
export function useConversation(): Conversation {
  let home = "";
  let count = 0;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "image-gen-sessions-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  return {
    get sessions() {
      return join(home, "state", "sessions");
    },
    say(name, prompt, { asRead, ...more } = {}) {
      count += 1;
      const session = asRead ?? readSession(this.sessions, name);
      const operation = `01JD${String(count).padStart(22, "0")}`;
      const picture = storePicture(session.folder, Buffer.from(`picture of ${prompt}`), "image/png", operation);
      return appendTurn(this.sessions, session, {
        operation,
        createdAt: "2026-11-24T10:00:00.000Z",
        model: "a-model",
        endpoint: "generativelanguage",
        rehearsal: false,
        prompt,
        user: [{ fields: { text: prompt }, picture: null }],
        reply: [
          { fields: { text: "Here" }, picture: null },
          { fields: { thoughtSignature: `Eo8B/+${prompt}==` }, picture },
        ],
        path: null,
        costMicroUsd: 134_000,
        ...more,
      });
    },
  };
}
