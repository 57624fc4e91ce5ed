// The catalogue: all models that are known, found by id or alias. The rows stand in the files of their families,
// the user's own additions come through overlay.ts.

import { nearest } from "../../core/nearest.ts";
import {
  gemini3ProImage,
  gemini20FlashImage,
  gemini25FlashImage,
  gemini31FlashImage,
  gemini31FlashLiteImage,
  nanoBanana21,
} from "./gemini-image.ts";
import { imagenModels } from "./imagen.ts";
import type { Model } from "./model.ts";
import { applyOverlay } from "./overlay.ts";
import { videoModels } from "./video.ts";

const builtIn: readonly Model[] = [
  gemini3ProImage,
  nanoBanana21,
  gemini31FlashImage,
  gemini31FlashLiteImage,
  gemini25FlashImage,
  gemini20FlashImage,
  ...imagenModels,
  ...videoModels,
];

export interface FoundModel {
  readonly model: Model;
  /** The alias that was used; `null` when it was the id. */
  readonly alias: string | null;
  /** What to tell who used the alias. */
  readonly note: string | null;
}

export interface Catalogue {
  readonly models: readonly Model[];
  /** Taken when the caller names none. */
  readonly default: Model;
  /** By id or alias, in any case, with or without a leading `models/`. */
  find(name: string): FoundModel | undefined;
  /** Names closest to a mistyped one. */
  nearestTo(name: string): string[];
}

/**
 * The catalogue with the user's own models file laid over it.
 *
 * @param overlay contents of the user's models file.
 * @throws ToolError `config-invalid` with all mistakes of the file at once.
 */
export function createCatalogue(overlay?: unknown): Catalogue {
  const models = applyOverlay(builtIn, overlay);
  const byName = new Map<string, FoundModel>();
  for (const model of models) {
    for (const { name, note } of model.aliases) byName.set(name, { model, alias: name, note: note ?? null });
  }
  for (const model of models) byName.set(model.id.toLowerCase(), { model, alias: null, note: null });
  return {
    models,
    default: byName.get(gemini3ProImage.id)?.model ?? gemini3ProImage,
    find: (name) =>
      byName.get(
        name
          .trim()
          .toLowerCase()
          .replace(/^models\//, ""),
      ),
    nearestTo: (name) => nearest(name, [...byName.keys()]),
  };
}
