// What the emulator knows of each Imagen model: its task, sizes, price of one picture. Its own table, from the facts on Google's
// APIs sections 2, 3.4 and 7 (2026-11-22), and not the product's catalogue: both must not be wrong together.

/** One Imagen model on Vertex AI. */
export interface ImagenModel {
  readonly id: string;
  readonly task: "generate" | "edit" | "upscale";
  /** Values of `sampleImageSize`; empty: the field is refused. */
  readonly sizes: readonly string[];
  readonly takesNegativePrompt: boolean;
  readonly microUsdPerPicture: number;
}

function drawing(id: string, microUsdPerPicture: number, more: Partial<ImagenModel> = {}): ImagenModel {
  return { id, task: "generate", sizes: [], takesNegativePrompt: false, microUsdPerPicture, ...more };
}

const models: readonly ImagenModel[] = [
  drawing("imagen-3.0-generate-001", 40_000, { takesNegativePrompt: true }),
  drawing("imagen-3.0-fast-generate-001", 20_000, { takesNegativePrompt: true }),
  drawing("imagen-3.0-generate-002", 40_000),
  drawing("imagen-4.0-generate-001", 40_000, { sizes: ["1K", "2K"] }),
  drawing("imagen-4.0-ultra-generate-001", 60_000, { sizes: ["1K", "2K"] }),
  drawing("imagen-4.0-fast-generate-001", 20_000),
  drawing("imagen-3.0-capability-001", 40_000, { task: "edit", takesNegativePrompt: true }),
  drawing("imagen-4.0-upscale-preview", 60_000, { task: "upscale" }),
];

/** The model of that id; undefined when it is no Imagen. */
export function findImagen(id: string): ImagenModel | undefined {
  return models.find((model) => model.id === id);
}
