// The exact pixel size of a picture for a model, a ratio and a size.
// Source: Google's image-generation page as copied 2026-02-28 (facts on Google's APIs, section 2.2).

/** Width and height in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** The 1K column of the Gemini 3 models. The other columns are exact multiples of it; only the page's 512 of 21:9 (792×168) is not, and is taken for a slip. */
const oneK: Readonly<Record<string, readonly [number, number]>> = {
  "1:1": [1024, 1024],
  "2:3": [848, 1264],
  "3:2": [1264, 848],
  "3:4": [896, 1200],
  "4:3": [1200, 896],
  "4:5": [928, 1152],
  "5:4": [1152, 928],
  "9:16": [768, 1376],
  "16:9": [1376, 768],
  "21:9": [1584, 672],
  "1:4": [512, 2048],
  "4:1": [2048, 512],
  "1:8": [384, 3072],
  "8:1": [3072, 384],
};

/** gemini-2.5-flash-image's own table. */
const flash25: Readonly<Record<string, readonly [number, number]>> = {
  "1:1": [1024, 1024],
  "2:3": [832, 1248],
  "3:2": [1248, 832],
  "3:4": [864, 1184],
  "4:3": [1184, 864],
  "4:5": [896, 1152],
  "5:4": [1152, 896],
  "9:16": [768, 1344],
  "16:9": [1344, 768],
  "21:9": [1536, 672],
};

/** Imagen's, at 1K; 2K is exactly twice as much. Source: facts on Google's APIs, section 2.2, historic. */
const imagen: Readonly<Record<string, readonly [number, number]>> = {
  "1:1": [1024, 1024],
  "3:4": [896, 1280],
  "4:3": [1280, 896],
  "9:16": [768, 1408],
  "16:9": [1408, 768],
};

const factors: Readonly<Record<string, number>> = { "512": 0.5, "1K": 1, "2K": 2, "4K": 4 };

/** Pixels of a picture; undefined for a ratio or size that no table has. */
export function pixelsOf(modelId: string, ratio: string, size: string): PixelSize | undefined {
  if (modelId === "gemini-2.5-flash-image") return scaled(flash25[ratio], 1);
  const factor = factors[size];
  if (modelId.startsWith("imagen-")) return factor === undefined ? undefined : scaled(imagen[ratio], factor);
  return factor === undefined ? undefined : scaled(oneK[ratio], factor);
}

/** The offered ratio nearest to a picture's own shape, which Google takes when no ratio is asked for. */
export function nearestRatio(picture: PixelSize, ratios: readonly string[]): string {
  const wanted = Math.log(picture.width / picture.height);
  const distance = (ratio: string): number => {
    const [width = 1, height = 1] = ratio.split(":").map(Number);
    return Math.abs(Math.log(width / height) - wanted);
  };
  return ratios.reduce((best, ratio) => (distance(ratio) < distance(best) ? ratio : best), "1:1");
}

function scaled(pair: readonly [number, number] | undefined, factor: number): PixelSize | undefined {
  return pair === undefined ? undefined : { width: pair[0] * factor, height: pair[1] * factor };
}
